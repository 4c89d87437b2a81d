use std::collections::VecDeque;
use std::future::ready;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ports::clock::Clock;
use rand::SeedableRng;
use rand::rngs::StdRng;
use server::services::ServiceName;

use super::binary::Binary;
use super::fault::Fault;
use super::files::Files;
use super::inflict::inflict;
use super::load::{BoxOffice, Market, Promises, sign_up};
use super::probe::Probe;
use super::reconcile::{self, Books, Violation, unrest};
use super::report::Report;
use super::round::Round;
use super::system::System;

/// How many times a crash point that was not reached is tried again.
const TRIES: usize = 2;
/// How many decks are searched for faults of one kind.
const DECKS: usize = 100;
/// The number of people who trade.
const PEOPLE: usize = 20;
/// The reservation window: so long that most orders are paid, so short that outages outlast it.
const RESERVATION: Duration = Duration::from_secs(12);
/// How long the system may take to become idle after the load. Stripe waits up to half a minute before it
/// redelivers a webhook, and payments a minute before it checks again.
const RESTS_WITHIN: Duration = Duration::from_secs(150);
/// The polling interval.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The faults, and the duration.
pub struct Plan {
    /// Decides everything random.
    pub seed: u64,
    /// The number of people who trade.
    pub people: usize,
    /// The reservation window.
    pub reservation: Duration,
    /// The faults to begin with.
    pub faults: Vec<Fault>,
    /// After those, random faults continue until this time is over.
    pub at_least: Duration,
}

impl Plan {
    /// Every crash point, every process killed and frozen once, some cuts; at most `rounds` of them.
    pub fn by_seed(seed: u64, rounds: Option<usize>, at_least: Duration) -> Self {
        let mut faults = Fault::deck(&mut StdRng::seed_from_u64(seed));
        let at_least = if rounds.is_some() { Duration::ZERO } else { at_least };
        faults.truncate(rounds.unwrap_or(usize::MAX));
        Self { seed, people: PEOPLE, reservation: RESERVATION, faults, at_least }
    }

    /// So many faults whose descriptions contain the text.
    pub fn only(text: &str, seed: u64, rounds: usize) -> Self {
        let mut chance = StdRng::seed_from_u64(seed);
        let decks = std::iter::repeat_with(|| Fault::deck(&mut chance)).take(DECKS).flatten();
        let faults = decks.filter(|fault| fault.to_string().contains(text)).take(rounds).collect();
        Self { faults, ..Self::by_seed(seed, Some(0), Duration::ZERO) }
    }
}

/// Starts everything, lets people trade while faults happen, waits until the system is idle, and reconciles.
///
/// # Errors
/// If the experiment itself fails.
pub async fn experiment(binary: &Binary, plan: Plan) -> Result<Report> {
    let mut system = System::launch(binary, plan.reservation).await?;
    let mut people = sign_up(system.urls()?, plan.people + 9).await?;
    let mut two = || people.pop().zip(people.pop()).context("two more people");
    let ((seller, buyer), (file_seller, file_buyer), (first, second), promising) = (two()?, two()?, two()?, two()?);
    let market = Market::default();
    let organiser = people.pop().context("one more")?;
    let office =
        BoxOffice::open(market.clone(), &system.url(ServiceName::Delivery), organiser, [first, second]).await?;
    let mut witnesses = Witnesses {
        probe: Probe::new(&system, seller, buyer).await?,
        files: Files::new(file_seller, file_buyer).await?,
    };
    let promises = Promises::new(market.clone(), promising.0, promising.1);
    let trading = market.open(people, office, promises, plan.seed);
    let (mut rounds, mut violations) = suffer(&mut system, &market, &mut witnesses, plan).await?;
    market.close(trading).await?;
    system.until_ready().await;
    let rested = come_to_rest(&system).await;
    let books = Books::read(&system).await?;
    violations.extend(reconcile::violations(&books, &market.journal()));
    let bought = market.journal().bought();
    violations.extend(reconcile::files(&books, bought).await);
    let rested = rested.inspect_err(|unrest| violations.extend(unrest.iter().map(|what| Violation::unrest(what)))).ok();
    Round::blame(&mut rounds, &violations);
    Ok(Report::new(rounds, violations, rested, &books, &market.journal(), system.logs()))
}

/// Who sees whether the system has recovered, and works without files.
struct Witnesses {
    probe: Probe,
    files: Files,
}

/// What happened, and what was seen to be wrong at that time.
async fn suffer(
    system: &mut System,
    market: &Market,
    witnesses: &mut Witnesses,
    plan: Plan,
) -> Result<(Vec<Round>, Vec<Violation>)> {
    let (began, mut chance) = (Instant::now(), StdRng::seed_from_u64(!plan.seed));
    let (mut faults, mut rounds, mut violations) = (VecDeque::from(plan.faults), Vec::new(), Vec::new());
    let mut planned = faults.len();
    while planned > 0 || began.elapsed() < plan.at_least {
        let Some(fault) = faults.pop_front() else {
            faults.extend(Fault::deck(&mut chance));
            continue;
        };
        planned = planned.saturating_sub(1);
        let (round, wrong) = suffer_one(system, market, witnesses, fault).await?;
        violations.extend(wrong);
        println!("{:>5.0} s  {round}", began.elapsed().as_secs_f64());
        if let Some(again) = second_chance(&round, &rounds) {
            faults.push_front(again);
            planned += 1;
        }
        rounds.push(round);
    }
    Ok((rounds, violations))
}

/// A crash point that was not reached is tried again.
fn second_chance(round: &Round, before: &[Round]) -> Option<Fault> {
    let Fault::Crash(service, point, _) = round.fault else { return None };
    let tries =
        before.iter().filter(|round| matches!(round.fault, Fault::Crash(_, tried, _) if tried == point)).count();
    (!round.happened && tries < TRIES).then_some(Fault::Crash(service, point, 1))
}

async fn suffer_one(
    system: &mut System,
    market: &Market,
    Witnesses { probe, files }: &mut Witnesses,
    fault: Fault,
) -> Result<(Round, Vec<Violation>)> {
    let (began, orders) = (Clock::system().now(), market.journal().orders.len());
    let (happened, violations) = match fault.leaves_of_files() {
        None => (inflict(system, &fault, ready(())).await?, Vec::new()),
        Some(access) => {
            let meanwhile = files.prepare().await.with_context(|| format!("no file is given before: {fault}"))?;
            let (mut bought, mut wrong) = (None, Vec::new());
            let trying = async { (bought, wrong) = files.try_out(&meanwhile, access).await };
            let happened = inflict(system, &fault, trying).await?;
            wrong.extend(files.again(&meanwhile, bought).await);
            (happened, wrong)
        }
    };
    let orders = market.journal().orders.len() - orders;
    let recovered = probe.recovery().await;
    Ok((Round { fault, happened, began, orders, recovered, broken: 0 }, violations))
}

/// Returns how long it took, or what is not idle after a long time.
async fn come_to_rest(system: &System) -> Result<Duration, Vec<String>> {
    let began = Instant::now();
    loop {
        let unrest = unrest(system).await.unwrap_or_else(|error| vec![format!("it cannot be asked: {error:#}")]);
        match unrest.as_slice() {
            [] => return Ok(began.elapsed()),
            _ if began.elapsed() > RESTS_WITHIN => return Err(unrest),
            _ => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}
