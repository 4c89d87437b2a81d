//! The parts of a long command: what is being done, and how long each took.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;

/// The parts so far, in their order.
#[derive(Debug, Default)]
pub(crate) struct Parts(Vec<(&'static str, Duration)>);

impl Parts {
    /// Does one part, after saying so.
    pub(crate) fn run<T>(&mut self, name: &'static str, part: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("-- {name}");
        let began = Instant::now();
        let outcome = part();
        self.0.push((name, began.elapsed()));
        outcome
    }
}

/// A line for each.
impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(name, took)| writeln!(f, "{:>5} s  {name}", took.as_secs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_parts_are_listed_too() {
        let mut parts = Parts::default();
        parts.run("one", || Ok(())).expect("succeeds");
        parts.run("two", || -> Result<()> { anyhow::bail!("no") }).expect_err("fails");
        assert_eq!(parts.to_string(), "    0 s  one\n    0 s  two\n");
    }
}
