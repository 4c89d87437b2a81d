//! The summary of the tests, read from the output of `cargo test`.

use std::fmt;

/// Classifies a test by its name: which of the words it contains.
const KINDS: [(&str, &[&str]); 5] = [
    ("MongoDB", &["mongo"]),
    ("JetStream", &["jetstream", "nats"]),
    ("SQLite", &["sqlite"]),
    ("the local bus", &["local"]),
    ("the whole system on MongoDB and JetStream", &["on_mongodb_and_jetstream"]),
];

/// The totals over all test executables.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) ignored: usize,
    kinds: [usize; KINDS.len()],
}

impl Summary {
    /// Adds one line of output.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.passed += number_before("passed", result);
            self.failed += number_before("failed", result);
            self.ignored += number_before("ignored", result);
        } else if let Some(name) = line.strip_prefix("test ").and_then(|test| test.strip_suffix(" ... ok")) {
            for (count, (_, words)) in self.kinds.iter_mut().zip(KINDS) {
                *count += usize::from(words.iter().any(|word| name.contains(word)));
            }
        }
    }

    /// Whether tests ran and none failed.
    pub(crate) fn is_success(&self) -> bool {
        self.passed > 0 && self.failed == 0
    }

    /// A line for each kind of which there were tests.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = String> {
        let counted = self.kinds.iter().zip(KINDS).filter(|(count, _)| **count > 0);
        counted.map(|(count, (kind, _))| format!("{count} of the passed tests name {kind}"))
    }
}

/// The line that scripts look for.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The number in front of `word` in libtest's `ok. 5 passed; 0 failed; …`; 0 if there is none.
fn number_before(word: &str, result: &str) -> usize {
    let words: Vec<_> = result.split([' ', ';']).collect();
    let at = words.iter().position(|candidate| *candidate == word);
    at.and_then(|at| words.get(at.checked_sub(1)?)?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(output: &str) -> Summary {
        let mut summary = Summary::default();
        output.lines().for_each(|line| summary.read(line));
        summary
    }

    #[test]
    fn results_of_all_executables_are_summed() {
        let summary = summary(
            "running 3 tests\n\
             test store::mongo::conflicts_are_told ... ok\n\
             test bus::jetstream::order_is_kept ... FAILED\n\
             test slow ... ignored\n\
             test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 5.77s\n\
             test result: ok. 41 passed; 0 failed; 0 ignored; 0 measured; 12 filtered out; finished in 0.00s\n",
        );
        assert_eq!(summary.to_string(), "42 passed, 1 failed");
        assert_eq!(summary.ignored, 1);
        assert!(!summary.is_success());
        assert_eq!(summary.kinds().collect::<Vec<_>>(), ["1 of the passed tests name MongoDB"]);
    }

    #[test]
    fn no_tests_at_all_are_no_success() {
        let nothing = summary("test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out");
        assert_eq!(nothing, Summary::default());
        assert!(!nothing.is_success());
        assert!(summary("test result: ok. 1 passed; 0 failed; 0 ignored").is_success());
    }
}
