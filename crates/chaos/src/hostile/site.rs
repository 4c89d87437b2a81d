use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use client::{Client, Order, Price, Ticket, TicketForm};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::people::People;

/// Everybody's password.
pub(super) const PASSWORD: &str = "correct horse battery";

/// How long an expected effect may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two purchases of honest users: a few, not a load test.
const PAUSE: Duration = Duration::from_millis(50);
/// The same where users are limited.
const HUMAN_PAUSE: Duration = Duration::from_millis(250);
/// How many purchases a seller and a buyer make there before others come: nobody pays more than ten times in a row.
const HUMAN_PURCHASES: usize = 8;

/// A marketplace under attack, with two users whose data must stay as it is.
pub struct Site {
    /// Its address.
    pub address: SocketAddr,
    /// Its process.
    pub pid: u32,
    pub(super) seller: Client,
    pub(super) buyer: Client,
    /// The seller's ticket that is for sale.
    pub(super) free: Ticket,
    /// The buyer's order of another ticket of the seller.
    pub(super) order: Order,
    /// Between two purchases of the honest users.
    pub(super) pause: Duration,
    /// How many purchases two of them make, before others take their place.
    pub(super) purchases: usize,
    pub(super) people: People,
    http: reqwest::Client,
}

impl Site {
    /// The marketplace at this address, which the process `pid` runs.
    ///
    /// # Errors
    /// If it does not respond as it should.
    pub async fn open(address: SocketAddr, pid: u32) -> Result<Self> {
        let base = Client::new(&format!("http://{address}"))?;
        let (seller, buyer) = (base.anonymous(), base.anonymous());
        seller.sign_up("seller@example.com", PASSWORD).await?;
        buyer.sign_up("buyer@example.com", PASSWORD).await?;
        let (free, reserved) = (list(&seller, "Row A, seat 1").await?, list(&seller, "Row A, seat 2").await?);
        let order = buyer.create_order(reserved.id).await?;
        let http = http_from(Ipv4Addr::LOCALHOST)?;
        let (pause, purchases, people) = (PAUSE, usize::MAX, People::new(base));
        let site = Self { address, pid, seller, buyer, free, order, pause, purchases, people, http };
        let is_locked = async || Ok(site.visitor().ticket(reserved.id).await?.order_id == Some(site.order.id));
        eventually("the buyer's ticket is locked", is_locked).await?;
        Ok(site)
    }

    /// The same, where users may not do more than people do.
    #[must_use]
    pub fn at_human_pace(self) -> Self {
        Self { pause: HUMAN_PAUSE, purchases: HUMAN_PURCHASES, ..self }
    }

    /// The same behind a proxy that is believed: everybody has an address of their own.
    #[must_use]
    pub fn with_addresses(self) -> Self {
        Self { people: self.people.with_addresses(), ..self }
    }

    pub(super) fn visitor(&self) -> Client {
        self.people.base.anonymous()
    }

    /// Another visitor in the same browser, which auth recognises.
    pub(super) fn at_home(&self, who: &Client) -> Result<Client> {
        Ok(self.visitor().with_device(&who.device().context("has signed in before")?))
    }

    /// A new user.
    pub(super) async fn user(&self, role: &str) -> Result<Client> {
        self.people.user(role).await
    }

    /// A request without a session.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_with(&self.http, method, path)
    }

    /// A request without a session, over connections of its own.
    pub(super) fn request_with(&self, http: &reqwest::Client, method: Method, path: &str) -> RequestBuilder {
        http.request(method, format!("http://{}{path}", self.address))
    }

    /// Everything the two users have, and whether their passwords are unchanged.
    pub(super) async fn belongings(&self) -> Result<Value> {
        let mut lists = Vec::new();
        for (who, path) in [(&self.seller, "/api/tickets?seller=me&limit=100"), (&self.buyer, "/api/orders")] {
            let answer = self.request(Method::GET, path).header("cookie", cookie(who)?).send().await?;
            lists.push(answer.error_for_status()?.json::<Value>().await?);
        }
        for (who, email) in [(&self.seller, "seller@example.com"), (&self.buyer, "buyer@example.com")] {
            self.at_home(who)?.sign_in(email, PASSWORD).await.with_context(|| format!("{email} signs in"))?;
        }
        Ok(json!(lists))
    }
}

/// A new ticket.
pub(super) async fn list(seller: &Client, title: &str) -> Result<Ticket> {
    let price = Price::from_minor_units(19_99).context("a price")?;
    Ok(seller.create_ticket(&TicketForm::new(title, price)).await?)
}

/// The cookie of a signed-in user.
pub(super) fn cookie(who: &Client) -> Result<String> {
    Ok(format!("session={}", who.token().context("is signed in")?))
}

/// A client that sends from this local address.
pub(super) fn http_from(address: Ipv4Addr) -> Result<reqwest::Client> {
    let builder = reqwest::Client::builder().local_address(Some(address.into())).timeout(Duration::from_secs(120));
    // The server closes what is idle for 10 s.
    let builder = builder.pool_idle_timeout(Duration::from_secs(5));
    Ok(builder.redirect(reqwest::redirect::Policy::none()).build()?)
}

/// Waits until the condition holds.
pub(super) async fn eventually(what: &str, is_so: impl AsyncFn() -> Result<bool>) -> Result<()> {
    let began = Instant::now();
    while !is_so().await? {
        if began.elapsed() > PATIENCE {
            bail!("not within {PATIENCE:?}: {what}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
