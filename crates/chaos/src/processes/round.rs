use std::fmt;
use std::time::Duration;

use common::time::Timestamp;

use super::fault::Fault;
use super::reconcile::Violation;

/// One fault and its consequences.
#[derive(Debug)]
pub struct Round {
    /// The fault.
    pub fault: Fault,
    /// Whether it happened: a crash point may not have been reached.
    pub happened: bool,
    /// When it began.
    pub(super) began: Timestamp,
    /// The number of orders acknowledged before it was over.
    pub orders: usize,
    /// The time from its end to a successful purchase; `None` if there was none.
    pub recovered: Option<Duration>,
    /// The number of violations that began during it.
    pub broken: usize,
}

impl Round {
    /// Assigns each violation to the round in which it began.
    pub(super) fn blame(rounds: &mut [Self], violations: &[Violation]) {
        for began in violations.iter().filter_map(|violation| violation.began) {
            if let Some(round) = rounds.iter_mut().rev().find(|round| round.began <= began) {
                round.broken += 1;
            }
        }
    }
}

/// One line, printed while the experiment runs.
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
