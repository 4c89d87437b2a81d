//! Settings: every flag has an environment variable, and a wrong one stops the start with one
//! line that says which and why.

mod accounts;
mod delivery;
mod descriptors;
#[cfg(test)]
mod documented;
mod duration;
mod engines;
#[cfg(test)]
mod fuzz;
mod limits;
mod listen;
mod mail;
mod operator;
mod payment_limits;
mod payments;
mod peers;
mod process;
mod rate;
mod reads;
mod service;
mod services;
mod unshown;
mod web;

pub use accounts::AccountSettings;
pub use delivery::DeliverySettings;
pub use duration::{duration, duration_or_zero};
pub use engines::EngineSettings;
pub use limits::{Allowed, LimitFlags, Limited};
pub use listen::listen_address;
pub use mail::MailSettings;
pub use operator::OperatorSettings;
pub use payment_limits::PaymentLimitFlags;
pub use payments::PaymentSettings;
pub use peers::PeerSettings;
pub use process::{LogFormat, ProcessSettings};
pub use reads::ReadFlags;
pub use service::ServiceSettings;
pub(crate) use services::web_address;
pub use services::{OrderSettings, SessionSettings, Switch, TicketSettings};
pub use web::WebSettings;

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command, Parser};

/// Reads the settings of this process, or ends it: with the help text if that was requested, else
/// with one line about what is wrong.
pub fn parse<S: Parser>() -> S {
    let matches = without_empty_variables(S::command()).try_get_matches();
    matches.and_then(|matches| S::from_arg_matches(&matches)).unwrap_or_else(|error| {
        if !error.use_stderr() {
            error.exit();
        }
        eprintln!("{}", in_one_line(&error));
        std::process::exit(2);
    })
}

/// What is wrong, and what was probably meant.
fn in_one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    let line = lines.join(" ");
    match suggestion(error) {
        Some(meant) => format!("{line}; did you mean {meant}?"),
        None => line,
    }
}

/// The argument, subcommand or value that is most like the one that is not known.
fn suggestion(error: &clap::Error) -> Option<String> {
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    suggested.into_iter().find_map(|kind| match error.get(kind)? {
        ContextValue::String(meant) => Some(meant.clone()),
        // The best comes last.
        ContextValue::Strings(meant) => meant.last().cloned(),
        _ => None,
    })
}

/// A variable that is set to nothing counts as not set: manifests and shells often leave one behind.
fn without_empty_variables(command: Command) -> Command {
    let ignore_empty = |arg: Arg| {
        let is_empty = arg.get_env().is_some_and(|name| std::env::var_os(name).is_some_and(|value| value.is_empty()));
        if is_empty { arg.env(None::<&str>) } else { arg }
    };
    command.mut_args(ignore_empty).mut_subcommands(without_empty_variables)
}
