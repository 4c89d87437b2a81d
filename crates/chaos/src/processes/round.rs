use std::fmt;
use std::time::Duration;

use common::time::Timestamp;

use super::fault::Fault;
use super::reconcile::Violation;

/// One fault and what came of it.
#[derive(Debug)]
pub struct Round {
    /// What was done.
    pub fault: Fault,
    /// Whether it could be: the way to a crash point may not have been taken.
    pub happened: bool,
    /// When it began.
    pub(super) began: Timestamp,
    /// How many orders were acknowledged before it was over.
    pub orders: usize,
    /// How long after its end a purchase succeeded; none if that never was.
    pub recovered: Option<Duration>,
    /// How many violations began in it.
    pub broken: usize,
}

impl Round {
    /// Blames each violation on the round in which it began.
    pub(super) fn blame(rounds: &mut [Self], violations: &[Violation]) {
        for began in violations.iter().filter_map(|violation| violation.began) {
            if let Some(round) = rounds.iter_mut().rev().find(|round| round.began <= began) {
                round.broken += 1;
            }
        }
    }
}

/// In one line, for those who watch.
impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.fault)?;
        match (self.happened, self.recovered) {
            (false, _) => f.write_str("not passed"),
            (true, None) => f.write_str("NOT RECOVERED"),
            (true, Some(span)) => write!(f, "{} orders, recovered after {:.1} s", self.orders, span.as_secs_f64()),
        }
    }
}
