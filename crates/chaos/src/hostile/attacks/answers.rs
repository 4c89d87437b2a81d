use std::collections::BTreeMap;
use std::fmt;

use client::Error;

/// What the server said to one account, by the codes of its refusals.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) granted: usize,
    refused: BTreeMap<String, usize>,
}

impl Answers {
    /// Counts an answer.
    pub(super) fn count<T>(&mut self, answer: &Result<T, Error>) {
        match answer {
            Ok(_) => self.granted += 1,
            Err(error) => {
                let code = error.code().map_or_else(|| error.to_string(), str::to_owned);
                let code = if says_when(error) { code } else { format!("{code} without Retry-After") };
                *self.refused.entry(code).or_default() += 1;
            }
        }
    }

    /// What the server said in all these.
    pub(super) fn to<T>(answers: &[Result<T, Error>]) -> Self {
        let mut counted = Self::default();
        answers.iter().for_each(|answer| counted.count(answer));
        counted
    }

    /// How often it was this refusal.
    pub(super) fn of(&self, code: &str) -> usize {
        self.refused.get(code).copied().unwrap_or_default()
    }

    /// Refusals for other reasons than these.
    pub(super) fn unexpected(&self, expected: &[&str]) -> Vec<String> {
        let others = self.refused.iter().filter(|(code, _)| !expected.contains(&code.as_str()));
        others.map(|(code, count)| format!("{count} answers: {code}")).collect()
    }
}

/// Whether the error says when to go on, as every limit must; others need not.
fn says_when(error: &Error) -> bool {
    match error {
        Error::Api { status, retry_after, .. } => status.as_u16() != 429 || retry_after.is_some(),
        Error::Transport(_) | Error::Decode(_) | Error::BaseUrl(_) => true,
    }
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} granted", self.granted)?;
        self.refused.iter().try_for_each(|(code, count)| write!(f, ", {count} {code}"))
    }
}
