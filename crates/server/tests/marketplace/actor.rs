use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use client::{Client, Error, ErrorEntry, Order, OrderId, Price, TicketForm, TicketId};
use ports::clock::Clock;
use rand::rngs::StdRng;
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng};
use tokio_util::sync::CancellationToken;

use super::journal::{Journal, Noted, Promise};

/// The pause between two actions, so that a small machine can serve all users.
const PAUSE: Duration = Duration::from_millis(15);
/// The pause before a request without a response is retried.
const AGAIN_AFTER: Duration = Duration::from_millis(50);

/// State shared by all actors. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Trade {
    journal: Arc<Mutex<Journal>>,
    closing: CancellationToken,
}

impl Trade {
    /// Everything acknowledged so far.
    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().expect("no panic while writing")
    }

    /// Everybody finishes their present action and stops.
    pub(crate) fn close(&self) {
        self.closing.cancel();
    }
}

/// A person who sells and buys.
pub(crate) struct Actor {
    trade: Trade,
    client: Client,
    mine: Vec<TicketId>,
    chance: StdRng,
}

/// The server refused the request.
struct Refusal {
    status: u16,
    /// The code, for programs.
    codes: Vec<String>,
    /// The message, for people.
    message: String,
}

impl Refusal {
    fn new(status: u16, errors: Vec<ErrorEntry>) -> Self {
        let (codes, messages): (_, Vec<_>) = errors.into_iter().map(|error| (error.code, error.message)).unzip();
        Self { status, codes, message: messages.join("; ") }
    }

    fn is(&self, code: &str) -> bool {
        self.codes.iter().any(|own| own == code)
    }
}

impl Actor {
    /// A person whose actions are derived from `seed`.
    pub(crate) fn new(trade: &Trade, client: Client, seed: u64) -> Self {
        Self { trade: trade.clone(), client, mine: Vec::new(), chance: StdRng::seed_from_u64(seed) }
    }

    /// Trades until the market is closed.
    pub(crate) async fn run(mut self) {
        while !self.trade.closing.is_cancelled() {
            self.list().await;
            for _ in 0..2 {
                if let Some(order) = self.order().await {
                    self.decide_about(order).await;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn list(&mut self) {
        let price = Price::from_minor_units(self.chance.random_range(100..10_000)).expect("a price");
        let form = TicketForm::new(format!("Seat {}", self.mine.len()), price);
        match retry_until_answered(|| self.client.create_ticket(&form)).await {
            Ok(ticket) => {
                self.mine.push(ticket.id);
                self.trade.journal().tickets.insert(ticket.id, price);
            }
            Err(refusal) => self.note_surprise("listing a ticket", &refusal),
        }
    }

    /// Tries to reserve one of the others' latest tickets, as others do at the same time.
    async fn order(&mut self) -> Option<Order> {
        let foreign = {
            let journal = self.trade.journal();
            let latest = journal.tickets.keys().rev().filter(|id| !self.mine.contains(id)).take(20);
            latest.copied().choose(&mut self.chance)?
        };
        match retry_until_answered(|| self.client.create_order(foreign)).await {
            Ok(order) => {
                let noted = Noted {
                    ticket: order.ticket.id,
                    expires_at: order.expires_at,
                    could_be_paid: false,
                    promise: Promise::Placed,
                };
                self.trade.journal().orders.entry(order.id).or_insert(noted);
                Some(order)
            }
            // Another buyer was faster; or the listing has not been replicated because a service is down.
            Err(refusal) if [400, 404].contains(&refusal.status) => None,
            Err(refusal) => {
                self.note_surprise("ordering", &refusal);
                None
            }
        }
    }

    async fn decide_about(&mut self, order: Order) {
        if self.trade.journal().orders[&order.id].promise != Promise::Placed {
            return;
        }
        match self.chance.random_range(0..10) {
            0..4 => self.pay(order.id, "tok_visa").await,
            4..6 => self.pay(order.id, "tok_chargeDeclined").await,
            6..9 => self.cancel(order.id).await,
            _ => {}
        }
    }

    async fn pay(&self, order: OrderId, token: &str) {
        if token == "tok_visa" {
            self.note(order, |noted| noted.could_be_paid = true);
        }
        let answer = retry_until_answered(|| self.client.pay(order, token)).await;
        let promise = match answer {
            Ok(_) => Promise::Paid { at: Clock::system().now() },
            Err(refusal) if refusal.is("already_paid") => Promise::Paid { at: Clock::system().now() },
            Err(refusal) if refusal.status == 402 => Promise::Declined,
            Err(refusal) if [400, 404].contains(&refusal.status) => Promise::NotPaid,
            Err(refusal) => return self.note_surprise("paying", &refusal),
        };
        self.note(order, |noted| noted.promise = promise);
    }

    async fn cancel(&self, order: OrderId) {
        match retry_until_answered(|| self.client.cancel_order(order)).await {
            Ok(()) => self.note(order, |noted| noted.promise = Promise::Cancelled),
            Err(refusal) => self.note_surprise("cancelling", &refusal),
        }
    }

    fn note(&self, order: OrderId, change: impl FnOnce(&mut Noted)) {
        change(self.trade.journal().orders.get_mut(&order).expect("it was noted when it was placed"));
    }

    fn note_surprise(&self, doing: &str, refusal: &Refusal) {
        self.trade.journal().surprises.push(format!("{doing}: {} {}", refusal.status, refusal.message));
    }
}

/// The response to `call`, which is retried as long as there is none, or only one by a gateway.
async fn retry_until_answered<T, F>(call: impl Fn() -> F) -> Result<T, Refusal>
where
    F: Future<Output = Result<T, Error>>,
{
    loop {
        match call().await {
            Ok(answer) => return Ok(answer),
            Err(Error::Api { status, errors, .. }) if status.is_client_error() => {
                let refusal = Refusal::new(status.as_u16(), errors);
                if !refusal.is("being_paid") {
                    return Err(refusal);
                }
            }
            Err(Error::Api { .. } | Error::Transport(_)) => {}
            Err(error @ (Error::Decode(_) | Error::BaseUrl(_))) => {
                return Err(Refusal { status: 0, codes: Vec::new(), message: error.to_string() });
            }
        }
        tokio::time::sleep(AGAIN_AFTER).await;
    }
}
