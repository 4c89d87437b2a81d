use anyhow::{Context, anyhow};
use client::{Client, Error};

use super::phase::Phase;

/// The marketplace that is being filled.
pub(super) struct Instance {
    /// A client that is not signed in.
    pub(super) visitor: Client,
    /// Whether it takes test cards, and with them only money that is not real.
    pub(super) test_cards: bool,
}

impl Instance {
    /// Checks that the instance responds, and how it takes payments.
    pub(super) async fn reach(url: &str) -> anyhow::Result<Self> {
        let visitor = Client::new(url)?;
        let config = Phase::hidden().patiently(|| visitor.payments_config()).await;
        let config = config.map_err(explain).with_context(|| format!("no marketplace answers at {url}"))?;
        Ok(Self { visitor, test_cards: config.test_mode })
    }
}

/// The innermost cause if there was no response: those around it say the same in more words.
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
