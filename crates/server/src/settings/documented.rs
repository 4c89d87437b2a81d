//! `docs/LIMITS.md` against the limits that can be set.

use std::collections::BTreeMap;

use clap::{Args, Command, Parser};

use super::{
    AccountSettings, LimitFlags, MailSettings, OrderSettings, PaymentSettings, ProcessSettings, ReadFlags,
    TicketSettings,
};

const LIMITS: &str = include_str!("../../../../docs/LIMITS.md");

/// Settings beside those of limits.
const OTHERS: [&str; 19] = [
    "--smtp-url",
    "--mail-from",
    "--mail-language",
    "--mail-templates",
    "--reservation",
    "--price-cap",
    "--auth-key-secret",
    "--auth-key-secret-before",
    "--stripe-secret-key",
    "--stripe-webhook-secret",
    "--stripe-publishable-key",
    "--stripe-api-base",
    "--simulate-payments",
    "--log",
    "--log-format",
    "--otlp-endpoint",
    "--startup-timeout",
    "--operator-listen",
    // This turns the others off.
    "--limits",
];

/// Each limit's flag, and what it is if nobody says anything; nothing where that depends on the machine.
fn limits() -> BTreeMap<String, Option<String>> {
    let command = LimitFlags::augment_args(Command::new("ticketing"));
    let command = OrderSettings::augment_args(TicketSettings::augment_args(command));
    let command = PaymentSettings::augment_args(AccountSettings::augment_args(command));
    let command = ProcessSettings::augment_args(ReadFlags::augment_args(MailSettings::augment_args(command)));
    let limit = |argument: &clap::Arg| {
        let default = argument.get_default_values().first().map(|default| default.to_string_lossy().into_owned());
        Some((format!("--{}", argument.get_long()?), default))
    };
    command.get_arguments().filter_map(limit).filter(|(flag, _)| !OTHERS.contains(&flag.as_str())).collect()
}

/// The rows of the table of limits, each with its columns.
fn rows() -> Vec<Vec<&'static str>> {
    let table = LIMITS.lines().skip_while(|line| !line.starts_with("| Limit | Default |"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The words of a text, in which a rate and a flag are one.
fn words(text: &str) -> Vec<&str> {
    text.split(|character: char| !character.is_ascii_alphanumeric() && !"/-".contains(character)).collect()
}

#[test]
fn every_limit_is_in_the_table_with_its_default() {
    let rows = rows();
    for (flag, default) in limits() {
        let row = rows.iter().find(|row| words(row[2]).contains(&flag.as_str()));
        let row = row.unwrap_or_else(|| panic!("docs/LIMITS.md says nothing of {flag}"));
        if let Some(default) = default {
            assert!(words(row[1]).contains(&default.as_str()), "{flag} is {default}, not {}", row[1]);
        }
    }
}

#[test]
fn the_table_says_of_every_limit_what_it_protects_and_what_the_answer_is() {
    let (limits, rows) = (limits(), rows());
    assert!(rows.len() > 20, "{rows:?}");
    for row in rows {
        assert_eq!(row.len(), 5, "{row:?}");
        assert!([0, 1, 3, 4].iter().all(|column| !row[*column].is_empty()), "{row:?}");
        for flag in words(row[2]).into_iter().filter(|word| word.starts_with("--")) {
            assert!(limits.contains_key(flag), "there is no {flag}");
        }
    }
}

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    limits: LimitFlags,
    #[command(flatten)]
    orders: OrderSettings,
    #[command(flatten)]
    tickets: TicketSettings,
    #[command(flatten)]
    payments: PaymentSettings,
}

#[test]
fn without_flags_the_limits_are_the_services_own() {
    let program = Program::parse_from(["ticketing"]);
    let (orders, own) = (program.orders.orders(&program.limits), orders::Settings::default());
    assert_eq!((orders.reservations, orders.cool_down), (own.reservations, own.cool_down));
    assert_eq!((orders.user_rate, orders.address_rate), (own.user_rate, own.address_rate));
    let (tickets, own) = (program.tickets.tickets(&program.limits), tickets::Settings::default());
    assert_eq!((tickets.open_listings, tickets.keep_superseded), (own.open_listings, own.keep_superseded));
    assert_eq!((tickets.searches_per_address, tickets.price_cap), (own.searches_per_address, own.price_cap));
    assert_eq!(tickets.added_events, own.added_events);
    assert_eq!(program.payments.limits.rates(), payments::AttemptRates::default());
}
