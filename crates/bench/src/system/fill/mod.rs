//! Databases filled with what earlier purchases would have left there, in bulk and past the product,
//! which would take as long for it as the purchases themselves.

mod mongodb;
mod pattern;
mod sqlite;

use std::ops::Range;

use anyhow::Result;

use super::{Engine, ServiceName, System};
use pattern::Pattern;

/// The services whose records grow with every purchase and stay.
const GROWING: [ServiceName; 3] = [ServiceName::Tickets, ServiceName::Orders, ServiceName::Payments];

/// A purchase that has been completed, of which others are made: the ids that differ.
#[derive(Debug, Clone)]
pub(crate) struct Purchase {
    pub(crate) ticket: String,
    pub(crate) order: String,
    pub(crate) payment: String,
    pub(crate) seller: String,
    pub(crate) buyer: String,
}

/// A record of the purchase, and where it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    service: ServiceName,
    collection: String,
    /// The id; in MongoDB it is a part of the body.
    id: Pattern,
    version: i64,
    body: Pattern,
}

impl Purchase {
    /// What every service has recorded of it. Nothing else may be recorded there.
    ///
    /// # Errors
    /// If that cannot be read, or is still being worked on.
    pub(crate) async fn records(&self, system: &System) -> Result<Vec<Sample>> {
        match system.engine {
            Engine::Embedded => sqlite::records(system, self),
            Engine::Real => mongodb::records(system, self).await,
        }
    }
}

impl System {
    /// Adds the records of the purchases with these numbers. The product is ended for it and started
    /// again.
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
