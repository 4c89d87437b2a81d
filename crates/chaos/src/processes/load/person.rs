use std::time::Duration;

use client::{Client, DeliveryForm, Error, Order, OrderId, Price, TicketForm, TicketId};
use rand::rngs::StdRng;
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng};

use super::gift::{Gift, GiftForm};
use super::{ChangeMade, Market, Promise, Reply, ask};

/// The pause between two actions.
const PAUSE: std::ops::Range<Duration> = Duration::from_millis(100)..Duration::from_millis(400);
/// People choose among this many of the latest tickets: few, so that they race.
const LATEST: usize = 12;
/// A card that is accepted, and one that is declined.
const GOOD_CARD: &str = "tok_visa";
const BAD_CARD: &str = "tok_chargeDeclined";

/// A person who sells and buys.
pub(super) struct Person {
    market: Market,
    client: Client,
    mine: Vec<TicketId>,
    /// The last one listed, unless it is withdrawn.
    newest: Option<TicketId>,
    /// How many seats were offered: no two listings are of one seat.
    seats: usize,
    chance: StdRng,
}

impl Person {
    /// A person whose actions are derived from `seed`.
    pub(super) fn new(market: Market, client: Client, seed: u64) -> Self {
        Self { market, client, mine: Vec::new(), newest: None, seats: 0, chance: StdRng::seed_from_u64(seed) }
    }

    /// Trades until the market closes.
    pub(super) async fn trade(mut self) {
        while !self.market.closing.is_cancelled() {
            self.sell().await;
            for _ in 0..2 {
                if let Some(order) = self.order().await {
                    self.decide_about(order).await;
                }
                tokio::time::sleep(self.chance.random_range(PAUSE)).await;
            }
        }
    }

    async fn sell(&mut self) {
        match self.newest {
            Some(ticket) if self.chance.random_bool(0.3) => self.edit(ticket).await,
            Some(ticket) if self.chance.random_bool(0.1) => self.withdraw(ticket).await,
            // Another one, if it has one; else it is refused.
            Some(ticket) if self.chance.random_bool(0.1) => self.give(ticket).await,
            _ => self.list().await,
        }
    }

    async fn list(&mut self) {
        let is_sealed = self.chance.random_bool(0.4);
        let form = TicketForm { delivery: is_sealed.then_some(DeliveryForm::Sealed), ..self.form() };
        if let Some(ticket) = self.settle("listing a ticket", &[], ask(self.client.create_ticket(&form)).await) {
            self.mine.push(ticket.id);
            self.newest = Some(ticket.id);
            self.market.journal().list(&ticket);
            if is_sealed {
                self.give(ticket.id).await;
            }
        }
    }

    /// Gives the ticket itself, as a file or by the text of its code.
    async fn give(&mut self, ticket: TicketId) {
        let form = match self.chance.random_range(0..100) {
            0..3 => GiftForm::Document,
            3..60 => GiftForm::Pass,
            _ => GiftForm::Typed,
        };
        let gift = Gift::new(format!("ADMIT {}", self.chance.random::<u64>()), form);
        self.market.journal().note_ticket(ticket, |listed| listed.gifts.push(gift.clone()));
        let giving = async {
            match gift.file() {
                Some(file) => self.client.seal_file(ticket, file).await,
                None => self.client.seal_code(ticket, &gift.code, None).await,
            }
        };
        let answer = ask(async { giving.await.inspect_err(|error| self.blamed(&gift, error)) }).await;
        if let Some(sealing) = self.settle("giving a ticket", &[400], answer) {
            let given = sealing.pending_seal.unwrap_or(sealing.seal);
            self.market.journal().note_ticket(ticket, |listed| {
                listed.given = listed.given.max(given);
                listed
                    .gifts
                    .iter_mut()
                    .filter(|known| known.code == gift.code)
                    .for_each(|known| known.seal = Some(given));
            });
        }
    }

    /// A good file must not be blamed for what goes wrong elsewhere: its seller would look for another.
    fn blamed(&self, gift: &Gift, error: &Error) {
        if error.code() == Some("file_refused") {
            self.market.journal().surprises.push(format!("giving {gift:?}: {error}"));
        }
    }

    /// It may be reserved by then, which the server has to detect.
    async fn edit(&mut self, ticket: TicketId) {
        let form = self.form();
        let mut before = None;
        self.market.journal().note_ticket(ticket, |listed| before = listed.price.take());
        let answer = ask(self.client.edit_ticket(ticket, &form)).await;
        self.market.journal().note_ticket(ticket, |listed| match &answer {
            Reply::Done(edited) => {
                listed.price = Some(edited.price);
                listed.change(ChangeMade::Edited(Box::new(edited.clone())));
            }
            Reply::Refused(..) => listed.price = before,
            Reply::Unknown | Reply::Silence => {}
        });
        self.settle("editing a ticket", &[400], answer);
    }

    /// The same holds for that.
    async fn withdraw(&mut self, ticket: TicketId) {
        self.market.journal().note_ticket(ticket, |listed| listed.could_be_withdrawn = true);
        let answer = ask(self.client.withdraw_ticket(ticket)).await;
        if self.settle("withdrawing a ticket", &[400], answer).is_some() {
            self.newest = None;
            self.market.journal().note_ticket(ticket, |listed| listed.change(ChangeMade::Withdrawn));
        }
    }

    async fn order(&mut self) -> Option<Order> {
        let ticket = {
            let journal = self.market.journal();
            let foreign = journal.tickets.keys().rev().filter(|id| !self.mine.contains(id)).take(LATEST);
            foreign.copied().choose(&mut self.chance)?
        };
        // It is reserved by another buyer or withdrawn, or it is the person's own because of a lost response.
        let answer = ask(self.client.create_order(ticket)).await;
        let order = self.settle("ordering", &[400], answer)?;
        self.market.journal().place(&order, &self.client);
        Some(order)
    }

    async fn decide_about(&mut self, order: Order) {
        match self.chance.random_range(0..100) {
            0..40 => self.pay(order.id, GOOD_CARD).await,
            40..52 => self.pay(order.id, BAD_CARD).await,
            52..66 => self.cancel(order.id).await,
            66..82 => self.pay_and_cancel(order.id).await,
            82..90 => drop(tokio::join!(self.pay(order.id, GOOD_CARD), self.pay(order.id, GOOD_CARD))),
            // Some never come back to their order.
            _ => {}
        }
    }

    /// In two windows at nearly the same time.
    async fn pay_and_cancel(&mut self, order: OrderId) {
        let hesitation = Duration::from_millis(self.chance.random_range(0..120));
        tokio::join!(self.pay(order, GOOD_CARD), async {
            tokio::time::sleep(hesitation).await;
            self.cancel(order).await;
        });
    }

    async fn pay(&self, order: OrderId, card: &str) {
        if card == GOOD_CARD {
            // Who orders a ticket again is given the order they hold: another card may have been declined before.
            self.market.journal().note(order, |placed| {
                placed.could_be_paid = true;
                placed.promises.retain(|promise| *promise != Promise::Declined);
            });
        }
        let promise = match ask(self.client.pay(order, card)).await {
            Reply::Done(_) => Promise::Paid,
            Reply::Refused(402, _) => Promise::Declined,
            // It has ended meanwhile.
            other => {
                self.settle("paying", &[400], other);
                return;
            }
        };
        self.market.journal().note(order, |placed| placed.promises.push(promise));
    }

    async fn cancel(&self, order: OrderId) {
        self.market.journal().note(order, |placed| placed.could_be_cancelled = true);
        let answer = ask(self.client.cancel_order(order)).await;
        if self.settle("cancelling", &[400], answer).is_some() {
            self.market.journal().note(order, |placed| placed.promises.push(Promise::Cancelled));
        }
    }

    fn form(&mut self) -> TicketForm {
        let price = Price::from_minor_units(self.chance.random_range(100..10_000)).expect("more than nothing");
        self.seats += 1;
        let seat = self.seats.to_string();
        TicketForm {
            event: Some("Concert".into()),
            seat: Some(seat.clone()),
            ..TicketForm::new(format!("Seat {seat}"), price)
        }
    }

    /// The result, if it is known. Refusals other than the `excused` are recorded as surprises.
    fn settle<T>(&self, doing: &str, excused: &[u16], answer: Reply<T>) -> Option<T> {
        let mut journal = self.market.journal();
        match answer {
            Reply::Done(done) => return Some(done),
            Reply::Refused(status, _) if excused.contains(&status) => {}
            Reply::Refused(status, message) => journal.surprises.push(format!("{doing}: {status} {message}")),
            Reply::Unknown => journal.unknown += 1,
            Reply::Silence => journal.silences += 1,
        }
        None
    }
}
