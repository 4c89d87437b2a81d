use anyhow::{Context, Result};
use client::{Client, DeliveryForm, EventId, OrderId, OrderStatus, Price, Scan, ScanAnswer, TicketForm};
use common::organisers::{AskOrganisers, ChangeOrganisers, ORGANISERS};
use ports::clock::Clock;
use testkit::shows::winter_ensemble;

use super::{AGAIN_AFTER, Market, Reply, ask, until};

const DOOR: &str = "North";
/// How many places let somebody in, in any experiment; every other one was sold on before.
const ADMITTED_AT_LEAST: usize = 2;
/// As long as a code, and signed by nobody.
const FORGED: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";

/// An organiser whose tickets we issue, two guests of whom one sells to the other, and the door.
pub(in crate::processes) struct BoxOffice {
    market: Market,
    organiser: Client,
    guests: [Client; 2],
    event: EventId,
    /// How many places were offered, how many of them let somebody in, and how many scans were made.
    places: usize,
    admitted: usize,
    scans: usize,
}

impl BoxOffice {
    /// Adds the event. `delivery` is the URL of the service that is told who organises it.
    pub(in crate::processes) async fn open(
        market: Market,
        delivery: &str,
        organiser: Client,
        guests: [Client; 2],
    ) -> Result<Self> {
        let form = winter_ensemble();
        let event = organiser.add_event(&form).await?.id;
        let person = organiser.current_user().await?.context("has just signed up")?.id;
        let asked = AskOrganisers { event, change: Some(ChangeOrganisers::Add(person)) };
        let request = reqwest::Client::new().post(format!("{delivery}{ORGANISERS}")).json(&asked);
        request.send().await?.error_for_status().context("who organises it")?;
        Ok(Self { market, organiser, guests, event, places: 0, admitted: 0, scans: 0 })
    }

    /// Sells places and lets people in until the market closes.
    pub(in crate::processes) async fn trade(mut self) {
        while !self.market.closing.is_cancelled() {
            // What an outage has broken off is what the books say.
            self.admitted += usize::from(self.sell_and_admit().await.is_some());
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        if self.admitted < ADMITTED_AT_LEAST {
            let what = format!("of {} places, {} were sold, perhaps resold, and let in", self.places, self.admitted);
            self.market.journal().surprises.push(what);
        }
    }

    /// One place from its listing to the door; every other one is sold on before that. `None` if something was not
    /// answered in time.
    async fn sell_and_admit(&mut self) -> Option<()> {
        let (organiser, [first, second]) = (self.organiser.clone(), self.guests.clone());
        self.places += 1;
        let order = self.sell(&organiser, None, &first).await?;
        let mut code = code_of(&first, order).await?;
        if self.places.is_multiple_of(2) {
            let resold = self.sell(&first, Some(order), &second).await?;
            let newer = code_of(&second, resold).await?;
            let scan = self.scan(&code);
            self.expect(&scan, "was sold on", |answer| *answer == ScanAnswer::Void).await?;
            code = newer;
        }
        let first = self.scan(&code);
        for _ in 0..2 {
            self.expect(&first, "is scanned first", |answer| *answer == ScanAnswer::Admitted).await?;
        }
        let is_first = |answer: &ScanAnswer| matches!(answer, ScanAnswer::Already { door, .. } if door == DOOR);
        let later = self.scan(&code);
        self.expect(&later, "was scanned before", is_first).await?;
        let forged = self.scan(FORGED);
        self.expect(&forged, "was issued by nobody", |answer| *answer == ScanAnswer::Unknown).await
    }

    /// The order by which the buyer has got a place that the seller had: the organiser, or whoever has bought it.
    async fn sell(&self, seller: &Client, bought_by: Option<OrderId>, buyer: &Client) -> Option<OrderId> {
        let form = TicketForm {
            event_id: Some(self.event.to_string()),
            seat: Some(self.places.to_string()),
            delivery: Some(DeliveryForm::Ours { bought_by: bought_by.map(|order| order.to_string()) }),
            ..TicketForm::new(format!("Place {}", self.places), Price::from_minor_units(7500).ok()?)
        };
        let Reply::Done(ticket) = ask(seller.create_ticket(&form)).await else { return None };
        let is_for_sale = || async {
            match ask(seller.ticket(ticket.id)).await {
                Reply::Done(ticket) => ticket.details.delivery?.seal(),
                _ => None,
            }
        };
        until(is_for_sale).await?;
        let ordered = || async {
            match ask(buyer.create_order(ticket.id)).await {
                Reply::Done(order) => Some(order.id),
                _ => None,
            }
        };
        let order = until(ordered).await?;
        let paid = || async {
            // The answer may have been lost.
            let _ = ask(buyer.pay(order, "tok_visa")).await;
            let Reply::Done(order) = ask(buyer.order(order)).await else { return None };
            matches!(order.status, OrderStatus::Complete | OrderStatus::Cancelled).then_some(order.status)
        };
        (until(paid).await? == OrderStatus::Complete).then_some(order)
    }

    /// Sends a scan, again if there is no answer, and notes an answer that is wrong.
    async fn expect(&self, scan: &Scan, what: &str, is_right: impl Fn(&ScanAnswer) -> bool) -> Option<()> {
        let scanned = || async {
            match ask(self.organiser.check_in(self.event, DOOR, std::slice::from_ref(scan))).await {
                Reply::Done(scanned) => Some(scanned),
                _ => None,
            }
        };
        let scanned = until(scanned).await?;
        if !matches!(scanned.as_slice(), [one] if one.id == scan.id && is_right(&one.answer)) {
            let what = format!("at the door, of a code that {what}: {scanned:?}");
            self.market.journal().surprises.push(what);
        }
        Some(())
    }

    /// Reads a code, now.
    fn scan(&mut self, code: &str) -> Scan {
        self.scans += 1;
        Scan { code: code.to_owned(), at: Clock::system().now(), id: self.scans.to_string() }
    }
}

/// The code that a buyer has got.
async fn code_of(buyer: &Client, order: OrderId) -> Option<String> {
    let shown = || async {
        match ask(buyer.delivery(order)).await {
            Reply::Done(delivery) => delivery.codes.first().map(|code| code.text.clone()),
            _ => None,
        }
    };
    until(shown).await
}
