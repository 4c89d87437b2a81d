//! What happened, for people.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::round::Round;

/// One line for each kind of fault.
pub(super) struct Table(BTreeMap<String, Line>);

#[derive(Default)]
struct Line {
    times: usize,
    orders: usize,
    /// The longest it took.
    recovered: Option<Duration>,
    never: usize,
    broken: usize,
}

impl Table {
    /// Sums these rounds up. The violations of a round are those that began in it.
    pub(super) fn of(rounds: &[Round]) -> Self {
        let mut lines: BTreeMap<String, Line> = BTreeMap::new();
        for round in rounds.iter().filter(|round| round.happened) {
            let line = lines.entry(round.fault.kind()).or_default();
            line.times += 1;
            line.orders += round.orders;
            line.recovered = line.recovered.max(round.recovered);
            line.never += usize::from(round.recovered.is_none());
            line.broken += round.broken;
        }
        Self(lines)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.keys().map(|kind| kind.chars().count()).max().unwrap_or(0).max("fault".len());
        writeln!(f, "{:width$}  times  orders during it  recovered after  broken", "fault")?;
        for (kind, line) in &self.0 {
            let recovered = match line.recovered {
                _ if line.never > 0 => "never".to_owned(),
                Some(span) => format!("{:.1} s", span.as_secs_f64()),
                None => "-".to_owned(),
            };
            writeln!(f, "{kind:width$}  {:>5}  {:>16}  {recovered:>15}  {:>6}", line.times, line.orders, line.broken)?;
        }
        Ok(())
    }
}
