use anyhow::{Context, anyhow};
use client::{Client, Error};

use super::phase::Phase;

/// The marketplace that is being filled.
pub(super) struct Instance {
    /// Somebody who is not signed in there.
    pub(super) visitor: Client,
    /// Whether it takes test cards, and with them only money that is not real.
    pub(super) test_cards: bool,
}

impl Instance {
    /// Finds out whether anybody is there, and how they take payments.
    pub(super) async fn reach(url: &str) -> anyhow::Result<Self> {
        let visitor = Client::new(url)?;
        let config = Phase::unseen().politely(|| visitor.payments_config()).await;
        let config = config.map_err(explain).with_context(|| format!("no marketplace answers at {url}"))?;
        Ok(Self { visitor, test_cards: config.test_mode })
    }
}

/// The cause at the bottom where nobody answered: what lies above it says the same in more words.
fn explain(error: Error) -> anyhow::Error {
    let Error::Transport(transport) = &error else {
        return error.into();
    };
    let mut cause: &dyn std::error::Error = &**transport;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    anyhow!("{cause}")
}
