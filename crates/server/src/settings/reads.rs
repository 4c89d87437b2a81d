use std::num::NonZeroUsize;
use std::time::Duration;

use ports::store::ReadLimits;

/// The longest budget: stores wait a little longer for an answer, so that nothing goes on that nobody waits for.
const LONGEST: Duration = Duration::from_secs(9);

/// What reading from the databases may take.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct ReadFlags {
    /// How long one search may take; after that it is stopped, and its visitor asked to be more specific
    #[arg(long, env = "SEARCH_BUDGET", default_value = "500ms", value_parser = budget, value_name = "DURATION")]
    pub search_budget: Duration,

    /// How many searches run at once; half the processors if nothing is given (at most 4)
    #[arg(long, env = "SEARCHES_AT_ONCE", value_parser = clap::value_parser!(u8).range(1..=64), value_name = "COUNT")]
    pub searches_at_once: Option<u8>,

    /// How many more searches may wait
    #[arg(long, env = "SEARCHES_WAITING", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..), value_name = "COUNT")]
    pub searches_waiting: u16,

    /// How long each of them waits at most
    #[arg(long, env = "SEARCH_PATIENCE", default_value = "2s", value_parser = super::duration, value_name = "DURATION")]
    pub search_patience: Duration,

    /// How long any other read may take
    #[arg(long, env = "READ_BUDGET", default_value = "5s", value_parser = budget, value_name = "DURATION")]
    pub read_budget: Duration,
}

impl ReadFlags {
    /// The limits of the stores.
    pub fn limits(&self) -> ReadLimits {
        ReadLimits {
            direct: self.read_budget,
            search: self.search_budget,
            searches_at_once: self.searches_at_once.and_then(|count| NonZeroUsize::new(count.into())),
            searches_waiting: self.searches_waiting.into(),
            search_patience: self.search_patience,
        }
    }
}

/// Reads a budget.
fn budget(text: &str) -> Result<Duration, String> {
    let budget = super::duration(text)?;
    if budget <= LONGEST { Ok(budget) } else { Err("a read may take 9s at the most".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        reads: ReadFlags,
    }

    #[test]
    fn without_flags_the_limits_are_the_stores_own() {
        let program = Program::try_parse_from(["ticketing"]).expect("nothing is required");
        assert_eq!(program.reads.limits(), ReadLimits::default());
    }

    #[test]
    fn no_budget_is_longer_than_a_store_waits() {
        for flag in ["--search-budget", "--read-budget"] {
            assert!(Program::try_parse_from(["ticketing", flag, "9s"]).is_ok(), "{flag}");
            assert!(Program::try_parse_from(["ticketing", flag, "9001ms"]).is_err(), "{flag}");
        }
    }
}
