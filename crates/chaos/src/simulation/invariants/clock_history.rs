use std::time::Duration;

use common::time::Timestamp;

use crate::simulation::history::{Entry, HistoryEvent};
use crate::simulation::party::Actor;
use crate::simulation::system::BEGINNING;

/// What the clock of a process showed through a run.
///
/// A decision is judged by the clock that it saw, and that was read before the commit: meanwhile the clock
/// may have been set.
pub(super) struct ClockHistory {
    /// By how many milliseconds it was wrong, each from that moment on.
    steps: Vec<(Duration, i64)>,
}

impl ClockHistory {
    pub(super) fn of(who: Actor, entries: &[Entry]) -> Self {
        let mut steps = vec![(Duration::ZERO, 0)];
        for entry in entries {
            match &entry.what {
                HistoryEvent::ClockSet { process, skew } if who == (*process).into() => steps.push((entry.at, *skew)),
                HistoryEvent::Healed => steps.push((entry.at, 0)),
                _ => {}
            }
        }
        Self { steps }
    }

    /// The earliest and the latest time it showed between these two moments, both included.
    pub(super) fn readings(&self, from: Duration, to: Duration) -> (Timestamp, Timestamp) {
        let ends = self.steps.iter().skip(1).map(|(at, _)| *at).chain([Duration::MAX]);
        let periods = self.steps.iter().zip(ends).filter(|((begin, _), end)| *begin <= to && *end >= from);
        let (mut earliest, mut latest) = (Timestamp::MAX, Timestamp::from_millis(0));
        for ((begin, skew), end) in periods {
            earliest = earliest.min(shown((*begin).max(from), *skew));
            latest = latest.max(shown(end.min(to), *skew));
        }
        (earliest, latest)
    }
}

/// What a clock shows that is wrong by `skew`.
fn shown(at: Duration, skew: i64) -> Timestamp {
    let since = i64::try_from(at.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(BEGINNING + since + skew)
}

#[cfg(test)]
mod tests {
    use server::services::ServiceName;

    use super::super::testing::first;
    use super::*;
    use crate::simulation::party::ProcessName;

    const SECOND: Duration = Duration::from_secs(1);

    fn steps() -> ClockHistory {
        let set = |service, skew| HistoryEvent::ClockSet { process: first(service), skew };
        let entries = [
            Entry { at: SECOND * 2, what: set(ServiceName::Orders, 1_500) },
            Entry { at: SECOND * 3, what: set(ServiceName::Payments, -4_000) },
            Entry { at: SECOND * 5, what: set(ServiceName::Orders, -700) },
            Entry { at: SECOND * 9, what: HistoryEvent::Healed },
        ];
        ClockHistory::of(ServiceName::Orders.into(), &entries)
    }

    fn millis((earliest, latest): (Timestamp, Timestamp)) -> (i64, i64) {
        (earliest.as_millis() - BEGINNING, latest.as_millis() - BEGINNING)
    }

    #[test]
    fn each_process_of_a_service_has_a_clock_of_its_own() {
        let second = ProcessName { service: ServiceName::Orders, number: 1 };
        let entries = [Entry { at: SECOND, what: HistoryEvent::ClockSet { process: second, skew: 900 } }];
        let shown = |by: Actor| millis(ClockHistory::of(by, &entries).readings(SECOND * 2, SECOND * 2));
        assert_eq!([shown(first(ServiceName::Orders).into()), shown(second.into())], [(2_000, 2_000), (2_900, 2_900)]);
    }

    #[test]
    fn a_moment_between_two_steps_has_one_reading() {
        assert_eq!(millis(steps().readings(SECOND, SECOND)), (1_000, 1_000));
        assert_eq!(millis(steps().readings(SECOND * 4, SECOND * 4)), (5_500, 5_500));
        assert_eq!(millis(steps().readings(SECOND * 10, SECOND * 10)), (10_000, 10_000));
    }

    #[test]
    fn a_span_has_the_readings_before_and_after_each_step() {
        assert_eq!(millis(steps().readings(SECOND * 4, SECOND * 10)), (4_300, 10_000));
        assert_eq!(millis(steps().readings(SECOND, SECOND * 4)), (1_000, 5_500));
    }

    #[test]
    fn in_the_moment_of_a_step_the_clock_may_have_shown_both() {
        assert_eq!(millis(steps().readings(SECOND * 5, SECOND * 5)), (4_300, 6_500));
    }
}
