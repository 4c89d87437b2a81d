//! What an operator asks the delivery service about who organises an event: who may sell tickets that we issue, and check
//! them in.

use serde::{Deserialize, Serialize};

use crate::id::{EventId, UserId};

/// The path of [`AskOrganisers`] in the delivery service.
pub const ORGANISERS: &str = "/internal/delivery/organisers";

/// Asks who the organisers of an event are, once they are as this says. Asking again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskOrganisers {
    /// The event.
    pub event: EventId,
    /// What becomes of them, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeOrganisers>,
}

/// What becomes of the organisers of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChangeOrganisers {
    /// This person is one of them.
    Add(UserId),
    /// This person is none of them.
    Remove(UserId),
}

/// Who they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisers {
    /// All of them.
    pub people: Vec<UserId>,
}
