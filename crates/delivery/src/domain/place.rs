use common::events::EventDetails;
use common::id::{EventId, OrderId, TicketId};
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How many scans that should have let nobody in are remembered: enough to see that something is wrong.
const MOST_CONFLICTS: usize = 20;

/// Counts whom a place was issued to, and that it was taken from them. A code says which; older ones are void.
pub(crate) type PlaceVersion = u32;

/// A place at an event that we issue: whoever holds it may go in, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    /// The organiser's first listing of it.
    pub(crate) id: TicketId,
    pub(crate) event: EventId,
    #[serde(default, skip_serializing_if = "Seat::is_none")]
    pub(crate) seat: Seat,
    #[serde(rename = "issue")]
    pub(crate) version: PlaceVersion,
    /// The order that has it, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<OrderId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) checked_in: Option<CheckIn>,
    /// The scans that came after the first, and those of void codes that had let somebody in by then, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) conflicts: Vec<Conflict>,
}

/// Where it is, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seat {
    /// The section of the venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) section: Option<String>,
    /// The row in the section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) row: Option<String>,
    /// The seat in the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seat: Option<String>,
    /// Which of the event's kinds of tickets it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tier: Option<String>,
}

/// That somebody has gone in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CheckIn {
    /// When the code was scanned, as the door says.
    pub(crate) at: Timestamp,
    pub(crate) door: String,
    /// The scan that was recorded first.
    scan: String,
    /// Its mark. Earlier versions had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
}

/// A scan that should have let nobody in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Conflict {
    pub(crate) at: Timestamp,
    pub(crate) door: String,
    scan: String,
    /// Its mark. Earlier versions had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
    /// Whether its code was void by the time that the scan was recorded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) void: bool,
    /// Whether it has: the door was offline.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) let_in: bool,
}

/// A code that was read at a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scan {
    /// What its door calls it. Another door, and one that counts anew, may call another scan so.
    pub(crate) id: String,
    /// The same when it is sent again, and that of no other scan. It is made of what it is called, its door, the moment as
    /// it was sent, and who has sent it.
    pub(crate) mark: String,
    pub(crate) at: Timestamp,
    pub(crate) door: String,
    /// Whether somebody has gone in with it: the door could ask nobody, and decided by its list.
    pub(crate) let_in: bool,
}

/// What a door is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ScanAnswer {
    /// Whoever has the code may go in.
    Admitted,
    /// Somebody has gone in with it.
    Already(CheckIn),
    /// It was issued to somebody else since, or taken back.
    Void {
        /// Whether the scan is remembered as one that should not have let anybody in, and has.
        is_conflict: bool,
        /// Who has gone in by a code that was not void.
        inside: Option<CheckIn>,
    },
}

/// Why a place is not issued to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotIssued {
    /// Somebody has gone in.
    #[error("the place has been used")]
    Used,
    /// Whoever sells it does not have it any more.
    #[error("the seller does not have the place")]
    HeldByAnother,
}

impl Scan {
    /// Whether it was recorded as this one, and has been sent again.
    fn is(&self, mark: Option<&str>, id: &str, door: &str) -> bool {
        mark.map_or((id, door) == (&self.id, &self.door), |mark| mark == self.mark)
    }
}

impl CheckIn {
    /// Whether it was by this scan.
    fn is_of(&self, scan: &Scan) -> bool {
        scan.is(self.mark.as_deref(), &self.scan, &self.door)
    }
}

impl Conflict {
    /// Whether it is this scan.
    fn is_of(&self, scan: &Scan) -> bool {
        scan.is(self.mark.as_deref(), &self.scan, &self.door)
    }
}

impl From<&EventDetails> for Seat {
    fn from(details: &EventDetails) -> Self {
        let EventDetails { section, row, seat, tier, .. } = details.clone();
        Self { section, row, seat, tier }
    }
}

impl Seat {
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Place {
    /// One that an organiser sells for the first time.
    pub(crate) fn new(id: TicketId, event: EventId, seat: Seat, order: OrderId) -> Self {
        Self { id, event, seat, version: 1, order: Some(order), checked_in: None, conflicts: Vec::new() }
    }

    /// Issues it to `order`, if `seller` has it: the order by which it was bought before, or none if nobody has it. All
    /// codes that were issued before are void.
    pub(crate) fn issue(&mut self, order: OrderId, seller: Option<OrderId>) -> Result<Outcome<()>, NotIssued> {
        if self.order == Some(order) {
            return Ok(Outcome::Unchanged);
        }
        if self.checked_in.is_some() {
            return Err(NotIssued::Used);
        }
        if self.order != seller {
            return Err(NotIssued::HeldByAnother);
        }
        (self.order, self.version) = (Some(order), self.version + 1);
        Ok(Outcome::Changed(()))
    }

    /// Takes it from this order, if that has it.
    pub(crate) fn take_back(&mut self, order: OrderId) -> Outcome<()> {
        if self.order != Some(order) {
            return Outcome::Unchanged;
        }
        (self.order, self.version) = (None, self.version + 1);
        Outcome::Changed(())
    }

    /// Somebody shows a code of this version. The first scan that is recorded is the one that counts. A void code changes
    /// nothing, unless it has let somebody in who should not be there.
    pub(crate) fn check_in(&mut self, version: PlaceVersion, scan: &Scan) -> Outcome<()> {
        match &self.checked_in {
            Some(first) if first.is_of(scan) => Outcome::Unchanged,
            _ if self.is_void(version) && !scan.let_in => Outcome::Unchanged,
            None if !self.is_void(version) => {
                let Scan { id, mark, at, door, .. } = scan.clone();
                self.checked_in = Some(CheckIn { at, door, scan: id, mark: Some(mark) });
                Outcome::Changed(())
            }
            Some(_) | None => self.note_conflict(version, scan),
        }
    }

    /// Remembers a scan that should have let nobody in, once. If there are many, one that has let somebody in takes the
    /// place of the oldest that has not.
    fn note_conflict(&mut self, version: PlaceVersion, scan: &Scan) -> Outcome<()> {
        let is_full = self.conflicts.len() >= MOST_CONFLICTS;
        if let Some(known) = self.conflicts.iter_mut().find(|known| known.is_of(scan)) {
            // The door was told to let nobody in, and did not hear it.
            let is_news = scan.let_in && !known.let_in;
            known.let_in |= scan.let_in;
            return if is_news { Outcome::Changed(()) } else { Outcome::Unchanged };
        }
        if is_full {
            let refused = self.conflicts.iter().position(|known| scan.let_in && !known.let_in);
            let Some(refused) = refused else { return Outcome::Unchanged };
            self.conflicts.remove(refused);
        }
        let Scan { id, mark, at, door, let_in } = scan.clone();
        let void = self.is_void(version);
        self.conflicts.push(Conflict { at, door, scan: id, mark: Some(mark), void, let_in });
        Outcome::Changed(())
    }

    /// What the door is told of a scan that was recorded, also when it is sent again.
    pub(crate) fn answer(&self, version: PlaceVersion, scan: &Scan) -> ScanAnswer {
        match &self.checked_in {
            Some(first) if !self.is_void(version) && !first.is_of(scan) => ScanAnswer::Already(first.clone()),
            Some(_) if !self.is_void(version) => ScanAnswer::Admitted,
            inside => ScanAnswer::Void {
                is_conflict: self.conflicts.iter().any(|conflict| conflict.is_of(scan) && conflict.let_in),
                inside: inside.clone(),
            },
        }
    }

    /// Whether codes of this version let nobody in.
    fn is_void(&self, version: PlaceVersion) -> bool {
        self.order.is_none() || version != self.version
    }
}

#[cfg(test)]
mod tests;
