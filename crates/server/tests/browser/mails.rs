//! The links in mails: sent through a real mail server, read as it has read them, and followed as their readers do.

#[path = "mails/bank.rs"]
mod bank;
#[path = "mails/post.rs"]
mod post;

use std::collections::HashMap;
use std::fs;

use client::{Client, EventForm, Price, SignIn, TicketForm};
use testkit::browser::{Look, Scheme};
use testkit::passkeys::add_passkey;
use testkit::shows::winter_ensemble;

use self::post::Post;
use super::site::{PASSWORD, buy, listed};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const NEW_ADDRESS: &str = "ada@example.org";
const NEW_PASSWORD: &str = "hunting for tickets";
/// How many kinds of mail there are.
const KINDS: usize = 18;

async fn the_address_is_confirmed(post: &Post) {
    let ada = post.visitor().await;
    ada.open("/signup").await;
    ada.fill("Email", ADA).await;
    ada.fill("Password", PASSWORD).await;
    ada.press("Sign up").await;
    ada.sees("Your address ada@example.com is not confirmed yet.").await;
    let link = post.link(ADA, "Confirm your address").await;
    post.scan(&link).await;
    ada.open(&link).await;
    ada.is_headed("Confirm your email address").await;
    ada.press("Confirm my address").await;
    ada.is_headed("Your address is confirmed").await;
    ada.open("/").await;
    ada.sees_no_more("is not confirmed yet").await;
    ada.open(&link).await;
    ada.press("Confirm my address").await;
    ada.sees("This link has been used already").await;
}

async fn the_password_is_reset(post: &Post) {
    let ada = post.visitor().await;
    ada.open("/signin").await;
    ada.follow("Forgotten your password?").await;
    ada.fill("Email", ADA).await;
    ada.press("Send me a link").await;
    ada.is_headed("Look into your mailbox").await;
    let link = post.link(ADA, "Choose a new password").await;
    post.scan(&link).await;
    ada.open(&link).await;
    ada.is_headed("Choose another password").await;
    ada.fill("New password", NEW_PASSWORD).await;
    ada.press("Set this password").await;
    ada.is_headed("Your password is set").await;
    ada.open(&link).await;
    ada.fill("New password", PASSWORD).await;
    ada.press("Set this password").await;
    ada.sees("This link has been used already").await;
    ada.open(&post.link(ADA, "Your password was changed").await).await;
    ada.is_headed("Forgotten your password?").await;
}

async fn the_address_is_changed(post: &Post) {
    let ada = post.signed_in(ADA, NEW_PASSWORD).await;
    ada.open(&post.link(ADA, "A new sign-in to your account").await).await;
    ada.is_headed("Where you are signed in").await;
    ada.open("/account").await;
    ada.fill("New email address", NEW_ADDRESS).await;
    ada.fill("Password", NEW_PASSWORD).await;
    ada.press("Change address").await;
    ada.sees("A mail is on its way to the new address.").await;
    let link = post.link(NEW_ADDRESS, "Confirm your address").await;
    post.scan(&link).await;
    ada.open(&link).await;
    ada.press("Confirm my address").await;
    ada.is_headed("Your address is confirmed").await;
    ada.open(&post.link(ADA, "Your address was changed").await).await;
    ada.is_headed("Sign in").await;
}

async fn somebody_signs_up_again(post: &Post) {
    let again = post.visitor().await;
    again.open("/signup").await;
    again.fill("Email", NEW_ADDRESS).await;
    again.fill("Password", PASSWORD).await;
    again.press("Sign up").await;
    again.sees("Your address ada@example.org is not confirmed yet.").await;
    let ada = post.visitor().await;
    ada.open(&post.link(NEW_ADDRESS, "You have an account already").await).await;
    ada.is_headed("Sign in").await;
}

/// Ada sells one ticket to Bob, and takes another back. One more he has begun to pay for when his time is over.
async fn a_ticket_is_sold(post: &Post) -> Client {
    let seller = Client::new(&post.server.url()).expect("a client");
    seller.sign_in(NEW_ADDRESS, NEW_PASSWORD).await.expect("signs in");
    let (sold, withdrawn) = (listed(&seller, "Row A").await, listed(&seller, "Row B").await);
    seller.withdraw_ticket(withdrawn.id).await.expect("withdraws");
    let (bob, bob_by_api) = (post.visitor().await, seller.anonymous());
    bob_by_api.sign_up(BOB, PASSWORD).await.expect("signs up");
    bob.open(&post.link(BOB, "Confirm your address").await).await;
    bob.fill("Password", NEW_PASSWORD).await;
    bob.press("Confirm my address").await;
    bob.sees("Invalid credentials").await;
    bob.fill("Password", PASSWORD).await;
    bob.press("Confirm my address").await;
    bob.is_headed("Your address is confirmed").await;
    bob_by_api.current_user().await.expect("is told that it is confirmed");
    bob.sign_in(&post.site, &bob_by_api.token().expect("is signed in")).await;
    let begun = bob_by_api.create_order(listed(&seller, "Row C").await.id).await.expect("reserves").id;
    bob_by_api.pay(begun, "tok_threeDSecure2Required").await.expect("the bank asks");
    buy(&bob, &sold).await;
    let orders = bob_by_api.orders().await.expect("lists").items;
    let order = orders.iter().find(|order| order.ticket.id == sold.id).expect("is among them").id;
    bob_by_api.pay(order, "tok_visa").await.expect("pays");
    bob.open(&post.link(BOB, "Your ticket: Row A").await).await;
    bob.is_headed("The ticket is yours").await;
    let ada = post.signed_in(NEW_ADDRESS, NEW_PASSWORD).await;
    ada.open(&post.link(NEW_ADDRESS, "Sold: Row A").await).await;
    ada.is_headed("Row A").await;
    ada.open(&post.link(NEW_ADDRESS, "Not for sale any more: Row B").await).await;
    ada.is_headed("Your account").await;
    post.bank.refund(order).await;
    bob_by_api
}

/// Bob's money goes back and then does not, and his other reservation ends.
async fn money_goes_back(post: &Post, bob_by_api: &Client) {
    let bob = post.visitor().await;
    bob.sign_in(&post.site, &bob_by_api.token().expect("is signed in")).await;
    bob.open(&post.link(BOB, "Refunded: Row A").await).await;
    bob.sees("$20.50 has been given back.").await;
    post.bank.fail_refunds().await;
    bob.open(&post.link(BOB, "Your refund has not gone through: Row A").await).await;
    bob.is_headed("This refund did not go through").await;
    bob.open(&post.link(BOB, "Your reservation has expired: Row C").await).await;
    bob.is_headed("Row C").await;
}

/// What Bob has bought a ticket to, and Ada sells another to, is moved and then cancelled.
async fn an_event_is_moved_and_cancelled(post: &Post, bob_by_api: &Client) {
    let seller = Client::new(&post.server.url()).expect("a client");
    seller.sign_in(NEW_ADDRESS, NEW_PASSWORD).await.expect("signs in");
    let form = EventForm { currency: "usd".into(), ..winter_ensemble() };
    let event = seller.add_event(&form).await.expect("adds");
    let price = Price::from_minor_units(2050).expect("a price");
    let mut tickets = Vec::new();
    for seat in ["1", "2"] {
        let (event_id, seat) = (Some(event.id.to_string()), Some(seat.into()));
        let form = TicketForm { event_id, seat, ..TicketForm::new("Row A", price) };
        tickets.push(seller.create_ticket(&form).await.expect("lists"));
    }
    let order = bob_by_api.create_order(tickets[0].id).await.expect("reserves").id;
    bob_by_api.pay(order, "tok_visa").await.expect("pays");
    let (bob, ada) = (post.visitor().await, post.signed_in(NEW_ADDRESS, NEW_PASSWORD).await);
    bob.sign_in(&post.site, &bob_by_api.token().expect("is signed in")).await;

    post.change_event(&["move", &event.slug, "--starts-at", "2099-06-13T20:00"]).await;
    bob.open(&post.link(BOB, "Moved: The Winter Ensemble").await).await;
    bob.is_headed("The ticket is yours").await;
    bob.sees("This event has been moved. It now takes place:").await;
    ada.open(&post.link(NEW_ADDRESS, "The event you sell tickets for has been moved: The Winter Ensemble").await).await;
    ada.is_headed("My listings").await;

    post.change_event(&["cancel", &event.slug]).await;
    bob.open(&post.link(BOB, "Cancelled: The Winter Ensemble").await).await;
    bob.is_headed("The event was cancelled").await;
    bob.sees("This event is cancelled.").await;
    ada.open(&post.link(NEW_ADDRESS, "The event you sell tickets for is cancelled: The Winter Ensemble").await).await;
    ada.is_headed("My listings").await;
}

/// Bob adds a passkey, asks for it beside the password, and signs in with a recovery code instead.
async fn a_passkey_is_made_up_for(post: &Post, bob_by_api: &Client) {
    add_passkey(&post.server.url(), bob_by_api, PASSWORD).await;
    let codes = bob_by_api.require_second_factor(PASSWORD).await.expect("there is a passkey");
    let elsewhere = bob_by_api.anonymous();
    let SignIn::HalfWay(half_way) = elsewhere.begin_sign_in(BOB, PASSWORD).await.expect("begins") else {
        panic!("the password is not enough");
    };
    elsewhere.show_recovery_code(&half_way.ceremony, &codes[0]).await.expect("signs in");
    let bob = post.visitor().await;
    bob.sign_in(&post.site, &elsewhere.token().expect("is signed in")).await;
    for subject in ["The way you sign in was changed", "A recovery code was used"] {
        bob.open(&post.link(BOB, subject).await).await;
        bob.is_headed("Passkeys").await;
    }
    let mails = post.mailbox.mails();
    assert!(mails.iter().all(|mail| codes.iter().all(|code| !mail.text.contains(code) && !mail.html.contains(code))));
}

/// One mail of each kind can be read by everybody, on a phone and on a desk, by day and by night.
async fn mails_can_be_read(post: &Post) {
    let mails = post.mailbox.mails();
    let kinds: HashMap<&str, &str> =
        mails.iter().map(|mail| (mail.heads["subject"].as_str(), mail.html.as_str())).collect();
    let (folder, mut findings) = (tempfile::tempdir().expect("a folder"), Vec::new());
    for (width, scheme) in [(360, Scheme::Light), (360, Scheme::Dark), (1440, Scheme::Light), (1440, Scheme::Dark)] {
        let reader = post.browsers.open("", Look { width, scheme, ..Look::default() }).await;
        for (subject, html) in &kinds {
            let file = folder.path().join("mail.html");
            fs::write(&file, html).expect("a file is written");
            reader.open(&format!("file://{}", file.display())).await;
            let mut found: Vec<_> = reader.axe().await.iter().map(ToString::to_string).collect();
            if reader.overflows().await {
                found.push("has to be scrolled sideways".to_owned());
            }
            findings.extend(found.into_iter().map(|finding| format!("{subject}, {width} wide, {scheme:?}: {finding}")));
        }
    }
    assert_eq!(kinds.len(), KINDS, "{:?}", kinds.keys());
    assert!(findings.is_empty(), "{}", findings.join("\n\n"));
}

async fn what_mails_say_can_be_done(scripts: bool) -> Post {
    let post = Post::open(scripts).await;
    the_address_is_confirmed(&post).await;
    the_password_is_reset(&post).await;
    the_address_is_changed(&post).await;
    somebody_signs_up_again(&post).await;
    let bob = a_ticket_is_sold(&post).await;
    money_goes_back(&post, &bob).await;
    an_event_is_moved_and_cancelled(&post, &bob).await;
    a_passkey_is_made_up_for(&post, &bob).await;
    assert!(post.mailbox.mails().iter().all(|mail| mail.defects.is_empty()));
    post.assert_unlogged();
    post
}

#[tokio::test(flavor = "multi_thread")]
async fn what_mails_say_can_be_done_by_their_links_and_by_nobody_who_only_looks_at_them() {
    let post = what_mails_say_can_be_done(true).await;
    mails_can_be_read(&post).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_mails_say_can_be_done_by_their_links_with_javascript_off() {
    what_mails_say_can_be_done(false).await;
}
