//! How a ticket comes to its buyer.

use serde::{Deserialize, Serialize};

use crate::id::OrderId;
use crate::time::Timestamp;

/// What is promised to whoever buys a ticket. A listing without any promises nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "mode", rename_all = "lowercase")]
pub enum DeliveryPromise {
    /// Its seller has given us the ticket before anybody can buy it.
    Sealed {
        /// Which of the tickets that the seller gave us; none yet, and then it cannot be bought.
        #[serde(default, skip_serializing_if = "Seal::is_none")]
        seal: Seal,
        /// Whether we have read a code from it.
        #[serde(default)]
        checked: bool,
    },
    /// Its seller gives it to us later, before this moment. Else the buyer has their money back.
    Later {
        /// The moment.
        until: Timestamp,
    },
    /// We issue it: the organiser of the event uses this marketplace.
    Ours {
        /// Whether delivery has found that the seller may sell it; not yet, and then it cannot be bought.
        #[serde(default, skip_serializing_if = "Seal::is_none")]
        seal: Seal,
        /// The seller's own order, if they sell what they have bought here. The API shows it to the seller alone.
        #[serde(default, rename = "boughtBy", skip_serializing_if = "Option::is_none")]
        bought_by: Option<OrderId>,
    },
    /// A promise that was added after this reader was built.
    #[serde(other)]
    Other,
}

impl DeliveryPromise {
    /// Whether the ticket can be bought, as far as its delivery goes: what has to be sealed is, and a later delivery is
    /// still to come.
    pub fn can_be_bought(&self, now: Timestamp) -> bool {
        match self {
            Self::Sealed { seal, .. } | Self::Ours { seal, .. } => !seal.is_none(),
            Self::Later { until } => now < *until,
            Self::Other => true,
        }
    }

    /// The same as everybody may see it: a seller's own order tells who has bought which ticket before.
    #[must_use]
    pub fn without_order(self) -> Self {
        match self {
            Self::Ours { seal, bought_by: _ } => Self::Ours { seal, bought_by: None },
            Self::Sealed { .. } | Self::Later { .. } | Self::Other => self,
        }
    }

    /// The ticket that was given to us, of those that the seller gave us one after the other.
    pub fn seal(&self) -> Option<Seal> {
        match self {
            Self::Sealed { seal, .. } | Self::Ours { seal, .. } => Some(*seal).filter(|seal| !seal.is_none()),
            Self::Later { .. } | Self::Other => None,
        }
    }
}

/// What stands behind a seal. It opens no listing that promises the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SealMode {
    /// The ticket itself, which its seller has given us.
    #[default]
    Sealed,
    /// That we issue it.
    Ours,
    /// Nothing any more: somebody has gone in with the place that the listing offers again, which is withdrawn.
    Used,
    /// Something that was added after this reader was built.
    #[serde(other)]
    Other,
}

/// Counts what a seller has given us for one listing: 0 is nothing yet, and each replacement one more. An order is made
/// of one of them, and its buyer gets that one, whatever comes after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Seal(pub u32);

impl Seal {
    /// Nothing was given yet.
    pub const NONE: Self = Self(0);

    /// The one after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Whether nothing was given yet.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_to_be_sealed_can_be_bought_once_it_is() {
        let now = Timestamp::from_millis(1_000);
        let sealed = |seal| DeliveryPromise::Sealed { seal, checked: true };
        let ours = |seal| DeliveryPromise::Ours { seal, bought_by: None };
        assert!(!sealed(Seal::NONE).can_be_bought(now) && !ours(Seal::NONE).can_be_bought(now));
        assert!(sealed(Seal(1)).can_be_bought(now) && ours(Seal(1)).can_be_bought(now));
    }

    #[test]
    fn a_later_delivery_can_be_bought_until_its_moment() {
        let promise = DeliveryPromise::Later { until: Timestamp::from_millis(1_000) };
        assert!(promise.can_be_bought(Timestamp::from_millis(999)));
        assert!(!promise.can_be_bought(Timestamp::from_millis(1_000)));
    }

    #[test]
    fn a_sellers_own_order_is_all_that_is_not_for_everybody() {
        let bought_by = "5f1f77bcf86cd79943900007".parse().ok();
        let ours = |bought_by| DeliveryPromise::Ours { seal: Seal(3), bought_by };
        assert_eq!(ours(bought_by).without_order(), ours(None));
        let sealed = DeliveryPromise::Sealed { seal: Seal(2), checked: true };
        let later = DeliveryPromise::Later { until: Timestamp::from_millis(1_000) };
        for promise in [sealed, later, ours(None), DeliveryPromise::Other] {
            assert_eq!(promise.without_order(), promise);
        }
    }

    #[test]
    fn a_promise_of_a_later_version_is_some_other() {
        let read: DeliveryPromise = serde_json::from_value(json!({"mode": "pigeon", "wings": 2})).expect("reads");
        assert_eq!(read, DeliveryPromise::Other);
    }
}
