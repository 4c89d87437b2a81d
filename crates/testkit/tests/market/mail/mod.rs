//! What people are told by mail, and that they are told it once.

mod smtp;

use std::time::Duration;

use client::{Client, OrderStatus};
use mail::Mail;
use testkit::on_both_engines;
use testkit::world::{Engine, World, WorldSettings, within};

on_both_engines!(
    both_are_told_of_a_sale_once,
    a_buyer_is_told_of_an_expiry_only_after_beginning_to_pay,
    a_buyer_is_told_of_a_refund,
    a_seller_is_told_that_a_ticket_is_off_sale,
    the_owner_of_an_account_is_told_of_a_new_browser_and_a_new_password,
    what_a_link_carries_is_in_its_mail_and_nowhere_else,
);

/// How long a buyer has to pay.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// Whom each mail is for, and what it is about.
fn told(mails: &[Mail]) -> Vec<(&str, &str)> {
    let mut told: Vec<_> = mails.iter().map(|mail| (mail.to.as_str(), mail.subject.as_str())).collect();
    told.sort_unstable();
    told
}

async fn people(world: &World) -> (Client, Client) {
    (world.user("seller").await, world.user("buyer").await)
}

async fn both_are_told_of_a_sale_once(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = people(&world).await;
    let ticket = world.listed(&seller).await;
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    let mails = world.mails().await;
    let expected =
        [("buyer@example.com", "Your ticket: Row A, seat 12"), ("seller@example.com", "Sold: Row A, seat 12")];
    assert_eq!(told(&mails), expected);
    let to_buyer = mails.iter().find(|mail| mail.to.as_str() == "buyer@example.com").expect("one of them");
    let page = format!("http://{}/orders/{}", world.address, order.id);
    assert!(to_buyer.text.contains(&page) && to_buyer.text.contains("$19.99"), "{}", to_buyer.text);
    // Nothing more, however much time passes.
    world.advance(Duration::from_secs(4 * 24 * 60 * 60));
    assert_eq!(world.mails().await.len(), 2);
    world.end().await;
}

async fn a_buyer_is_told_of_an_expiry_only_after_beginning_to_pay(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = people(&world).await;
    let idle = buyer.create_order(world.listed(&seller).await.id).await.expect("reserves").id;
    let begun = buyer.create_order(world.listed(&seller).await.id).await.expect("reserves").id;
    buyer.pay(begun, "tok_threeDSecure2Required").await.expect("the bank asks");
    world.settle().await;
    world.advance(WINDOW);
    within(async {
        for order in [idle, begun] {
            while buyer.order(order).await.expect("is there").status != OrderStatus::Cancelled {
                // Orders waits a moment for news of a payment that is being taken.
                world.advance(Duration::from_secs(1));
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    })
    .await;
    let mails = world.mails().await;
    assert_eq!(told(&mails), [("buyer@example.com", "Your reservation has expired: Row A, seat 12")]);
    world.end().await;
}

async fn a_buyer_is_told_of_a_refund(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = people(&world).await;
    let order = buyer.create_order(world.listed(&seller).await.id).await.expect("reserves").id;
    buyer.pay(order, "tok_visa").await.expect("pays");
    world.settle().await;
    let ledger = world.simulator.ledger().await.expect("a ledger");
    let intent = ledger.with_metadata("order_id", &order.to_string()).next().expect("an intent").id.clone();
    world.simulator.refund_in_dashboard(&intent).await.expect("refunds");
    within(async {
        while buyer.order(order).await.expect("is there").refund.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let mails = world.mails().await;
    let refunded: Vec<_> = mails.iter().filter(|mail| mail.subject == "Refunded: Row A, seat 12").collect();
    let [refunded] = refunded[..] else { panic!("not told once, but {:?}", told(&mails)) };
    assert!(refunded.text.contains("$19.99 has been given back"), "{}", refunded.text);
    assert_eq!(refunded.to.as_str(), "buyer@example.com");
    world.end().await;
}

async fn a_seller_is_told_that_a_ticket_is_off_sale(engine: Engine) {
    let world = World::start(engine).await;
    let seller = world.user("seller").await;
    let ticket = world.listed(&seller).await;
    seller.withdraw_ticket(ticket.id).await.expect("withdraws");
    let mails = world.mails().await;
    assert_eq!(told(&mails), [("seller@example.com", "Not for sale any more: Row A, seat 12")]);
    world.end().await;
}

async fn the_owner_of_an_account_is_told_of_a_new_browser_and_a_new_password(engine: Engine) {
    let world = World::start(engine).await;
    world.user("ada").await;
    let laptop = world.visitor();
    laptop.sign_in("ada@example.com", "correct horse battery").await.expect("signs in");
    laptop.change_password("correct horse battery", "battery staple horse").await.expect("changes it");
    let mails = world.mails().await;
    let expected =
        [("ada@example.com", "A new sign-in to your account"), ("ada@example.com", "Your password was changed")];
    assert_eq!(told(&mails), expected);
    world.end().await;
}

async fn what_a_link_carries_is_in_its_mail_and_nowhere_else(engine: Engine) {
    let settings = WorldSettings { confirms_addresses: true, ..WorldSettings::default() };
    let world = World::start_with(engine, settings).await;
    let ada = world.user("ada").await;
    ada.request_reset("ada@example.com").await.expect("asks");
    ada.change_email("ada@example.org", "correct horse battery").await.expect("asks");
    within(async {
        while world.notices().await.len() < 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let mails = world.mails().await;
    let tokens: Vec<_> = mails.iter().filter_map(|mail| mail.text.split("?token=").nth(1)).collect();
    assert_eq!(tokens.len(), 3, "{:?}", told(&mails));
    for token in tokens {
        let token = token.split_whitespace().next().expect("a word");
        let secret = token.rsplit('.').next().expect("a part");
        assert!(secret.len() > 30, "{secret}");
        assert_eq!(world.records_with(secret).await, Vec::<String>::new());
        assert_eq!(world.events_with(secret).await, Vec::<String>::new());
    }
    world.end().await;
}
