//! Fills databases with the records of earlier purchases, in bulk and without the product, which would take
//! as long as for the purchases themselves.

mod mongodb;
mod pattern;
mod sqlite;

use std::ops::Range;

use anyhow::Result;

use super::{Engine, ServiceName, System};
use pattern::Pattern;

/// The services whose records accumulate with every purchase.
const GROWING: [ServiceName; 3] = [ServiceName::Tickets, ServiceName::Orders, ServiceName::Payments];

/// A completed purchase as a template: the ids that differ between purchases.
#[derive(Debug, Clone)]
pub(crate) struct Purchase {
    pub(crate) ticket: String,
    pub(crate) order: String,
    pub(crate) payment: String,
    pub(crate) seller: String,
    pub(crate) buyer: String,
}

/// A record of the purchase, and its collection.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    service: ServiceName,
    collection: String,
    /// The id; in MongoDB it is part of the body.
    id: Pattern,
    version: i64,
    body: Pattern,
}

impl Purchase {
    /// The records of the purchase in every service. No other records may exist.
    ///
    /// # Errors
    /// If they cannot be read, or the purchase is still being processed.
    pub(crate) async fn records(&self, system: &System) -> Result<Vec<Sample>> {
        match system.engine {
            Engine::Embedded => sqlite::records(system, self),
            Engine::Real => mongodb::records(system, self).await,
        }
    }
}

impl System {
    /// Adds the records of the purchases with these numbers. The product is stopped for it and restarted.
    ///
    /// # Errors
    /// If a database refuses them.
    pub(crate) async fn fill(&mut self, samples: &[Sample], numbers: Range<u64>) -> Result<()> {
        if numbers.is_empty() {
            return Ok(());
        }
        self.stop().await;
        match self.engine {
            Engine::Embedded => sqlite::fill(self, samples, numbers).await?,
            Engine::Real => mongodb::fill(self, samples, numbers).await?,
        }
        self.start().await;
        Ok(())
    }
}
