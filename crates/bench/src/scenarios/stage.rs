use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use serde_json::{Value, json};
use testkit::process::Program;

use crate::load::{Job, Tally, closed_loop, get, post};
use crate::system::{Applied, Engine, Meter, People, ServiceName, System, Usage};

/// The number of buyers. Each has many orders, because hashing a password is slow.
const BUYERS: usize = 32;
/// How long background work may continue after the last effect: its cost is measured, too.
const AFTERMATH: Duration = Duration::from_secs(1);

/// The size of every measurement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// The duration of each raw limit.
    pub(crate) raw_time: Duration,
    /// The duration of closed-loop scenarios.
    pub(crate) time: Duration,
    /// The duration of open-loop scenarios.
    pub(crate) arrivals: Duration,
    /// Orders of a burst.
    pub(crate) orders: usize,
    /// Purchases from order to completion.
    pub(crate) purchases: usize,
    /// How many times each process is started.
    pub(crate) starts: usize,
    /// The numbers of earlier purchases with which orders are measured again.
    pub(crate) existing: &'static [u64],
    /// Tickets on sale among which is searched.
    pub(crate) searched: usize,
    /// Sessions that have ended before a start.
    pub(crate) ended_sessions: usize,
    /// Tickets whose files are uploaded.
    pub(crate) uploads: usize,
    /// How often these are downloaded.
    pub(crate) downloads: usize,
}

impl Scale {
    /// Takes a minute or two altogether.
    pub(crate) const QUICK: Self = Self {
        raw_time: Duration::from_millis(500),
        time: Duration::from_millis(1500),
        arrivals: Duration::from_secs(2),
        orders: 2_000,
        purchases: 500,
        starts: 3,
        existing: &[0, 20_000],
        searched: 10_000,
        ended_sessions: 20_000,
        uploads: 100,
        downloads: 1_000,
    };
    /// Takes about a quarter of an hour.
    pub(crate) const FULL: Self = Self {
        raw_time: Duration::from_secs(3),
        time: Duration::from_secs(5),
        arrivals: Duration::from_secs(10),
        orders: 20_000,
        purchases: 8_000,
        starts: 5,
        existing: &[0, 100_000, 1_000_000],
        searched: 100_000,
        ended_sessions: 200_000,
        uploads: 1_000,
        downloads: 10_000,
    };
}

/// The running product with its users.
pub(crate) struct Stage {
    ticketing: Program,
    pub(crate) system: System,
    pub(crate) people: People,
    pub(crate) scale: Scale,
    /// The memory of every process before any request.
    pub(crate) idle: Vec<Usage>,
    /// Tickets for sale without orders.
    stock: Vec<String>,
}

impl Stage {
    /// The product on empty engines.
    ///
    /// # Errors
    /// If it does not work.
    pub(crate) async fn set(ticketing: &Program, engine: Engine, scale: Scale) -> Result<Self> {
        let system = System::launch(ticketing, engine).await?;
        let idle = system.memory()?;
        let people = People::sign_up(&system, BUYERS).await?;
        Ok(Self { ticketing: ticketing.clone(), system, people, scale, idle, stock: Vec::new() })
    }

    /// Starts again on empty engines.
    ///
    /// # Errors
    /// If it does not work.
    pub(crate) async fn begin_again(&mut self) -> Result<()> {
        *self = Self::set(&self.ticketing, self.system.engine, self.scale).await?;
        Ok(())
    }

    /// Lists so many tickets, over so many connections, until all services know them.
    ///
    /// # Errors
    /// If one is refused.
    pub(crate) async fn list(&mut self, count: usize, connections: usize) -> Result<Tally> {
        let form = |number| json!({"title": format!("Row {}, seat {}", number / 100, number % 100), "price": 19.99});
        self.list_all((0..count).map(form), connections).await
    }

    /// The same of tickets that look like this.
    ///
    /// # Errors
    /// If one is refused.
    pub(crate) async fn list_all(&mut self, forms: impl Iterator<Item = Value>, connections: usize) -> Result<Tally> {
        let session = Some(self.people.seller.session.as_str());
        let requests: Vec<Bytes> = forms.map(|form| post("/api/tickets", session, None, &form)).collect();
        let (applied, count) = (Applied::since_now(&self.system).await?, requests.len() as u64);
        let job = Job::each(self.system.address(ServiceName::Tickets), connections, requests);
        let (tally, bodies) = closed_loop(job.keeping()).await?;
        tally.all(201).context("listing tickets")?;
        applied.until(&[("orders-tickets", "tickets.created", count)]).await?;
        for body in &bodies {
            self.stock.push(id(body)?.to_owned());
        }
        Ok(tally)
    }

    /// So many tickets without orders, listed now if there are too few.
    ///
    /// # Errors
    /// If they cannot be listed.
    pub(crate) async fn tickets(&mut self, count: usize) -> Result<Vec<String>> {
        let missing = count.saturating_sub(self.stock.len());
        if missing > 0 {
            self.list(missing, 64).await?;
        }
        Ok(self.stock.split_off(self.stock.len() - count))
    }

    /// Returns tickets that have not been ordered after all.
    pub(crate) fn put_back(&mut self, tickets: Vec<String>) {
        self.stock.extend(tickets);
    }

    /// An order for each of these tickets, by the buyers in turn.
    pub(crate) fn orders(&self, tickets: &[String]) -> Vec<Bytes> {
        let numbered = tickets.iter().enumerate();
        let request = |(number, ticket): (usize, &String)| {
            let session = Some(self.people.buyer(number).session.as_str());
            post("/api/orders", session, None, &json!({"ticketId": ticket}))
        };
        numbered.map(request).collect()
    }

    /// Begins to measure CPU times.
    ///
    /// # Errors
    /// If a process is gone.
    pub(crate) fn meter(&self) -> Result<Meter> {
        Meter::start(&self.system.processes())
    }

    /// Waits until the background work has ended.
    pub(crate) async fn calm_down(&self) {
        tokio::time::sleep(AFTERMATH).await;
    }

    /// Checks on a sample that these tickets are shown as ordered.
    ///
    /// # Errors
    /// If one is not.
    pub(crate) async fn assert_held(&self, tickets: &[String]) -> Result<()> {
        let sample = tickets.iter().step_by(tickets.len().div_ceil(50).max(1));
        let requests = sample.map(|ticket| get(&format!("/api/tickets/{ticket}"), None)).collect();
        let job = Job::each(self.system.address(ServiceName::Tickets), 4, requests).keeping();
        let (tally, bodies) = closed_loop(job).await?;
        tally.all(200)?;
        let held = bodies.iter().filter(|body| is_held(body)).count();
        ensure!(held == bodies.len(), "only {held} of {} tickets show their orders", bodies.len());
        Ok(())
    }
}

/// The id of a response's object, which comes first.
///
/// # Errors
/// If there is none.
pub(crate) fn id(body: &[u8]) -> Result<&str> {
    field(body, "id")
}

/// The first id of this name in a response.
///
/// # Errors
/// If there is none.
pub(crate) fn field<'a>(body: &'a [u8], name: &str) -> Result<&'a str> {
    let text = std::str::from_utf8(body)?;
    let id = text.split_once(&format!(r#""{name}":""#)).and_then(|(_, rest)| rest.get(..24));
    id.with_context(|| format!("no {name} in {text}"))
}

/// Whether a ticket's response names its order.
pub(crate) fn is_held(body: &[u8]) -> bool {
    body.windows(b"\"orderId\"".len()).any(|part| part == b"\"orderId\"")
}

/// So many per second in the time since.
pub(crate) fn per_second(count: usize, began: Instant) -> f64 {
    count as f64 / began.elapsed().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_the_first_one() {
        let body = br#"{"id":"0123456789abcdef01234567","ticket":{"id":"ffffffffffffffffffffffff"}}"#;
        assert_eq!(id(body).expect("an id"), "0123456789abcdef01234567");
        id(b"{}").expect_err("there is none");
        assert!(!is_held(body));
        assert!(is_held(br#"{"id":"0123456789abcdef01234567","orderId":"ffffffffffffffffffffffff"}"#));
    }
}
