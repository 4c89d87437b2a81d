use anyhow::{Context, Result};
use bytes::Bytes;
use rand::Rng;
use serde::Serialize;
use serde_json::{Value, json};

use super::CONNECTIONS;
use super::contract::{self, CREATE_ORDER, CREATE_TICKET, SHOW_TICKET};
use super::purchase::{self, Purchase};
use super::site::Site;
use super::stock::{list, listed, until_ordered};
use super::visitor::Visitor;
use crate::load::{Connection, Job, Tally, closed_loop};

/// Buyers, who take turns: hashing a password is slow on purpose.
const BUYERS: usize = 32;
/// Reads for each order, and orders for each purchase.
const READS: usize = 10;
const ORDERS_OF_A_PURCHASE: usize = 4;
/// Which part of the reads comes first and is not measured: some products get faster as they run.
const WARM_UP: usize = 10;
/// The page that is listed.
const PAGE: usize = 20;

/// What both sites are asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Load {
    /// The first page of the list.
    ListPage,
    /// Tickets by their ids.
    OneTicket,
    /// Orders for different tickets.
    Order,
    /// Order, pay, and see that the order is complete.
    Purchase,
}

impl Load {
    /// In the order in which they are measured.
    pub(super) const ALL: [Self; 4] = [Self::ListPage, Self::OneTicket, Self::Order, Self::Purchase];

    /// A readable name.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::ListPage => "list page of 20",
            Self::OneTicket => "one ticket by id",
            Self::Order => "order",
            Self::Purchase => "purchase: order, pay, complete",
        }
    }
}

/// A site with people, and tickets that they can buy.
pub(super) struct Market {
    site: Site,
    buyers: Vec<Visitor>,
    /// To be ordered.
    tickets: Vec<String>,
    /// To be bought.
    bought: Vec<String>,
}

impl Market {
    /// Signs people up, and lists enough tickets for so many orders and their part of purchases.
    ///
    /// # Errors
    /// If an answer is not the contract's, or what was listed cannot be ordered.
    pub(super) async fn open(site: &Site, count: usize) -> Result<Self> {
        // The peer remembers those of the last comparison.
        let run = rand::rng().random::<u32>();
        let seller = Visitor::sign_up(site, &format!("bench-{run:08x}-seller@example.com")).await?;
        let mut buyers = Vec::new();
        for number in 0..BUYERS {
            buyers.push(Visitor::sign_up(site, &format!("bench-{run:08x}-{number}@example.com")).await?);
        }
        let purchases = count.div_ceil(ORDERS_OF_A_PURCHASE);
        let mut tickets = list(site, &seller, count + purchases).await?;
        let last = listed(site, &seller, "Last of all").await?;
        until_ordered(site, &buyers[0], &last).await?;
        let bought = tickets.split_off(count);
        Ok(Self { site: site.clone(), buyers, tickets, bought })
    }

    /// Drives one load.
    ///
    /// # Errors
    /// If an answer is not the contract's.
    pub(super) async fn measure(&self, load: Load) -> Result<Tally> {
        let stranger = Visitor::stranger(&self.site);
        match load {
            Load::ListPage => {
                check_list(&self.site).await?;
                self.read(vec![stranger.get(&list_path())]).await.with_context(|| format!("GET {}", list_path()))
            }
            Load::OneTicket => {
                let path = |ticket: &String| format!("{}{ticket}", SHOW_TICKET.path);
                self.check_ticket(&stranger, &path(&self.tickets[0])).await?;
                let paths = self.tickets.iter().map(path);
                self.read(paths.map(|path| stranger.get(&path)).collect()).await.context("GET /api/tickets/{id}")
            }
            Load::Order => {
                let orders = self.tickets.iter().enumerate().map(|(number, ticket)| self.order(number, ticket).order);
                let job = Job::each(self.site.orders, CONNECTIONS, orders.collect()).only(CREATE_ORDER.status);
                Ok(closed_loop(job).await.context("POST /api/orders")?.0)
            }
            Load::Purchase => {
                let purchases = self.bought.iter().enumerate().map(|(number, ticket)| self.order(number, ticket));
                purchase::buy_all(self.site.clone(), purchases.collect()).await
            }
        }
    }

    /// The order of a ticket, by the buyers in turn.
    fn order(&self, number: usize, ticket: &str) -> Purchase {
        let buyer = self.buyers[number % self.buyers.len()].clone();
        Purchase { order: buyer.post(CREATE_ORDER.path, &json!({"ticketId": ticket})), buyer }
    }

    /// Reads these in turn.
    async fn read(&self, requests: Vec<Bytes>) -> Result<Tally> {
        let reads = READS * self.tickets.len();
        let first = requests.iter().cycle().take(reads / WARM_UP).cloned().collect();
        closed_loop(Job::each(self.site.tickets, CONNECTIONS, first).only(200)).await?;
        let all = requests.iter().cycle().take(reads).cloned().collect();
        Ok(closed_loop(Job::each(self.site.tickets, CONNECTIONS, all).only(200)).await?.0)
    }

    async fn check_ticket(&self, stranger: &Visitor, path: &str) -> Result<Value> {
        let mut tickets = Connection::open(self.site.tickets).await?;
        contract::check(&SHOW_TICKET, &tickets.exchange(&stranger.get(path)).await?)
    }
}

fn list_path() -> String {
    format!("{}?limit={PAGE}", CREATE_TICKET.path)
}

/// Checks the list.
///
/// # Errors
/// If the site cannot be reached, or its list is not the contract's.
pub(super) async fn check_list(site: &Site) -> Result<usize> {
    let (path, mut tickets) = (list_path(), Connection::open(site.tickets).await?);
    contract::check_list(&path, PAGE, &tickets.exchange(&Visitor::stranger(site).get(&path)).await?)
}
