use common::delivery::Seal;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{Sealing, Ticket};

/// What a seller has given us, which their ticket does not say yet.
#[derive(Serialize, Deserialize)]
pub(super) struct SealingRecord {
    state: Progress,
    seal: Seal,
    checked: bool,
    since: Timestamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    used: bool,
}

/// By what an index tells the tickets that can say it now.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Progress {
    /// It can.
    Ready,
    /// An order holds the ticket, or its seller promises something else.
    Waiting,
}

/// The value of the field of a ticket that can.
pub(super) const READY: &str = "ready";

impl SealingRecord {
    pub(super) fn of(ticket: &Ticket) -> Option<Self> {
        let Sealing { seal, checked, since, used } = ticket.sealing?;
        let state = if ticket.can_take_seal() { Progress::Ready } else { Progress::Waiting };
        Some(Self { state, seal, checked, since, used })
    }
}

impl From<SealingRecord> for Sealing {
    fn from(record: SealingRecord) -> Self {
        let SealingRecord { state: _, seal, checked, since, used } = record;
        Self { seal, checked, since, used }
    }
}
