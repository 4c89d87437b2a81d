//! How many tickets one buyer, and all buyers at one address together, may reserve in a while.
//!
//! Four at once of one buyer are no limit for somebody with a hundred accounts, who may sign up for them at one
//! address. So each reservation counts for its address, too; and for its buyer, so that nobody who reserves and
//! cancels uses up what their neighbours behind the same address may do.

use common::id::UserId;
use runtime::limits::{Claim, ClientNetwork, Limits, Rate, TooMany};

use crate::Settings;
use crate::error::OrdersError;

/// Who asks for a ticket, and from where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Buyer {
    pub(crate) user: UserId,
    pub(crate) network: ClientNetwork,
    /// Whether they have confirmed their address, where that is asked for.
    pub(crate) is_confirmed: bool,
}

/// Decides whether a buyer may reserve one more. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Budget {
    limits: Limits,
    user: Option<Rate>,
    address: Option<Rate>,
}

impl Budget {
    pub(crate) fn new(limits: Limits, settings: &Settings) -> Self {
        Self { limits, user: settings.user_rate, address: settings.address_rate }
    }

    /// Counts one more reservation, or refuses it. Whoever makes none then gives it back.
    pub(crate) fn take(&self, buyer: Buyer) -> Result<Vec<Claim>, OrdersError> {
        let of_user = self.user.map(|rate| Claim::new("reservations-user", buyer.user, rate));
        let of_address = self.address.map(|rate| buyer.network.claims("reservations-address", rate));
        let claims: Vec<Claim> = of_user.into_iter().chain(of_address.into_iter().flatten()).collect();
        let taken = self.limits.take(&claims);
        taken.map_err(|TooMany { retry_after, .. }| OrdersError::TooManyReserved { retry_after })?;
        Ok(claims)
    }

    /// Nothing was reserved.
    pub(crate) fn give_back(&self, claims: &[Claim]) {
        self.limits.give_back(claims);
    }
}

#[cfg(test)]
mod tests;
