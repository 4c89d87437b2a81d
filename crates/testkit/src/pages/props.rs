use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use client::{
    Client, DeliveryForm, DeliveryState, Event, EventForm, Order, OrderId, OrderStatus, PasskeyId, Price, Ticket,
    TicketForm, Venue,
};
use ports::clock::Clock;

use crate::passkeys::add_passkey;

/// How long an action may take to have an effect.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(10);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How many cards a buyer may try: more than the number of times the retry page is opened, each of which is
/// an attempt.
pub(super) const ATTEMPTS: u32 = 10;
/// Everybody's password.
pub(super) const PASSWORD: &str = "correct horse battery";

/// A new signed-in user.
pub(super) async fn user(site: &str, name: &str) -> Client {
    let client = Client::new(site).expect("a client");
    client.sign_up(&format!("{name}@example.com"), PASSWORD).await.expect("signs up");
    client
}

/// Gives a user a passkey, and has it asked for beside the password.
pub(super) async fn guard(user: &Client, site: &str) -> PasskeyId {
    let (id, _) = add_passkey(site, user, PASSWORD).await;
    user.require_second_factor(PASSWORD).await.expect("there is a passkey");
    id
}

/// The number of the next seat: nobody can sell the same one twice.
static NEXT_SEAT: AtomicU32 = AtomicU32::new(14);

/// A ticket for sale with all optional details.
pub(super) async fn listed(seller: &Client, title: &str, cents: i64) -> Ticket {
    let form = TicketForm {
        event: Some("The Winter Ensemble".to_owned()),
        venue: Some("Harbour Hall, Rotterdam".to_owned()),
        starts_at: Some(format!("{}T19:30", in_ninety_days())),
        time_zone: Some("Europe/Amsterdam".to_owned()),
        section: Some("Stalls".to_owned()),
        row: Some("C".to_owned()),
        seat: Some(NEXT_SEAT.fetch_add(1, Ordering::Relaxed).to_string()),
        ..TicketForm::new(title, Price::from_minor_units(cents).expect("a price"))
    };
    seller.create_ticket(&form).await.expect("lists")
}

/// An event with two tickets to it, side by side.
pub(super) async fn event(seller: &Client, name: &str) -> Event {
    let venue = Venue { name: "Harbour Hall".into(), city: "Rotterdam".into(), country: "Netherlands".into() };
    let form = EventForm {
        name: name.to_owned(),
        venue,
        starts_at: format!("{}T19:30", in_ninety_days()),
        time_zone: "Europe/Amsterdam".to_owned(),
        currency: "eur".to_owned(),
        tiers: Vec::new(),
    };
    let event = seller.add_event(&form).await.expect("adds");
    let seat = NEXT_SEAT.fetch_add(2, Ordering::Relaxed);
    for seat in [seat, seat + 1] {
        let ticket = TicketForm {
            event_id: Some(event.id.to_string()),
            section: Some("Stalls".to_owned()),
            row: Some("F".to_owned()),
            seat: Some(seat.to_string()),
            ..TicketForm::new("One of two together", Price::from_minor_units(7500).expect("a price"))
        };
        seller.create_ticket(&ticket).await.expect("lists");
    }
    event
}

/// A word of 46 letters, such as venues have.
const LONG_WORD: &str = "Donaudampfschifffahrtsgesellschaftskapitaenshaus";

/// A ticket for sale of which no word has room in a line.
pub(super) async fn listed_in_long_words(seller: &Client) -> Ticket {
    let wide = Some("W".repeat(200));
    let form = TicketForm {
        event: Some(LONG_WORD.to_owned()),
        venue: wide.clone(),
        section: Some(LONG_WORD.to_owned()),
        row: wide,
        seat: Some(LONG_WORD.to_owned()),
        ..TicketForm::new(LONG_WORD, Price::from_minor_units(99_999_999).expect("a price"))
    };
    seller.create_ticket(&form).await.expect("lists")
}

fn in_ninety_days() -> String {
    let moment = (Clock::system().now() + 90 * DAY).to_string();
    moment.split('T').next().expect("the date").to_owned()
}

/// A ticket that its seller has yet to hand in.
pub(super) async fn unsealed(seller: &Client, title: &str) -> Ticket {
    let form = TicketForm {
        delivery: Some(DeliveryForm::Sealed),
        ..TicketForm::new(title, Price::from_minor_units(4500).expect("a price"))
    };
    seller.create_ticket(&form).await.expect("lists")
}

/// A ticket whose seller has handed in its code, once it is for sale.
pub(super) async fn sealed(seller: &Client, title: &str) -> Ticket {
    let ticket = unsealed(seller, title).await;
    // Delivery hears of the ticket in a moment.
    until(async || seller.seal_code(ticket.id, title, None).await.is_ok()).await;
    until(async || seller.ticket(ticket.id).await.is_ok_and(|ticket| is_sealed(&ticket))).await;
    ticket
}

fn is_sealed(ticket: &Ticket) -> bool {
    ticket.details.delivery.as_ref().is_some_and(|promise| promise.seal().is_some())
}

/// A paid order whose buyer has the ticket.
pub(super) async fn delivered(buyer: &Client, ticket: &Ticket) -> Order {
    let order = bought(buyer, ticket).await;
    until(async || buyer.delivery(order.id).await.is_ok_and(|delivery| delivery.state == DeliveryState::Released))
        .await;
    order
}

/// An order for a ticket, once the ticket shows it.
pub(super) async fn reserved(buyer: &Client, ticket: &Ticket) -> Order {
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    until(async || buyer.ticket(ticket.id).await.expect("the ticket").order_id == Some(order.id)).await;
    order
}

/// A paid order, once all services know.
pub(super) async fn bought(buyer: &Client, ticket: &Ticket) -> Order {
    let order = reserved(buyer, ticket).await;
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    until_status(buyer, order.id, OrderStatus::Complete).await;
    until(async || buyer.ticket(ticket.id).await.expect("the ticket").sold).await;
    order
}

/// An order whose payment the buyer has to confirm at their bank.
pub(super) async fn asked(buyer: &Client, ticket: &Ticket) -> Order {
    let order = reserved(buyer, ticket).await;
    let paid = buyer.pay(order.id, "tok_threeDSecure2Required").await.expect("the bank asks");
    assert!(paid.action.is_some(), "{paid:?}");
    order
}

/// A ticket that its seller has taken back.
pub(super) async fn withdrawn(seller: &Client, ticket: Ticket) -> Ticket {
    seller.withdraw_ticket(ticket.id).await.expect("withdraws");
    ticket
}

/// An order that failed because the card was declined.
pub(super) async fn declined(buyer: &Client, ticket: &Ticket) -> Order {
    let order = reserved(buyer, ticket).await;
    for _ in 0..ATTEMPTS {
        buyer.pay(order.id, "tok_chargeDeclined").await.expect_err("the card is declined");
    }
    until_status(buyer, order.id, OrderStatus::Cancelled).await;
    order
}

/// An order that the buyer cancelled.
pub(super) async fn cancelled(buyer: &Client, ticket: &Ticket) -> Order {
    let order = reserved(buyer, ticket).await;
    buyer.cancel_order(order.id).await.expect("cancels");
    order
}

/// An expired order, once its ticket is free again. The site's reservation window must be short.
pub(super) async fn expired(buyer: &Client, ticket: &Ticket) -> Order {
    let order = reserved(buyer, ticket).await;
    until_status(buyer, order.id, OrderStatus::Cancelled).await;
    until(async || buyer.ticket(ticket.id).await.expect("the ticket").order_id.is_none()).await;
    order
}

async fn until_status(buyer: &Client, order: OrderId, status: OrderStatus) {
    until(async || buyer.order(order).await.expect("the order").status == status).await;
}

async fn until(condition: impl AsyncFn() -> bool) {
    let held = tokio::time::timeout(PATIENCE, async {
        while !condition().await {
            tokio::time::sleep(POLL).await;
        }
    });
    held.await.expect("this did not take effect in time");
}
