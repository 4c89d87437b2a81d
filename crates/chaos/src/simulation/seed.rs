use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use futures::future::join_all;
use tokio::time::Instant;

use super::banks::Banks;
use super::chance::Chance;
use super::history::{self, History};
use super::invariants::{self, Run};
use super::outcome::{Outcome, Violation};
use super::people::{Market, Person};
use super::plan::Plan;
use super::planted::{Planted, PlantedFault};
use super::remains::Remains;
use super::system::System;
use crate::services;

/// How long after a sign-out, or after the faults stopped, the session must be refused everywhere.
const REVOKED_WITHIN: Duration = Duration::from_secs(2);
/// By then everything that was delayed has arrived.
const STRAGGLERS: Duration = Duration::from_secs(10);

/// Runs one seed, on a thread of its own. The same seed is the same run, everywhere.
///
/// # Panics
/// If the system cannot create a thread.
pub fn run_seed(seed: u64) -> Outcome {
    on_a_thread(seed, Planted(None))
}

/// The same with a deliberate fault at the services' ports.
pub(crate) fn run_with_fault(seed: u64, fault: PlantedFault) -> Outcome {
    on_a_thread(seed, Planted(Some(fault)))
}

fn on_a_thread(seed: u64, planted: Planted) -> Outcome {
    // Process-wide statics must not be initialised by a seed: it would draw numbers that others do not.
    services::make_known();
    let run = move || {
        // Before anything else on this thread draws a number.
        entropy::seed(seed);
        live(seed, planted)
    };
    let thread = std::thread::Builder::new().name(format!("seed {seed}")).spawn(run).expect("there is a thread left");
    thread.join().unwrap_or_else(|_| failed(seed, "the simulation panicked".into()))
}

fn live(seed: u64, planted: Planted) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .max_blocking_threads(1)
        .build()
        .map_err(anyhow::Error::from);
    let remains = Remains::default();
    // The runtime ends with this line, and all tasks with it.
    match runtime.and_then(|runtime| runtime.block_on(acts(seed, planted, &remains))) {
        Ok(outcome) => leaving(outcome, &remains.left()),
        Err(error) => failed(seed, format!("the simulation could not be carried out: {error:#}")),
    }
}

/// The outcome of a run that leaves this behind: the memory of many seeds would grow.
fn leaving(mut outcome: Outcome, left: &[String]) -> Outcome {
    if !left.is_empty() {
        outcome.violations.push(Violation { invariant: "run", seen: format!("{} outlive it", left.join(", ")) });
    }
    outcome
}

fn failed(seed: u64, seen: String) -> Outcome {
    let violations = vec![Violation { invariant: "run", seen }];
    Outcome { seed, violations, fingerprint: 0, lasted: Duration::ZERO, entries: Vec::new() }
}

/// The phases: start, faults, recovery, checks.
async fn acts(seed: u64, planted: Planted, remains: &Remains) -> Result<Outcome> {
    let chance = Chance::new(seed);
    let plan = Plan::of(seed, &chance);
    let history = History::begin();
    let system = Arc::new(System::start(plan.clone(), planted, &chance, history.clone(), remains.clone()).await?);
    remains.watch("the system", &system);
    let people = Person::sign_up_all(&system, &Arc::new(Market::default()), &chance).await?;

    tokio::spawn(Banks::new(&system, chance.fork()).work(Arc::downgrade(&system)));
    storm(&system, &people, &chance).await?;

    system.heal();
    system.ready().await;
    tokio::time::sleep(REVOKED_WITHIN).await;
    for person in &people {
        person.try_every_session().await;
    }
    tokio::time::sleep(STRAGGLERS).await;
    let came_to_rest = system.settle().await && {
        // What is ordered now, without faults, must end in time.
        Person::leave_one_unpaid(&people).await;
        system.settle().await
    };
    for person in &people {
        person.read_every_order().await;
    }

    let run = Run::collect(&system, plan, came_to_rest).await.context("reading what is left")?;
    let violations = invariants::check(&run);
    let fingerprint = history::fingerprint(&run.entries);
    Ok(Outcome { seed, violations, fingerprint, lasted: history.began().elapsed(), entries: run.entries })
}

/// People act, and faults happen.
async fn storm(system: &Arc<System>, people: &[Arc<Person>], chance: &Chance) -> Result<()> {
    let until = Instant::now() + system.around.plan.storm;
    system.around.weather.break_loose();
    let lives = join_all(people.iter().map(|person| tokio::spawn(person.clone().live(until))));
    let rushes = rush(people, chance.fork(), until);
    let (lives, (), mishaps) = tokio::join!(lives, rushes, mishaps(system, chance.fork(), until));
    for life in lives {
        life.context("a person panicked")?;
    }
    mishaps
}

/// Now and then several people race for the same ticket, sometimes while its seller changes it.
async fn rush(people: &[Arc<Person>], chance: Chance, until: Instant) {
    loop {
        tokio::time::sleep(chance.millis(500..=4_000)).await;
        if Instant::now() >= until {
            return;
        }
        let Some(ticket) = people.first().and_then(|person| person.newest_ticket()) else { continue };
        let seller = people.get(ticket.seller).filter(|_| chance.hits(4_000));
        let change = async {
            if let Some(seller) = seller {
                seller.reconsider(&ticket.id).await
            }
        };
        tokio::join!(join_all(people.iter().map(|person| person.reserve(&ticket.id))), change);
    }
}

/// Faults of whole machines.
async fn mishaps(system: &System, chance: Chance, until: Instant) -> Result<()> {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if Instant::now() >= until {
            return Ok(());
        }
        if system.around.weather.strikes(|rates| rates.clock_step) {
            let skew = i64::from(chance.between(0..=8_000)) - 4_000;
            let processes: Vec<_> = system.processes().collect();
            if let Some(process) = chance.pick(&processes) {
                system.set_clock(process, if chance.hits(3_000) { 0 } else { skew });
            }
        }
        if system.around.weather.strikes(|rates| rates.power_cut) {
            system.cut_power().await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_leaves_something_behind_is_broken() {
        let outcome = || Outcome { violations: Vec::new(), ..failed(3, String::new()) };
        assert!(leaving(outcome(), &[]).held());
        let broken = leaving(outcome(), &["the system".into(), "a life of orders".into()]);
        let seen = "the system, a life of orders outlive it".to_owned();
        assert_eq!(broken.violations, [Violation { invariant: "run", seen }]);
    }
}
