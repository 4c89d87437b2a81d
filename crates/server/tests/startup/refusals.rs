use std::net::TcpListener;
use std::time::Duration;

use server::services::ServiceName;
use testkit::process::{Finished, Program, Server};

use crate::data_directory::set_mode;
use crate::programs::{auth, in_directory, in_memory, ticketing};

/// The program exits with an error and one line that contains all of `expected`. Before that it may have
/// logged warnings. Returns what it did.
pub(crate) async fn assert_refuses(program: Program, expected: &[&str]) -> Finished {
    let finished = program.run().await;
    assert!(finished.code.is_some_and(|code| code != 0), "{finished:?}");
    let (warnings, errors): (Vec<_>, Vec<_>) = finished.stderr.lines().partition(|line| line.contains(" WARN "));
    let [error] = errors[..] else { panic!("not one line, but {errors:#?}, after {warnings:#?}") };
    assert!(error.starts_with("error: "), "{error}");
    for part in expected {
        assert!(error.contains(part), "{part:?} is missing in: {error}");
    }
    assert_eq!(finished.stdout, "");
    finished
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_setting_stops_the_start_with_one_line_that_names_it() {
    for (flag, nonsense) in [
        ("--reservation", "soon"),
        ("--reservation", "0s"),
        ("--public-url", "tickets.example.com"),
        ("--payment-attempts", "0"),
        ("--payment-attempts", "many"),
        ("--limits", "sometimes"),
        ("--limit-user", "60"),
        ("--limit-address", "0/30s"),
        ("--reservations-per-buyer", "17"),
        ("--reservation-cool-down", "0s"),
        ("--limit-reservations-user", "30"),
        ("--limit-reservations-address", "0/1h"),
        ("--open-listings", "0"),
        ("--limit-events-user", "50"),
        ("--searches-per-address", "0"),
        ("--price-cap", "-1"),
        ("--price-cap", "abc"),
        ("--price-cap", "1e9"),
        ("--price-cap", "1000000000"),
        ("--searches-at-once", "0"),
        ("--searches-waiting", "0"),
        ("--search-budget", "1m"),
        ("--read-budget", "0s"),
        ("--keep-superseded", "59m"),
        ("--limit-payments-order", "ten"),
        ("--limit-payments-user", "1/0s"),
        ("--limit-payments-address", "-1/1h"),
        ("--limit-declines", "10"),
        ("--provider-calls-per-second", "1"),
        ("--trusted-proxies", "-1"),
        ("--startup-timeout", "never"),
        ("--max-connections", "0"),
        ("--listen", "here"),
        ("--operator-listen", "there"),
        ("--namespace", "Not A Word"),
        ("--log-format", "xml"),
        ("--log", "orders=loud"),
        ("--log", "((("),
        ("--trusted-proxies", "17"),
        ("--reservation", "1ns"),
        ("--public-url", "https://tickets.example.com/path"),
        ("--public-url", "https://tickets.example.com?query"),
        ("--public-url", "https://me:secret@tickets.example.com"),
        ("--public-url", "https://tickets.example.com:99999"),
        ("--stripe-api-base", "stripe"),
        ("--stripe-secret-key", "pk_live_1"),
        ("--smtp-url", "mail.example.com"),
        ("--smtp-url", "smtp://mail.example.com?tls=perhaps"),
        ("--mail-from", "tickets"),
        ("--mail-language", "tlh"),
        ("--smtp-timeout", "3m"),
    ] {
        assert_refuses(in_memory().arg(format!("{flag}={nonsense}")), &[flag]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_operator_that_cannot_be_shown_stops_the_start() {
    let long = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(long.path(), vec![b'a'; 1024 * 1024]).expect("is written");
    let long = long.path().to_str().expect("text");
    assert_refuses(in_memory().env("TERMS_PAGE", long), &["--terms-page", long, "longer than 64 KiB"]).await;
    assert_refuses(in_memory().env("PRIVACY_PAGE", "/nowhere"), &["--privacy-page", "/nowhere", "cannot be read"])
        .await;
    assert_refuses(in_memory().env("OPERATOR_EMAIL", "help@quay.example"), &["--operator-name"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_variable_is_named_by_its_flag() {
    assert_refuses(in_memory().env("RESERVATION_WINDOW", "soon"), &["--reservation", "soon"]).await;
    assert_refuses(in_memory().env("PAYMENT_ATTEMPTS", "11"), &["--payment-attempts", "11"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_setting_is_named() {
    for name in ServiceName::ALL {
        assert_refuses(ticketing().service(name.as_str()), &["--mongodb-uri", "--nats-url"]).await;
    }
    let keyed = in_memory().env("STRIPE_SECRET_KEY", "sk_test_1");
    assert_refuses(keyed, &["--stripe-webhook-secret"]).await;
    let sending = in_memory().env("SMTP_URL", "smtps://mail.example.com");
    assert_refuses(sending.clone(), &["--mail-from", "--public-url"]).await;
    let from = sending.env("MAIL_FROM", "tickets@example.com");
    assert_refuses(from, &["--public-url"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_that_is_set_to_nothing_is_not_set() {
    let empty = [
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "MONGODB_URI",
        "NATS_URL",
        "RESERVATION_WINDOW",
        "PUBLIC_URL",
        "SMTP_URL",
    ];
    let program = empty.iter().fold(in_memory(), |program, variable| program.env(variable, ""));
    Server::launch(program).await.stop().await;
    let service = ticketing().service("orders").env("MONGODB_URI", "").env("NATS_URL", "");
    assert_refuses(service, &["--mongodb-uri", "--nats-url"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_is_that_of_the_program() {
    let finished = ticketing().arg("-V").run().await;
    assert_eq!(finished.stdout.trim(), concat!("ticketing ", env!("CARGO_PKG_VERSION")));
}

/// What takes payments: everything, and payments alone. Payments has no engines here: it must not come that far.
fn payment_programs() -> [Program; 2] {
    let alone = ticketing().service(ServiceName::Payments.as_str());
    [in_memory(), alone.env("MONGODB_URI", "mongodb://127.0.0.1:9").env("NATS_URL", "nats://127.0.0.1:9")]
}

#[tokio::test(flavor = "multi_thread")]
async fn any_setting_of_stripe_needs_a_secret_key() {
    for program in payment_programs() {
        for (variable, value) in [
            ("STRIPE_WEBHOOK_SECRET", "whsec_1"),
            ("STRIPE_PUBLISHABLE_KEY", "pk_live_1"),
            ("STRIPE_API_BASE", "http://127.0.0.1:12111"),
        ] {
            assert_refuses(program.clone().env(variable, value), &["--stripe-secret-key"]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistyped_key_of_stripe_is_refused_and_not_shown() {
    for program in payment_programs() {
        let keyed = program.env("STRIPE_SECRET_KEY", "sk_live_1").env("STRIPE_WEBHOOK_SECRET", "whsec_1");
        for (variable, flag, mistyped) in [
            ("STRIPE_SECRET_KEY", "--stripe-secret-key", ""),
            ("STRIPE_SECRET_KEY", "--stripe-secret-key", "ks_live_5p3ak"),
            ("STRIPE_SECRET_KEY", "--stripe-secret-key", "pk_live_5p3ak"),
            ("STRIPE_SECRET_KEY", "--stripe-secret-key", "sk_live_"),
            ("STRIPE_WEBHOOK_SECRET", "--stripe-webhook-secret", "5p3ak 5p3ak"),
            // Browsers would learn it.
            ("STRIPE_PUBLISHABLE_KEY", "--stripe-publishable-key", "sk_live_5p3ak"),
            ("STRIPE_PUBLISHABLE_KEY", "--stripe-publishable-key", "rk_live_5p3ak"),
        ] {
            let finished = assert_refuses(keyed.clone().env(variable, mistyped), &[flag]).await;
            assert!(!finished.stderr.contains("5p3ak"), "{}", finished.stderr);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_key_and_a_test_key_of_stripe_are_refused_together() {
    for program in payment_programs() {
        for (secret, publishable) in [("sk_live_1", "pk_test_1"), ("rk_test_1", "pk_live_1")] {
            let keyed = program.clone().env("STRIPE_SECRET_KEY", secret).env("STRIPE_WEBHOOK_SECRET", "whsec_1");
            let expected = ["--stripe-secret-key", "--stripe-publishable-key"];
            assert_refuses(keyed.env("STRIPE_PUBLISHABLE_KEY", publishable), &expected).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_too_short_is_refused_and_not_shown() {
    for (variable, flag) in
        [("AUTH_KEY_SECRET", "--auth-key-secret"), ("AUTH_KEY_SECRET_BEFORE", "--auth-key-secret-before")]
    {
        let finished = in_memory().env("AUTH_KEY_SECRET", "a".repeat(32)).env(variable, "5p3ak").run().await;
        assert!(finished.code.is_some_and(|code| code != 0), "{finished:?}");
        assert!(finished.stderr.contains(flag) && !finished.stderr.contains("5p3ak"), "{}", finished.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_are_simulated_in_public_only_if_that_is_asked_for_by_name() {
    for program in payment_programs() {
        for public in ["https://tickets.example.com", "http://tickets.example.com", "https://localhost"] {
            let expected = [public, "--stripe-secret-key", "--simulate-payments"];
            assert_refuses(program.clone().env("PUBLIC_URL", public), &expected).await;
        }
        let open = program.clone().env("LISTEN_ADDR", "0.0.0.0:0");
        assert_refuses(open, &["0.0.0.0", "--simulate-payments"]).await;
        let contradiction = program
            .clone()
            .env("SIMULATE_PAYMENTS", "true")
            .env("STRIPE_SECRET_KEY", "sk_live_1")
            .env("STRIPE_WEBHOOK_SECRET", "whsec_1");
        assert_refuses(contradiction, &["--simulate-payments", "--stripe-secret-key"]).await;
    }
    for asked_for in [
        in_memory().env("PUBLIC_URL", "https://tickets.example.com").env("SIMULATE_PAYMENTS", "true"),
        in_memory().args(["--public-url", "http://tickets.example.com", "--simulate-payments"]),
        in_memory().env("PUBLIC_URL", "http://localhost:3000"),
    ] {
        Server::launch(asked_for).await.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_and_a_database_contradict_each_other() {
    assert_refuses(in_memory().args(["--mongodb-uri", "mongodb://127.0.0.1"]), &["--memory", "--mongodb-uri"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_database_is_named_when_patience_has_run_out_on_mongodb() {
    let program = auth().await.env("MONGODB_URI", "mongodb://127.0.0.1:9/").args(["--startup-timeout", "1s"]);
    let took = assert_refuses(program, &["MongoDB", "127.0.0.1:9"]).await.took;
    assert!(took < Duration::from_secs(4), "a second of patience took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_bus_is_named_when_patience_has_run_out_on_jetstream() {
    let program = auth().await.env("NATS_URL", "nats://127.0.0.1:9").args(["--startup-timeout", "1s"]);
    assert_refuses(program, &["NATS"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_is_refused_without_patience_on_mongodb_and_jetstream() {
    // The default patience is longer than a program may take in these tests.
    for nonsense in ["localhost:27017", "http://localhost", "mongodb://", "mongodb://localhost/?w=x&w=y&replicaSet"] {
        assert_refuses(auth().await.env("MONGODB_URI", nonsense), &["--mongodb-uri"]).await;
    }
    for nonsense in ["http://localhost:4222", "nats://", "nats://localhost:port"] {
        assert_refuses(auth().await.env("NATS_URL", nonsense), &["--nats-url"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    assert_refuses(in_memory().env("LISTEN_ADDR", &address), &[&address, "in use"]).await;
    assert_refuses(auth().await.env("LISTEN_ADDR", &address), &[&address, "in use"]).await;
    let named = [address.as_str(), "--operator-listen", "in use"];
    assert_refuses(in_memory().env("OPERATOR_LISTEN", &address), &named).await;
    assert_refuses(auth().await.env("OPERATOR_LISTEN", &address), &named).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_that_is_a_file_is_named() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let path = file.path().display().to_string();
    assert_refuses(in_directory(file.path()), &[&path]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_file_that_is_something_else_is_named() {
    let data = tempfile::tempdir().expect("a directory");
    let file = data.path().join("orders.db");
    std::fs::write(&file, "These are not the records you are looking for. ".repeat(99)).expect("a file");
    set_mode(data.path(), 0o700);
    set_mode(&file, 0o600);
    assert_refuses(in_directory(data.path()), &["orders.db", "not an SQLite database"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_on_the_same_data_is_refused_and_the_first_unharmed() {
    let data = tempfile::tempdir().expect("a directory");
    let mut first = Server::launch(in_directory(data.path())).await;
    let path = data.path().display().to_string();
    assert_refuses(in_directory(data.path()), &[&path, "in use by another process"]).await;
    assert_eq!(first.probe("/readyz").await, Some(200));
    first.stop().await;
}

/// The settings for people who read.
const SETTINGS: &str = include_str!("../../../../docs/SETTINGS.md");

/// The setting that a line of a help text begins with, if any.
fn flag(line: &str) -> Option<&str> {
    line.trim().split([' ', '=']).next().filter(|word| word.starts_with("--"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_setting_is_explained_and_help_shows_no_secret() {
    let services = ServiceName::ALL.map(|name| ticketing().service(name.as_str()));
    for program in [ticketing()].into_iter().chain(services) {
        let secretive = program
            .clone()
            .env("MONGODB_URI", "mongodb://me:secret@127.0.0.1")
            .env("NATS_URL", "nats://me:secret@127.0.0.1")
            .env("STRIPE_SECRET_KEY", "sk_secret")
            .env("STRIPE_WEBHOOK_SECRET", "whsec_secret")
            .env("SMTP_URL", "smtps://me:secret@127.0.0.1")
            .env("MAIL_SECRET", "mail_secret_that_nobody_may_see_here");
        let finished = secretive.arg("--help").run().await;
        assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""));
        let flags: Vec<&str> = finished.stdout.lines().filter_map(flag).collect();
        for flag in [
            "--listen",
            "--operator-listen",
            "--mongodb-uri",
            "--nats-url",
            "--public-url",
            "--startup-timeout",
            "--search-budget",
            "--log",
        ] {
            assert!(flags.contains(&flag), "{flag} is missing in the help of {program}");
        }
        for flag in flags {
            assert!(SETTINGS.contains(&format!("`{flag}`")), "docs/SETTINGS.md says nothing of {flag}");
        }
        assert!(!finished.stdout.contains("secret@") && !finished.stdout.contains("_secret"), "{}", finished.stdout);
        assert!(finished.took < Duration::from_secs(10));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_probably_meant_is_suggested() {
    for (words, meant) in [
        (vec!["--lisen", "127.0.0.1:0"], "--listen"),
        (vec!["--lisen=127.0.0.1:0"], "--listen"),
        (vec!["--publicurl", "http://a.example"], "--public-url"),
        (vec!["--memry"], "--memory"),
        (vec!["--log-format", "jsn"], "json"),
        (vec!["servce", "orders"], "service"),
        (vec!["service", "order"], "orders"),
        (vec!["service", "orders", "--lisen", "127.0.0.1:0"], "--listen"),
        (vec!["dead-leters", "list"], "dead-letters"),
        (vec!["dead-letters", "lst"], "list"),
        (vec!["seed", "--tickts", "3"], "--tickets"),
    ] {
        let meant = format!("; did you mean {meant}?");
        assert_refuses(words.iter().fold(ticketing(), |program, word| program.arg(word)), &[&meant]).await;
    }
    // Nothing is like it.
    let refused = assert_refuses(ticketing().arg("--xyzzy"), &["unexpected argument '--xyzzy' found"]).await;
    assert!(!refused.stderr.contains("did you mean"), "{refused:?}");
}
