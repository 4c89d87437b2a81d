//! Whether sellers and buyers of files get what they should while the object store is away, and afterwards.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use client::{Client, DeliveryForm, DeliveryState, Error, OrderId, OrderStatus, Price, TicketForm, TicketId};
use ports::clock::Clock;
use testkit::passes::pass;

use super::fault::FileAccess;
use super::load::{Reply, ask};
use super::reconcile::Violation;

/// The pause before a retry.
const AGAIN_AFTER: Duration = Duration::from_millis(200);
/// How long a sale may take that needs no file.
const SOLD_WITHIN: Duration = Duration::from_secs(30);
/// How long an answer about a file may take: delivery asks twice, for 15 s each, and clears away likewise.
const ANSWERED_WITHIN: Duration = Duration::from_secs(120);
/// How long it may take until files can be had again: connections that nobody has noticed are dead stay for 90 s.
const RECOVERS_WITHIN: Duration = Duration::from_secs(120);

/// A seller and a buyer of files.
pub(super) struct Files {
    seller: Client,
    buyer: Client,
    listings: u32,
    /// What was sold so far, the latest last.
    sold: Vec<Sold>,
}

/// A file that was bought.
struct Sold {
    order: OrderId,
    file: Vec<u8>,
}

/// What is done while the store is away, and looked at again afterwards.
pub(super) struct Meanwhile {
    for_sale: (TicketId, Vec<u8>),
    unsealed: TicketId,
    file: Vec<u8>,
}

/// What became of an upload or a download.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    TryAgain,
    Wrong(String),
}

impl Files {
    /// They have sold and bought a file.
    pub(super) async fn new(seller: Client, buyer: Client) -> Result<Self> {
        let mut files = Self { seller, buyer, listings: 0, sold: Vec::new() };
        let (ticket, file) = files.sealed().await?;
        let sold = Sold { order: files.buy(ticket).await?, file };
        until(async || files.download(&sold).await == Outcome::Done).await?;
        files.sold.push(sold);
        Ok(files)
    }

    /// Prepares for a fault: one ticket is for sale, and another waits for its file.
    pub(super) async fn prepare(&mut self) -> Result<Meanwhile> {
        let for_sale = self.sealed().await?;
        let (unsealed, file) = self.listed().await?;
        Ok(Meanwhile { for_sale, unsealed, file })
    }

    /// Sells, downloads and uploads while only this of the store works; returns the order and what is wrong.
    pub(super) async fn try_out(&self, meanwhile: &Meanwhile, access: FileAccess) -> (Option<OrderId>, Vec<Violation>) {
        let sold = self.sold.last().expect("one was sold at first");
        let buying = tokio::time::timeout(SOLD_WITHIN, self.buy(meanwhile.for_sale.0));
        let (bought, downloaded, uploaded) =
            tokio::join!(buying, self.download(sold), self.upload(meanwhile.unsealed, &meanwhile.file));
        let mut wrong = Vec::new();
        let bought = match bought.context("it takes too long").and_then(|bought| bought) {
            Ok(order) => Some(order),
            Err(error) => {
                wrong.push(format!("no sealed ticket could be bought: {error:#}"));
                None
            }
        };
        let (may_read, may_write) = (access != FileAccess::Nothing, access == FileAccess::Everything);
        let expected = |works: bool| if works { Outcome::Done } else { Outcome::TryAgain };
        if downloaded != expected(may_read) {
            wrong.push(format!("a download: {downloaded:?}"));
        }
        if uploaded != expected(may_write) {
            wrong.push(format!("an upload: {uploaded:?}"));
        }
        (bought, wrong.into_iter().map(|what| found(&what)).collect())
    }

    /// Everything works again: what was sold before and meanwhile is there, and what could not be uploaded can.
    pub(super) async fn again(&mut self, meanwhile: &Meanwhile, bought: Option<OrderId>) -> Vec<Violation> {
        self.sold.extend(bought.map(|order| Sold { order, file: meanwhile.for_sale.1.clone() }));
        let mut wrong = Vec::new();
        for sold in &self.sold {
            if until(async || self.download(sold).await == Outcome::Done).await.is_err() {
                wrong.push(format!("afterwards the file of order {}: {:?}", sold.order, self.download(sold).await));
            }
        }
        let upload = async || self.upload(meanwhile.unsealed, &meanwhile.file).await;
        if until(async || upload().await == Outcome::Done).await.is_err() {
            wrong.push(format!("afterwards an upload: {:?}", upload().await));
        }
        wrong.into_iter().map(|what| found(&what)).collect()
    }

    /// A listing, and a file for it.
    async fn listed(&mut self) -> Result<(TicketId, Vec<u8>)> {
        self.listings += 1;
        let form = TicketForm {
            delivery: Some(DeliveryForm::Sealed),
            ..TicketForm::new(format!("File {}", self.listings), Price::from_minor_units(1000).context("a price")?)
        };
        let seller = &self.seller;
        let ticket = patiently(async || ask(seller.create_ticket(&form)).await).await?.id;
        Ok((ticket, pass(&format!("FILE/{ticket}"))))
    }

    /// One that is for sale.
    async fn sealed(&mut self) -> Result<(TicketId, Vec<u8>)> {
        let (ticket, file) = self.listed().await?;
        until(async || self.upload(ticket, &file).await == Outcome::Done).await?;
        let is_sealed = async || {
            let shown = self.seller.ticket(ticket).await;
            shown.is_ok_and(|ticket| ticket.details.delivery.and_then(|promise| promise.seal()).is_some())
        };
        until(is_sealed).await?;
        Ok((ticket, file))
    }

    /// The order by which the buyer has got it.
    async fn buy(&self, ticket: TicketId) -> Result<OrderId> {
        let buyer = &self.buyer;
        let order = patiently(async || ask(buyer.create_order(ticket)).await).await?.id;
        loop {
            // The answer may have been lost.
            let _ = ask(buyer.pay(order, "tok_visa")).await;
            match ask(buyer.order(order)).await {
                Reply::Done(order) if order.status == OrderStatus::Complete => break,
                Reply::Done(order) if order.status == OrderStatus::Cancelled => bail!("the order was cancelled"),
                _ => tokio::time::sleep(AGAIN_AFTER).await,
            }
        }
        while !matches!(ask(buyer.delivery(order)).await, Reply::Done(of) if of.state == DeliveryState::Released) {
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        Ok(order)
    }

    async fn download(&self, sold: &Sold) -> Outcome {
        let downloading = async {
            let mut download = self.buyer.delivered_file(sold.order).await?;
            let mut file = Vec::new();
            while let Some(part) = download.next().await? {
                file.extend_from_slice(&part);
            }
            Ok(file == sold.file)
        };
        outcome(tokio::time::timeout(ANSWERED_WITHIN, downloading).await)
    }

    async fn upload(&self, ticket: TicketId, file: &[u8]) -> Outcome {
        let uploading = async { self.seller.seal_file(ticket, file.to_vec()).await.map(|sealing| sealing.checked) };
        outcome(tokio::time::timeout(ANSWERED_WITHIN, uploading).await)
    }
}

/// Waits until it is so.
async fn until(is_so: impl AsyncFn() -> bool) -> Result<()> {
    let began = Instant::now();
    while !is_so().await {
        if began.elapsed() > RECOVERS_WITHIN {
            bail!("not within {RECOVERS_WITHIN:?}");
        }
        tokio::time::sleep(AGAIN_AFTER).await;
    }
    Ok(())
}

/// Whether the file is right, or whoever asked is told to try again; everything else is wrong.
fn outcome(answer: Result<Result<bool, Error>, tokio::time::error::Elapsed>) -> Outcome {
    match answer {
        Ok(Ok(true)) => Outcome::Done,
        Ok(Ok(false)) => Outcome::Wrong("it is another file".into()),
        Ok(Err(error)) if is_put_off(&error) => Outcome::TryAgain,
        Ok(Err(error)) => Outcome::Wrong(error.to_string()),
        Err(_) => Outcome::Wrong(format!("no answer within {ANSWERED_WITHIN:?}")),
    }
}

/// Those who wait for the store take the places of others, too.
fn is_put_off(error: &Error) -> bool {
    let codes = ["try_again", "too_many_files"];
    error.status().is_some_and(|status| status == 503) && error.code().is_some_and(|code| codes.contains(&code))
}

/// Asks again until it is done; what is refused now may be possible in a moment.
async fn patiently<T>(mut request: impl AsyncFnMut() -> Reply<T>) -> Result<T> {
    let began = Instant::now();
    loop {
        match request().await {
            Reply::Done(done) => return Ok(done),
            Reply::Refused(status, message) if began.elapsed() > RECOVERS_WITHIN => bail!("{status} {message}"),
            _ if began.elapsed() > RECOVERS_WITHIN => bail!("no answer"),
            _ => tokio::time::sleep(AGAIN_AFTER).await,
        }
    }
}

fn found(what: &str) -> Violation {
    Violation::seen("files", what, Clock::system().now())
}
