use std::time::Duration;

use super::chance::Chance;

/// What a seed decides at the start. Every seed has its own mixture of faults: some kinds are left out, so
/// that rare combinations of the others occur.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// Whether the services' stores and the bus are one database, as in one process; if not, each is on its own.
    pub(super) is_one_database: bool,
    /// How many processes each service has.
    pub(super) processes: usize,
    /// Whether there are no faults: then even the strictest limits hold.
    pub(super) is_calm: bool,
    pub(super) people: usize,
    /// How long people act and faults happen.
    pub(super) storm: Duration,
    pub(super) reservation: Duration,
    /// How many cards may be declined.
    pub(super) attempts: u32,
    /// The longest pause between two actions of a person, in milliseconds.
    pub(super) thought: u64,
    /// Whether no webhook ever arrives: then nothing happens that only a webhook tells of.
    pub(super) is_deaf: bool,
    pub(super) rates: Rates,
}

/// The probabilities of the faults, in 1/10,000.
#[derive(Debug, Clone, Default)]
pub(super) struct Rates {
    /// A call takes a few milliseconds.
    pub(super) delay: u32,
    /// A call takes seconds.
    pub(super) long_delay: u32,
    /// The service crashes before or after a call.
    pub(super) crash: u32,
    /// The database does not respond, or its response is lost.
    pub(super) store_fails: u32,
    /// The same for the bus.
    pub(super) bus_fails: u32,
    /// A delivery is lost, and made again.
    pub(super) delivery_lost: u32,
    /// A delivery is delayed, and others overtake it.
    pub(super) delivery_late: u32,
    /// A message is published once more, later.
    pub(super) doubled: u32,
    /// An acknowledgement is lost.
    pub(super) answer_lost: u32,
    /// A call of Stripe is lost, or its response is.
    pub(super) call_fails: u32,
    /// The same without an error: the call runs into its timeout.
    pub(super) call_silent: u32,
    /// A call of Stripe takes a second or two on its way.
    pub(super) call_slow: u32,
    /// A call of Stripe arrives after its caller has given up.
    pub(super) call_late: u32,
    /// A webhook is lost.
    pub(super) webhook_lost: u32,
    /// A webhook is delayed.
    pub(super) webhook_late: u32,
    /// A webhook is duplicated.
    pub(super) webhook_doubled: u32,
    /// Stripe's endpoint answers 500, before or after it has done its work, and keeps that answer for retries.
    pub(super) breakdown: u32,
    /// A payment is still being processed when Stripe answers.
    pub(super) processing: u32,
    /// Somebody refunds a payment in Stripe's dashboard, each time banks look at it.
    pub(super) dashboard_refund: u32,
    /// A refund is refused at first, waits, or fails at once.
    pub(super) odd_refund: u32,
    /// A refund that waits, or has succeeded, fails, each time banks look at it.
    pub(super) refund_fails: u32,
    /// A buyer's bank takes the money of a payment back, each time banks look at it.
    pub(super) dispute: u32,
    /// Whatever is answered to a payment's creation, something in front of Stripe answers 500 instead, as often
    /// as it is repeated.
    pub(super) creation_unanswered: u32,
    /// A client closes its connection during a request.
    pub(super) hang_up: u32,
    /// A clock is set wrong, each second.
    pub(super) clock_step: u32,
    /// Everything crashes at once, including the bus, each second.
    pub(super) power_cut: u32,
}

impl Plan {
    pub(super) fn of(seed: u64, chance: &Chance) -> Self {
        let is_calm = chance.hits(800);
        let is_deaf = !is_calm && chance.hits(1_000);
        let rates = if is_calm { Rates { delay: 3000, ..Rates::default() } } else { Rates::of(chance) };
        Self {
            is_one_database: seed.is_multiple_of(2),
            // Never in seeds with one database, which belongs to one process.
            processes: if seed % 4 == 3 { 2 } else { 1 },
            is_calm,
            is_deaf,
            people: chance.between(3..=4) as usize,
            storm: chance.millis(5_000..=12_000),
            reservation: chance.millis(2_000..=9_000),
            attempts: chance.between(1..=3),
            thought: u64::from(chance.between(200..=1500)),
            rates: if is_deaf { rates.without_webhooks() } else { rates },
        }
    }
}

impl Rates {
    fn of(chance: &Chance) -> Self {
        let some = |most: u32| if chance.hits(4500) { 0 } else { chance.between(1..=most) };
        Self {
            delay: chance.between(500..=5000),
            long_delay: some(60),
            crash: some(40),
            store_fails: some(300),
            bus_fails: some(500),
            delivery_lost: some(800),
            delivery_late: some(2000),
            doubled: some(1500),
            answer_lost: some(800),
            call_fails: some(2000),
            call_silent: some(1000),
            call_slow: some(4000),
            call_late: some(1000),
            webhook_lost: some(3000),
            webhook_late: some(3000),
            webhook_doubled: some(3000),
            breakdown: some(800),
            processing: some(1500),
            dashboard_refund: some(1500),
            odd_refund: some(6000),
            refund_fails: some(1000),
            dispute: some(1500),
            creation_unanswered: if chance.hits(2000) { chance.between(1..=3000) } else { 0 },
            hang_up: some(800),
            clock_step: some(2500),
            power_cut: some(700),
        }
    }

    /// Without what only a webhook tells of.
    fn without_webhooks(self) -> Self {
        Self { breakdown: 0, creation_unanswered: 0, dashboard_refund: 0, refund_fails: 0, dispute: 0, ..self }
    }
}
