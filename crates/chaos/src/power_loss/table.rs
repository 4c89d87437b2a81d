use super::round::Outcome;
use super::subject::Subject;
use crate::Verdict;

/// All power cuts of one subject.
#[derive(Debug)]
pub(super) struct Row {
    subject: Subject,
    rounds: usize,
    acknowledged: usize,
    lost: usize,
    cache_lost: usize,
    unreadable: Vec<String>,
}

impl Row {
    pub(super) fn new(subject: Subject) -> Self {
        Self { subject, rounds: 0, acknowledged: 0, lost: 0, cache_lost: 0, unreadable: Vec::new() }
    }

    pub(super) fn add(&mut self, outcome: Outcome) {
        self.rounds += 1;
        self.acknowledged += outcome.acknowledged;
        self.lost += outcome.lost;
        self.cache_lost += outcome.cut.lost;
        self.unreadable.extend(outcome.unreadable);
    }

    /// A store must lose nothing; a control must lose something, or losses are not detected at all.
    fn is_as_expected(&self) -> bool {
        if self.subject.must_lose() { self.lost > 0 } else { self.lost == 0 && self.unreadable.is_empty() }
    }

    fn lines(&self) -> Vec<String> {
        let judgement = match (self.is_as_expected(), self.subject.must_lose()) {
            (true, false) => "held",
            (true, true) => "loss seen",
            (false, false) => "LOST",
            (false, true) => "NO LOSS SEEN",
        };
        let Self { subject, rounds, acknowledged, lost, cache_lost, .. } = self;
        let mut lines =
            vec![format!("{:<66}{rounds:>6}{acknowledged:>14}{lost:>9}{cache_lost:>14}  {judgement}", subject.name())];
        lines.extend(self.unreadable.iter().map(|why| format!("    nothing to read: {}", first_line(why))));
        lines
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The line printed for each round.
pub(super) struct Table {
    rows: Vec<Row>,
}

impl Table {
    pub(super) fn begin() -> Self {
        println!("{:<66}{:>6}{:>14}{:>9}{:>14}", "power loss", "cuts", "acknowledged", "lost", "cache lost*");
        Self { rows: Vec::new() }
    }

    pub(super) fn add(&mut self, row: Row) {
        for line in row.lines() {
            println!("{line}");
        }
        self.rows.push(row);
    }

    pub(super) fn verdict(&self) -> Verdict {
        println!("* sectors that the disk had in its own cache and forgot");
        if self.rows.iter().all(Row::is_as_expected) { Verdict::Held } else { Verdict::Broken }
    }
}

#[cfg(test)]
mod tests {
    use super::super::platter::Cut;
    use super::*;

    fn verdict(subject: Subject, lost: usize, unreadable: Option<&str>) -> Verdict {
        let mut row = Row::new(subject);
        let unreadable = unreadable.map(str::to_owned);
        row.add(Outcome { acknowledged: 10, lost: 0, cut: Cut::default(), unreadable: None });
        row.add(Outcome { acknowledged: 10, lost, cut: Cut::default(), unreadable });
        Table { rows: vec![row] }.verdict()
    }

    #[test]
    fn one_lost_write_breaks_a_store() {
        assert_eq!(verdict(Subject::Mongo, 0, None), Verdict::Held);
        assert_eq!(verdict(Subject::Mongo, 1, None), Verdict::Broken);
        assert_eq!(verdict(Subject::Mongo, 0, Some("it does not start")), Verdict::Broken);
    }

    #[test]
    fn a_control_that_loses_nothing_breaks_the_experiment() {
        assert_eq!(verdict(Subject::JetStreamAsItComes, 0, None), Verdict::Broken);
        assert_eq!(verdict(Subject::JetStreamAsItComes, 1, None), Verdict::Held);
    }
}
