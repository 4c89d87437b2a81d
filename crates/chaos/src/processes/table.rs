//! The results, as a table.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::round::Round;

/// One row per kind of fault.
pub(super) struct Table(BTreeMap<String, Row>);

#[derive(Default)]
struct Row {
    times: usize,
    orders: usize,
    /// The maximum.
    recovered: Option<Duration>,
    never: usize,
    broken: usize,
}

impl Table {
    /// The sum of these rounds. The violations of a round are those that began in it.
    pub(super) fn of(rounds: &[Round]) -> Self {
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        for round in rounds.iter().filter(|round| round.happened) {
            let row = rows.entry(round.fault.kind()).or_default();
            row.times += 1;
            row.orders += round.orders;
            row.recovered = row.recovered.max(round.recovered);
            row.never += usize::from(round.recovered.is_none());
            row.broken += round.broken;
        }
        Self(rows)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.keys().map(|kind| kind.chars().count()).max().unwrap_or(0).max("fault".len());
        writeln!(f, "{:width$}  times  orders during it  recovered after  broken", "fault")?;
        for (kind, row) in &self.0 {
            let recovered = match row.recovered {
                _ if row.never > 0 => "never".to_owned(),
                Some(span) => format!("{:.1} s", span.as_secs_f64()),
                None => "-".to_owned(),
            };
            writeln!(f, "{kind:width$}  {:>5}  {:>16}  {recovered:>15}  {:>6}", row.times, row.orders, row.broken)?;
        }
        Ok(())
    }
}
