//! Somebody takes what is theirs and leaves: nothing of them stays, in any store, and their address was in no stream. On
//! both engines.

use std::time::Duration;

use client::{Error, Price, TicketForm};
use http::StatusCode;
use serde_json::json;
use testkit::on_both_engines;
use testkit::passkeys::add_passkey;
use testkit::world::{Engine, World, within};

on_both_engines!(nothing_of_an_erased_buyer_stays, nothing_of_an_erased_seller_stays);

const PASSWORD: &str = "correct horse battery";
const ADA: &str = "ada@example.com";
/// What is kept for a while of whom everybody has to forget: the id, and nothing else.
const REMINDERS: [&str; 2] = [".erasures ", "auth.users "];

/// What keeps an erasure waiting.
fn reasons(refused: Error) -> Vec<String> {
    match refused {
        Error::Api { status: StatusCode::CONFLICT, errors, .. } => errors.into_iter().map(|error| error.code).collect(),
        other => panic!("{other}"),
    }
}

async fn nothing_of_an_erased_buyer_stays(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, ada) = (world.user("seller").await, world.user("ada").await);
    let ticket = world.listed(&seller).await;
    world.settle().await;
    let order = ada.create_order(ticket.id).await.expect("reserves");
    assert_eq!(reasons(ada.erase_account(PASSWORD).await.expect_err("is put off")), ["reservation_under_way"]);
    ada.pay(order.id, "tok_visa").await.expect("pays");
    world.settle().await;
    // A passkey, recovery codes, and a sign-in that was only begun: all of that goes, too.
    let site = format!("http://{}", world.address);
    add_passkey(&site, &ada, PASSWORD).await;
    ada.require_second_factor(PASSWORD).await.expect("there is a passkey");
    ada.sign_in(ADA, PASSWORD).await.expect_err("it is not enough");
    let export = ada.export().await.expect("exports");
    assert_eq!(export["account"]["email"], ADA);
    let passkey = &export["account"]["passkeys"][0];
    assert_eq!((&passkey["name"], passkey.get("publicKey")), (&json!("My phone"), None));
    assert_eq!(
        (&export["orders"][0]["id"], &export["orders"][0]["payment"]["status"]),
        (&json!(order.id), &json!("captured"))
    );
    let mails = export["mails"].as_array().expect("a list");
    assert!(mails.iter().any(|mail| mail["kind"] == "bought"), "{mails:?}");
    let id = ada.current_user().await.expect("answers").expect("is signed in").id.to_string();
    ada.erase_account(PASSWORD).await.expect("erases");
    assert_forgotten(&world, &id).await;
    assert!(world.visitor().sign_in(ADA, PASSWORD).await.is_err());
    let sold = seller.ticket(ticket.id).await.expect("is still there for others");
    assert_eq!(sold.order_id, Some(order.id));
    world.end().await;
}

async fn nothing_of_an_erased_seller_stays(engine: Engine) {
    let world = World::start(engine).await;
    let (ada, buyer) = (world.user("ada").await, world.user("buyer").await);
    let price = Price::from_minor_units(2000).expect("a price");
    let list = async |title: &str| ada.create_ticket(&TicketForm::new(title, price)).await.expect("lists");
    let (sold, withdrawn) = (list("Row A").await, list("Row B").await);
    world.settle().await;
    let order = buyer.create_order(sold.id).await.expect("reserves");
    assert_eq!(reasons(ada.erase_account(PASSWORD).await.expect_err("is put off")), ["listing_under_way"]);
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    ada.withdraw_ticket(withdrawn.id).await.expect("withdraws");
    world.settle().await;
    let export = ada.export().await.expect("exports");
    assert_eq!(export["listings"].as_array().map(Vec::len), Some(2));
    let id = ada.current_user().await.expect("answers").expect("is signed in").id.to_string();
    ada.erase_account(PASSWORD).await.expect("erases");
    assert_forgotten(&world, &id).await;
    buyer.sign_in("buyer@example.com", PASSWORD).await.expect("signs in again");
    let kept = buyer.order(order.id).await.expect("is still theirs");
    assert_eq!((kept.ticket.title.as_str(), kept.ticket.price), ("Row A", price));
    world.end().await;
}

/// Soon nothing is left in any store but what is forgotten by itself, and that soon after.
async fn assert_forgotten(world: &World, id: &str) {
    // Counts of attempts are forgotten when they count no more, and answers when nobody repeats their requests any more.
    world.advance(Duration::from_secs(26 * 3600));
    within(async {
        loop {
            world.settle().await;
            let of_address = world.records_with(ADA).await;
            let mut of_id = world.records_with(id).await;
            of_id.retain(|found| !REMINDERS.iter().any(|reminder| found.contains(reminder)));
            if of_address.is_empty() && of_id.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    assert_eq!(world.events_with(ADA).await, Vec::<String>::new());
}
