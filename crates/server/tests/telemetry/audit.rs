//! What matters for security: written down once, with who and from where, without secrets; and counted.

use std::collections::BTreeMap;

use client::{Client, Order, Price, SignIn, Ticket, TicketForm};
use runtime::audit::AuditEvent;
use serde_json::Value;
use testkit::passkeys::add_passkey;
use testkit::process::Server;

use crate::purchase::in_memory;

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery";
const NEW: &str = "harbour without fog";
const WRONG: &str = "lantern by the sea";
const SECRETS: [&str; 6] = ["@example.com", PASSWORD, NEW, WRONG, "tok_visa", "v1=00"];

/// Of each kind, how often it happens below. A dead letter has to be there before it can be replayed, and a mail
/// received before its address is confirmed: `server::dead_letters::routes` and `auth::routes` have tests of that.
const HAPPENS: [(AuditEvent, u64); 16] = [
    (AuditEvent::SignedUp, 7),
    (AuditEvent::SignedIn, 3),
    (AuditEvent::SignInFailed, 2),
    (AuditEvent::SignInLimited, 1),
    (AuditEvent::PasswordChanged, 1),
    (AuditEvent::PasswordChangeFailed, 1),
    (AuditEvent::SessionsEnded, 2),
    (AuditEvent::NotTheOwner, 6),
    (AuditEvent::SeatOfferedTwice, 2),
    (AuditEvent::BadWebhookSignature, 1),
    (AuditEvent::PasskeyAdded, 1),
    (AuditEvent::SecondFactorRequired, 1),
    (AuditEvent::RecoveryCodeUsed, 1),
    (AuditEvent::SecondFactorDropped, 1),
    (AuditEvent::PasskeyRemoved, 1),
    (AuditEvent::AccountErased, 1),
];

async fn user(server: &Server, email: &str) -> Client {
    let client = Client::new(&server.url()).expect("a client");
    client.sign_up(email, PASSWORD).await.expect("signs up");
    client
}

/// Everything that can happen to an account.
async fn use_an_account(server: &Server) {
    let ada = user(server, ADA).await;
    let browser = ada.anonymous();
    browser.sign_in(ADA, PASSWORD).await.expect("signs in");
    // Over a session, which ends.
    browser.sign_in(ADA, PASSWORD).await.expect("signs in");
    for _ in 0..3 {
        ada.anonymous().sign_in(ADA, WRONG).await.expect_err("it is another password");
    }
    ada.change_password(WRONG, NEW).await.expect_err("it is another password");
    ada.change_password(PASSWORD, NEW).await.expect("changes");
    ada.sign_out().await.expect("signs out");
}

/// Everything that can happen to the ways into an account, until it is gone. The recovery codes.
async fn lose_a_passkey(server: &Server) -> Vec<String> {
    let zoe = user(server, "zoe@example.com").await;
    let (passkey, _) = add_passkey(&server.url(), &zoe, PASSWORD).await;
    let codes = zoe.require_second_factor(PASSWORD).await.expect("there is a passkey");
    let browser = zoe.anonymous();
    let SignIn::HalfWay(half_way) = browser.begin_sign_in("zoe@example.com", PASSWORD).await.expect("begins") else {
        panic!("the password is not enough");
    };
    browser.show_recovery_code(&half_way.ceremony, &codes[0]).await.expect("signs in");
    browser.drop_second_factor(PASSWORD).await.expect("drops it");
    browser.remove_passkey(passkey, PASSWORD).await.expect("removes it");
    browser.erase_account(PASSWORD).await.expect("erases");
    codes
}

async fn ordered(server: &Server) -> (Ticket, Order) {
    let (seller, buyer) = (user(server, "eve@example.com").await, user(server, "bob@example.com").await);
    let form = TicketForm::new("Row A", Price::from_minor_units(2000).expect("a price"));
    let ticket = seller.create_ticket(&form).await.expect("lists");
    let order = buyer.create_order(ticket.id).await.expect("orders");
    (ticket, order)
}

/// Everything that can be asked for of somebody else's.
async fn ask_for_anothers(server: &Server) {
    let ((ticket, order), mallory) = (ordered(server).await, user(server, "mallory@example.com").await);
    let form = TicketForm::new("Mine", Price::from_minor_units(100).expect("a price"));
    mallory.edit_ticket(ticket.id, &form).await.expect_err("another's");
    mallory.withdraw_ticket(ticket.id).await.expect_err("another's");
    mallory.order(order.id).await.expect_err("another's");
    mallory.cancel_order(order.id).await.expect_err("another's");
    mallory.pay(order.id, "tok_visa").await.expect_err("another's");
    mallory.payment(order.id).await.expect_err("another's");
}

/// Two sellers offer one seat, and one of them says it again. The tickets, the one first that is seen to be the second.
async fn offer_a_seat_twice(server: &Server) -> String {
    let (uma, vic) = (user(server, "uma@example.com").await, user(server, "vic@example.com").await);
    let form = TicketForm {
        event: Some("Gala".into()),
        seat: Some("12".into()),
        ..TicketForm::new("Row A", Price::from_minor_units(2000).expect("a price"))
    };
    let one = uma.create_ticket(&form).await.expect("lists");
    let other = vic.create_ticket(&form).await.expect("lists it, too");
    vic.edit_ticket(other.id, &form).await.expect("edits");
    format!("{} {}", other.id, one.id)
}

async fn forge_a_webhook(server: &Server) {
    let webhook = reqwest::Client::new().post(format!("{}/api/webhooks/stripe", server.url()));
    let answer = webhook.header("stripe-signature", "t=1,v1=00").body("{}").send().await.expect("an answer");
    assert_eq!(answer.status(), 400);
}

/// How often each kind has happened, by the metrics.
async fn counted(server: &Server) -> BTreeMap<String, u64> {
    let answer = reqwest::get(format!("{}/metrics", server.operator_url())).await.expect("an answer");
    let metrics = answer.text().await.expect("the metrics");
    let counts = metrics.lines().filter_map(|line| line.strip_prefix(r#"audit_events_total{event=""#));
    let counts = counts.map(|line| line.split_once(r#""} "#).expect("a count"));
    counts.map(|(event, count)| (event.to_owned(), count.parse().expect("a number"))).collect()
}

/// The audit log's lines.
fn written(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    lines.filter(|line| line["target"] == runtime::audit::TARGET).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_matters_for_security_is_written_down_once_without_secrets_and_counted() {
    let strict = ["--sign-in-account-limit", "2/1h", "--sign-in-account-and-address-limit", "2/1h"];
    // Whatever else is logged.
    let quiet = in_memory().args(strict).env("LOG", "error").env("LOG_FORMAT", "json");
    let mut server = Server::launch(quiet).await;
    let mut expected: BTreeMap<String, u64> =
        AuditEvent::ALL.into_iter().map(|event| (event.as_str().to_owned(), 0)).collect();
    assert_eq!(counted(&server).await, expected, "counting begins before anything happens");

    use_an_account(&server).await;
    let codes = lose_a_passkey(&server).await;
    ask_for_anothers(&server).await;
    let offered_twice = offer_a_seat_twice(&server).await;
    forge_a_webhook(&server).await;
    expected.extend(HAPPENS.map(|(event, times)| (event.as_str().to_owned(), times)));
    assert_eq!(counted(&server).await, expected);

    let log = server.stop().await.stderr;
    let elsewhere = ["dead_letter_replayed", "address_confirmed", "delivery_missed"];
    let mut lines: BTreeMap<String, u64> = elsewhere.map(|event| (event.to_owned(), 0)).into();
    for line in written(&log) {
        let event = line["event"].as_str().expect("what happened");
        *lines.entry(event.to_owned()).or_default() += 1;
        let is_of_a_seat = event == "seat_offered_twice";
        assert_eq!(line["about"].as_str(), is_of_a_seat.then_some(offered_twice.as_str()), "{line}");
        let is_of_nobody = event == "bad_webhook_signature";
        assert_eq!(line["user"].is_string(), !is_of_nobody, "{line}");
        assert_eq!(line["peer"], "127.0.0.1", "{line}");
        assert!(line["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{line}");
        assert!(line["service"].is_string(), "{line}");
    }
    assert_eq!(lines, expected, "{log}");
    for secret in SECRETS.into_iter().chain(codes.iter().map(String::as_str)) {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}
