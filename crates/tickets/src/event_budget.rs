//! How many events one user may add in a while: what nobody sells tickets to would fill the search that sellers begin
//! with, and the list of addresses for search engines.

use common::id::UserId;
use runtime::limits::{Claim, Limits, Rate, TooMany};

use crate::error::TicketsError;

/// Decides whether somebody may add one more. Cheap to clone.
#[derive(Clone)]
pub(crate) struct EventBudget {
    limits: Limits,
    rate: Option<Rate>,
}

impl EventBudget {
    pub(crate) fn new(limits: Limits, rate: Option<Rate>) -> Self {
        Self { limits, rate }
    }

    /// Counts one more event, or refuses it. Whoever adds none then gives it back.
    pub(crate) fn take(&self, user: UserId) -> Result<Vec<Claim>, TicketsError> {
        let claims: Vec<_> = self.rate.map(|rate| Claim::new("events-user", user, rate)).into_iter().collect();
        let taken = self.limits.take(&claims);
        taken.map_err(|TooMany { retry_after, .. }| TicketsError::TooManyEvents { retry_after })?;
        Ok(claims)
    }

    /// Nothing was added.
    pub(crate) fn give_back(&self, claims: &[Claim]) {
        self.limits.give_back(claims);
    }
}

#[cfg(test)]
mod tests;
