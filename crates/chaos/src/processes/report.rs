use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use server::services::ServiceName;

use super::fault::Fault;
use super::load::{Journal, Promise};
use super::reconcile::{Books, Violation};
use super::round::Round;
use super::table::Table;

/// The number of violations shown. One mistake can cause thousands.
const SHOWN: usize = 20;
/// The amount of each service's log shown after a failure.
const LOG_LINES: usize = 25;

/// The result of the experiment.
pub struct Report {
    /// The faults applied.
    pub rounds: Vec<Round>,
    violations: Vec<Violation>,
    summary: Vec<String>,
    logs: Vec<(ServiceName, String)>,
}

impl Report {
    pub(super) fn new(
        rounds: Vec<Round>,
        violations: Vec<Violation>,
        rested: Option<Duration>,
        books: &Books,
        journal: &Journal,
        logs: Vec<(ServiceName, String)>,
    ) -> Self {
        let promised = |promise| journal.promised(promise);
        let rested =
            rested.map_or("never at rest".to_owned(), |span| format!("at rest after {:.1} s", span.as_secs_f64()));
        let summary = vec![
            rested,
            format!(
                "acknowledged: {} tickets, {} changes of them, {} orders: {} paid, {} declined, {} cancelled; \
                 unknown: {}; silence: {}",
                journal.tickets.len(),
                journal.changes(),
                journal.orders.len(),
                promised(Promise::Paid),
                promised(Promise::Declined),
                promised(Promise::Cancelled),
                journal.unknown,
                journal.silences,
            ),
            format!("in the books: {} orders; {}", books.orders(), books.money()),
            format!("the latest expiry came {:.1} s after its time", books.latest_expiry().as_secs_f64()),
        ];
        Self { rounds, violations, summary, logs }
    }

    /// The violated invariants; and the faults after which the system did not recover, or that were planned
    /// and did not happen.
    pub fn failures(&self) -> Vec<String> {
        let mut failures: Vec<_> = self.violations.iter().map(ToString::to_string).collect();
        let lost = self.rounds.iter().filter(|round| round.recovered.is_none());
        failures.extend(lost.map(|round| format!("not recovered from: {}", round.fault)));
        failures.extend(self.missed().into_iter().map(|name| format!("never passed: {name}")));
        failures
    }

    /// The targeted crash points that were never reached.
    fn missed(&self) -> Vec<&'static str> {
        let names = |happened: bool| -> BTreeSet<&'static str> {
            let rounds = self.rounds.iter().filter(move |round| round.happened == happened);
            let name = |round: &Round| match round.fault {
                Fault::Crash(_, point, _) => Some(point.name()),
                _ => None,
            };
            rounds.filter_map(name).collect()
        };
        names(false).difference(&names(true)).copied().collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}", Table::of(&self.rounds))?;
        for line in &self.summary {
            writeln!(f, "{line}")?;
        }
        let failures = self.failures();
        if failures.is_empty() {
            return writeln!(f, "everything held");
        }
        for (service, log) in &self.logs {
            let lines: Vec<_> = log.lines().collect();
            writeln!(f, "\nthe last words of {service}:")?;
            for line in &lines[lines.len().saturating_sub(LOG_LINES)..] {
                writeln!(f, "  {line}")?;
            }
        }
        writeln!(f, "\n{} things are broken, such as:", failures.len())?;
        failures.iter().take(SHOWN).try_for_each(|failure| writeln!(f, "  {failure}"))
    }
}
