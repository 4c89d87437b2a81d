use std::time::Duration;

use anyhow::Context;
use client::{Client, Error, Order, OrderStatus, Ticket};
use http::StatusCode;
use tokio::time::Instant;

use super::instance::Instance;
use super::listings::Listing;
use super::people::People;
use super::phase::Phase;
use super::plan::Fate;

/// A card whose payments succeed.
const GOOD_CARD: &str = "tok_visa";
/// A card that the bank declines.
const BAD_CARD: &str = "tok_chargeDeclined";
/// The most declined cards that an instance can be set to allow (`--payment-attempts`).
const MOST_DECLINES: u32 = 10;
/// How long the effects of a payment or a cancellation may take to be visible. They take
/// milliseconds; after this we count the present state.
const PATIENCE: Duration = Duration::from_secs(5);
/// For longer than this nobody waits to be allowed something.
const MINUTE: Duration = Duration::from_secs(60);
/// The pause between two polls.
const POLL: Duration = Duration::from_millis(50);

/// The state of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TicketState {
    /// It can be bought.
    ForSale,
    /// It is reserved.
    Locked,
    /// It is paid for.
    Sold,
}

/// The state of a listing as the instance shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListingState {
    pub(super) ticket: TicketState,
    pub(super) order: Option<OrderStatus>,
}

/// Lets the buyers order, pay and cancel.
pub(super) async fn trade(
    instance: &Instance,
    listings: Vec<Listing>,
    people: &People,
) -> anyhow::Result<Vec<ListingState>> {
    let (ordered, mut rest): (Vec<_>, Vec<_>) = listings.into_iter().partition(|listing| listing.fate != Fate::ForSale);
    let unordered = rest.drain(..).map(|_| ListingState { ticket: TicketState::ForSale, order: None });
    let mut states: Vec<_> = unordered.collect();
    let order = |listing: Listing, phase: Phase| async move {
        let deal = Deal { buyer: &people.buyers[listing.buyer], phase, test_cards: instance.test_cards };
        deal.make(&listing).await.with_context(|| format!("cannot order ticket {}", listing.ticket))
    };
    states.extend(Phase::run("Orders", ordered, order).await?);
    Ok(states)
}

/// One buyer's trade with one ticket.
struct Deal<'a> {
    buyer: &'a Client,
    phase: Phase,
    test_cards: bool,
}

impl Deal<'_> {
    async fn make(&self, listing: &Listing) -> Result<ListingState, Error> {
        let Some(order) = granted(self.soon(|| self.buyer.create_order(listing.ticket)).await)?.flatten() else {
            // Another visitor was faster, or the buyer holds as many as one may.
            let ticket = state_of(&self.ticket(listing).await?);
            return Ok(ListingState { ticket, order: None });
        };
        let fate = if self.test_cards { listing.fate } else { listing.fate.without_payments() };
        self.carry_out(fate, &order).await?;
        self.observe(listing, &order, expected(fate)).await
    }

    /// What the instance answers in the end; `None` if it would have its caller wait for minutes, and still would a moment
    /// later: a buyer holds as many tickets, or was declined as often, as one may. Nobody waits for that here.
    async fn soon<T, F: Future<Output = Result<T, Error>>>(&self, call: impl Fn() -> F) -> Result<Option<T>, Error> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.phase.patiently(|| async {
                match call().await {
                    Err(error) if asks_for_minutes(&error) => Ok(None),
                    answer => answer.map(Some),
                }
            });
            match answer.await? {
                None if Instant::now() < deadline => tokio::time::sleep(POLL).await,
                answer => return Ok(answer),
            }
        }
    }

    async fn carry_out(&self, fate: Fate, order: &Order) -> Result<(), Error> {
        match fate {
            Fate::ForSale | Fate::Reserved => Ok(()),
            Fate::Sold => self.pay(order, GOOD_CARD).await,
            Fate::Declined => self.be_declined(order).await,
            Fate::CalledOff => granted(self.phase.patiently(|| self.buyer.cancel_order(order.id)).await).map(|_| ()),
        }
    }

    /// Tries bad cards until the order is cancelled for it, however many the instance allows.
    async fn be_declined(&self, order: &Order) -> Result<(), Error> {
        for _ in 0..MOST_DECLINES {
            self.pay(order, BAD_CARD).await?;
        }
        Ok(())
    }

    async fn pay(&self, order: &Order, card: &str) -> Result<(), Error> {
        match granted(self.soon(|| self.buyer.pay(order.id, card)).await) {
            Err(error) if error.status() == Some(StatusCode::PAYMENT_REQUIRED) => Ok(()),
            paid => paid.map(|_| ()),
        }
    }

    /// Waits until tickets and orders both show the expected state, and returns what they show.
    async fn observe(&self, listing: &Listing, order: &Order, expected: ListingState) -> Result<ListingState, Error> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let order = self.phase.patiently(|| self.buyer.order(order.id)).await?.status;
            let state = ListingState { ticket: state_of(&self.ticket(listing).await?), order: Some(order) };
            if state == expected || Instant::now() > deadline {
                return Ok(state);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn ticket(&self, listing: &Listing) -> Result<Ticket, Error> {
        self.phase.patiently(|| self.buyer.ticket(listing.ticket)).await
    }
}

fn asks_for_minutes(error: &Error) -> bool {
    match error {
        Error::Api { status: StatusCode::TOO_MANY_REQUESTS, retry_after, .. } => {
            retry_after.is_some_and(|wait| wait > MINUTE)
        }
        _ => false,
    }
}

/// What was requested; `None` if the instance refused because its state has changed meanwhile: there
/// are other visitors, and reservations end.
fn granted<T>(response: Result<T, Error>) -> Result<Option<T>, Error> {
    match response {
        Err(error) if error.status() == Some(StatusCode::BAD_REQUEST) => Ok(None),
        response => response.map(Some),
    }
}

fn state_of(ticket: &Ticket) -> TicketState {
    match (ticket.sold, ticket.order_id) {
        (true, _) => TicketState::Sold,
        (false, Some(_)) => TicketState::Locked,
        (false, None) => TicketState::ForSale,
    }
}

fn expected(fate: Fate) -> ListingState {
    let (ticket, order) = match fate {
        Fate::ForSale => (TicketState::ForSale, None),
        Fate::Reserved => (TicketState::Locked, Some(OrderStatus::Created)),
        Fate::Sold => (TicketState::Sold, Some(OrderStatus::Complete)),
        Fate::CalledOff | Fate::Declined => (TicketState::ForSale, Some(OrderStatus::Cancelled)),
    };
    ListingState { ticket, order }
}
