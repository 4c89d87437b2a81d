use serde::{Deserialize, Serialize};

use common::events::Envelope;
use common::time::Timestamp;

/// A message that a consumer could not process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetter {
    /// Its number in the list of dead letters.
    pub number: u64,
    /// The durable consumer that could not process it.
    pub consumer: String,
    /// Why.
    pub reason: String,
    /// How often it had been delivered.
    pub deliveries: u32,
    /// When it became a dead letter.
    pub time: Timestamp,
    /// Whether it has been replayed since.
    #[serde(default)]
    pub replayed: bool,
    /// The message.
    pub envelope: Envelope,
}
