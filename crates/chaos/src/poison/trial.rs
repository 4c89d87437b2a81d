use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use common::id::IdGenerator;
use common::time::Timestamp;
use futures::{StreamExt, TryStreamExt, stream};
use ports::clock::Clock;

use super::engines::{Engines, Kind};
use super::letters::Expected;
use super::recipe::{Poison, RECIPES};
use super::system::{System, WINDOW};
use super::trade::{EVENTS_PER_TICKET, TradedTicket, Traders};
use super::{effects, mend, raw, sessions};

/// The system is restarted between the parts, with work in progress.
const PARTS: usize = 4;
/// How many tickets are traded concurrently.
const AT_ONCE: usize = 32;

/// The size of the experiment.
#[derive(Debug, Clone, Copy)]
pub struct Amounts {
    /// Good events, approximately.
    pub good: usize,
    /// Unprocessable messages.
    pub poison: usize,
}

/// The result.
#[derive(Debug)]
pub struct Outcome {
    /// Good events.
    pub good: usize,
    /// Unprocessable messages.
    pub poison: usize,
    /// Dead letters, one for each message and each consumer that has to reject it.
    pub letters: usize,
    /// The time until all effects of the good events were complete.
    pub took: Duration,
    /// The violations.
    pub faults: Vec<String>,
}

/// Good and unprocessable messages, mixed, over one bus.
///
/// # Errors
/// If it cannot be carried out, or does not finish.
pub async fn play(kind: Kind, amounts: Amounts) -> Result<Outcome> {
    let engines = Engines::start(kind).await?;
    let clock = Clock::manual(Timestamp::parse("2026-11-22T12:00:00Z")?);
    let mut system = System::start(&engines, clock.clone()).await?;
    let mut traders = Traders::sign_up(&system.visitor).await?;
    let mut mixture = Mixture::new(amounts, &system);
    let (started, mut traded) = (Instant::now(), Vec::new());
    for part in 0..PARTS {
        if part > 0 {
            system.stop().await?;
            system = System::start(&engines, clock.clone()).await?;
            traders = traders.at(&system.visitor)?;
        }
        traded.extend(mixture.pour(part, &system, &traders).await?);
        if let (1, true, Some(url)) = (part, amounts.poison > 0, engines.nats_url()) {
            mixture.add_raw(raw::publish_all(&url, system.consumers()).await?);
        }
    }
    system.settle().await?;
    clock.advance(WINDOW);
    system.settle().await?;
    let took = started.elapsed();

    let letters = system.dead_letters().await?;
    let mut faults = mixture.expected.faults(&letters);
    faults.extend(effects::faults(&system, &traders, &traded).await?);
    let good = effects::good_events(&system).await?;
    ensure!(good >= amounts.good, "only {good} good events");
    if amounts.poison > 0 {
        faults.extend(mend::replay_works(&system, &traders.buyer).await.err().map(|error| format!("{error:#}")));
        faults.extend(sessions::still_end(&system, &traders.buyer).await.err().map(|error| format!("{error:#}")));
    }
    system.stop().await?;
    Ok(Outcome { good, poison: mixture.poison_count, letters: letters.len(), took, faults })
}

/// Everything to be published, in parts of equal size.
struct Mixture {
    tickets_per_part: usize,
    poison: Vec<Vec<Poison>>,
    poison_count: usize,
    expected: Expected,
}

enum Action<'a> {
    Ticket(usize),
    Poison(&'a Poison),
}

impl Mixture {
    fn new(amounts: Amounts, system: &System) -> Self {
        let (ids, now, consumers) = (IdGenerator::random(), system.clock.now(), system.consumers());
        let mut expected = Expected::default();
        let mut poison: Vec<Vec<Poison>> = (0..PARTS).map(|_| Vec::new()).collect();
        for (number, recipe) in (0..amounts.poison).zip(RECIPES.iter().cycle()) {
            let mixed = recipe.mix(number, &ids, now, consumers);
            for (consumer, reason) in &mixed.refused_by {
                expected.add(consumer, &mixed.envelope.id, reason);
            }
            poison[number % PARTS].push(mixed);
        }
        let tickets_per_part = amounts.good.div_ceil(EVENTS_PER_TICKET * PARTS);
        Self { tickets_per_part, poison, poison_count: amounts.poison, expected }
    }

    fn add_raw(&mut self, raw: Vec<raw::Raw>) {
        self.poison_count += raw.len();
        for message in raw {
            message.refused_by.iter().for_each(|consumer| self.expected.add(consumer, &message.id, "unreadable"));
        }
    }

    /// Publishes one part, with the poison spread evenly among the good events.
    async fn pour(&self, part: usize, system: &System, traders: &Traders) -> Result<Vec<TradedTicket>> {
        let poison = &self.poison[part];
        let tickets = part * self.tickets_per_part..(part + 1) * self.tickets_per_part;
        let every = (self.tickets_per_part / poison.len().max(1)).max(1);
        let mut actions = Vec::new();
        let mut waiting = poison.iter();
        for (position, ticket) in tickets.enumerate() {
            if position % every == 0 {
                actions.extend(waiting.next().map(Action::Poison));
            }
            actions.push(Action::Ticket(ticket));
        }
        actions.extend(waiting.map(Action::Poison));
        let traded: Vec<Option<TradedTicket>> = stream::iter(actions)
            .map(|action| async move {
                match action {
                    Action::Ticket(number) => traders.trade(number).await.map(Some),
                    Action::Poison(poison) => publish(system, poison).await.map(|()| None),
                }
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(traded.into_iter().flatten().collect())
    }
}

async fn publish(system: &System, poison: &Poison) -> Result<()> {
    for published in system.bus.publish(std::slice::from_ref(&poison.envelope)).await {
        published?;
    }
    Ok(())
}
