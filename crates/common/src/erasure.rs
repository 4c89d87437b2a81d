//! What auth asks the orders service before it erases somebody: whether money or tickets are under way.

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// The path of [`FindUnderWay`] in the orders service.
pub const FIND_UNDER_WAY: &str = "/internal/orders/under-way";

/// Asks what keeps somebody from being erased. The answer is a list of [`UnderWay`], each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FindUnderWay {
    /// Whom.
    pub user_id: UserId,
}

/// What is under way of somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnderWay {
    /// A ticket that they have reserved and not paid yet.
    Reservation,
    /// Money that goes back to them, or to who bought from them.
    Refund,
    /// A payment that a bank disputes.
    Dispute,
    /// A ticket of theirs that is for sale, or reserved.
    Listing,
    /// A ticket that they have bought or sold, to an event that is still to come.
    EventToCome,
}
