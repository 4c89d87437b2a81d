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

/// A card that pays.
const GOOD_CARD: &str = "tok_visa";
/// A card that the bank declines.
const BAD_CARD: &str = "tok_chargeDeclined";
/// How long the effects of a payment or a cancellation may take to be seen. They take
/// milliseconds; after this we count what there is.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two looks.
const POLL: Duration = Duration::from_millis(50);

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Anybody can buy it.
    ForSale,
    /// Somebody has reserved it.
    Locked,
    /// Somebody has paid for it.
    Sold,
}

/// What has become of a listing, as the instance tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) standing: Standing,
    pub(super) order: Option<OrderStatus>,
}

/// Lets the buyers order, pay and cancel.
pub(super) async fn trade(
    instance: &Instance,
    listings: Vec<Listing>,
    people: &People,
) -> anyhow::Result<Vec<Outcome>> {
    let (ordered, mut rest): (Vec<_>, Vec<_>) = listings.into_iter().partition(|listing| listing.fate != Fate::ForSale);
    let untouched = rest.drain(..).map(|_| Outcome { standing: Standing::ForSale, order: None });
    let mut outcomes: Vec<_> = untouched.collect();
    let order = |listing: Listing, phase: Phase| async move {
        let deal = Deal { buyer: &people.buyers[listing.buyer], phase, test_cards: instance.test_cards };
        deal.make(&listing).await.with_context(|| format!("cannot order ticket {}", listing.ticket))
    };
    outcomes.extend(Phase::run("Orders", ordered, order).await?);
    Ok(outcomes)
}

/// One buyer's business with one ticket.
struct Deal<'a> {
    buyer: &'a Client,
    phase: Phase,
    test_cards: bool,
}

impl Deal<'_> {
    async fn make(&self, listing: &Listing) -> Result<Outcome, Error> {
        let Some(order) = granted(self.phase.politely(|| self.buyer.create_order(listing.ticket)).await)? else {
            // Another visitor was faster.
            let standing = standing(&self.ticket(listing).await?);
            return Ok(Outcome { standing, order: None });
        };
        let fate = if self.test_cards { listing.fate } else { listing.fate.without_payments() };
        self.carry_out(fate, &order).await?;
        self.observe(listing, &order, expected(fate)).await
    }

    async fn carry_out(&self, fate: Fate, order: &Order) -> Result<(), Error> {
        match fate {
            Fate::ForSale | Fate::Reserved => Ok(()),
            Fate::Sold => self.pay(order, GOOD_CARD).await,
            Fate::Declined => self.pay(order, BAD_CARD).await,
            Fate::CalledOff => granted(self.phase.politely(|| self.buyer.cancel_order(order.id)).await).map(|_| ()),
        }
    }

    async fn pay(&self, order: &Order, card: &str) -> Result<(), Error> {
        match granted(self.phase.politely(|| self.buyer.pay(order.id, card)).await) {
            Err(error) if error.status() == Some(StatusCode::PAYMENT_REQUIRED) => Ok(()),
            paid => paid.map(|_| ()),
        }
    }

    /// Waits until both services that are concerned have it as expected, and tells how they have it.
    async fn observe(&self, listing: &Listing, order: &Order, expected: Outcome) -> Result<Outcome, Error> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let order = self.phase.politely(|| self.buyer.order(order.id)).await?.status;
            let outcome = Outcome { standing: standing(&self.ticket(listing).await?), order: Some(order) };
            if outcome == expected || Instant::now() > deadline {
                return Ok(outcome);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn ticket(&self, listing: &Listing) -> Result<Ticket, Error> {
        self.phase.politely(|| self.buyer.ticket(listing.ticket)).await
    }
}

/// What was asked for, unless things have changed meanwhile, which they may: other visitors are
/// there too, and reservations end.
fn granted<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Err(error) if error.status() == Some(StatusCode::BAD_REQUEST) => Ok(None),
        answer => answer.map(Some),
    }
}

fn standing(ticket: &Ticket) -> Standing {
    match (ticket.sold, ticket.order_id) {
        (true, _) => Standing::Sold,
        (false, Some(_)) => Standing::Locked,
        (false, None) => Standing::ForSale,
    }
}

fn expected(fate: Fate) -> Outcome {
    let (standing, order) = match fate {
        Fate::ForSale => (Standing::ForSale, None),
        Fate::Reserved => (Standing::Locked, Some(OrderStatus::Created)),
        Fate::Sold => (Standing::Sold, Some(OrderStatus::Complete)),
        Fate::CalledOff | Fate::Declined => (Standing::ForSale, Some(OrderStatus::Cancelled)),
    };
    Outcome { standing, order }
}
