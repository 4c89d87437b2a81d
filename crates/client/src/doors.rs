use common::id::{EventId, TicketId};
use common::time::Timestamp;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::request::json_request;
use crate::{Client, Error};

/// What a door has to know to let people in without asking anybody.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Door {
    /// When this was so.
    pub as_of: Timestamp,
    /// By which codes are recognised.
    pub keys: Vec<TicketKey>,
    /// All places that were issued.
    pub places: Vec<DoorPlace>,
}

/// An Ed25519 key that tickets are signed with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketKey {
    /// The first byte of each code that it has signed.
    pub id: u8,
    /// The public key, in base64url.
    pub public_key: String,
}

/// What the caller is at an event.
#[derive(Debug, Deserialize)]
struct Role {
    organises: bool,
}

/// The public keys of an event's tickets.
#[derive(Debug, Deserialize)]
struct TicketKeys {
    keys: Vec<TicketKey>,
}

/// A place at an event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DoorPlace {
    /// Its id.
    pub place: TicketId,
    /// Codes of a lower version are void.
    pub version: u32,
    /// Where it is.
    pub seat: PlaceSeat,
    /// The scan that somebody has gone in with.
    pub checked_in: Option<DoorScan>,
    /// The scans that came after that.
    #[serde(default)]
    pub conflicts: Vec<DoorScan>,
}

/// Where a place is, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct PlaceSeat {
    /// The section of the venue.
    pub section: Option<String>,
    /// The row in the section.
    pub row: Option<String>,
    /// The seat in the row.
    pub seat: Option<String>,
    /// Which of the event's kinds of tickets it is.
    pub tier: Option<String>,
}

/// A scan that was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DoorScan {
    /// When, as the door says.
    pub at: Timestamp,
    /// What the door is called.
    pub door: String,
}

/// A code that was read at a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scan {
    /// What was read.
    pub code: String,
    /// When.
    pub at: Timestamp,
    /// What the door calls the scan. Sent again with the same moment and by the same account, it has the same answer.
    pub id: String,
}

/// What came of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Scanned {
    /// What the door calls it.
    pub id: String,
    /// What the door is told.
    #[serde(flatten)]
    pub answer: ScanAnswer,
    /// Where the place is, if it is one.
    pub seat: Option<PlaceSeat>,
}

/// What a door is told of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum ScanAnswer {
    /// Whoever has the code may go in.
    Admitted,
    /// Somebody has gone in with it.
    Already {
        /// When, as that door says.
        at: Timestamp,
        /// What that door is called.
        door: String,
    },
    /// It was issued to somebody else since, or taken back.
    Void,
    /// It is no code of a ticket that was issued here.
    Unknown,
    /// It is to another event.
    OtherEvent,
    /// An answer that was added after this client was built.
    #[serde(other)]
    Other,
}

/// What came of scans.
#[derive(Debug, Deserialize)]
struct Answers {
    scans: Vec<Scanned>,
}

impl Client {
    /// The public keys of the tickets that are issued here, as [`door`](Self::door) has them.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn ticket_keys(&self, event: EventId) -> Result<Vec<TicketKey>, Error> {
        let keys: TicketKeys = self.get(&self.urls.deliveries, &format!("/api/deliveries/events/{event}/keys")).await?;
        Ok(keys.keys)
    }

    /// What a door of an event has to know. Only its organisers may ask.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn door(&self, event: EventId) -> Result<Door, Error> {
        self.get(&self.urls.deliveries, &format!("/api/deliveries/events/{event}/door")).await
    }

    /// Whether the caller organises an event: they may sell tickets to it that are issued here, and check people in.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn organises(&self, event: EventId) -> Result<bool, Error> {
        let role: Role = self.get(&self.urls.deliveries, &format!("/api/deliveries/events/{event}/role")).await?;
        Ok(role.organises)
    }

    /// Checks people in at a door of an event, and says who may go in: one answer for each scan, 200 at most.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn check_in(&self, event: EventId, door: &str, scans: &[Scan]) -> Result<Vec<Scanned>, Error> {
        let path = format!("/api/deliveries/events/{event}/checkins");
        let body = json!({"door": door, "scans": scans});
        let answers: Answers = self.fetch(json_request(Method::POST, &self.urls.deliveries, &path, &body)?).await?;
        Ok(answers.scans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{Stub, ticket_id};

    fn event_id() -> EventId {
        "5f1f77bcf86cd799439011e1".parse().expect("an id")
    }

    #[tokio::test]
    async fn each_scan_has_its_answer_also_one_of_a_later_server() {
        let body = json!({"scans": [
            {"id": "1", "answer": "admitted", "seat": {"row": "3"}},
            {"id": "2", "answer": "already", "at": "2026-11-22T12:00:00Z", "door": "North", "seat": {}},
            {"id": "3", "answer": "too_early"},
        ]});
        let client = Stub::answering(200, body).await.client();
        let scanned = client.check_in(event_id(), "South", &[]).await.expect("reads");
        assert_eq!((&scanned[0].answer, &scanned[2].answer), (&ScanAnswer::Admitted, &ScanAnswer::Other));
        assert_eq!(scanned[0].seat.as_ref().and_then(|seat| seat.row.as_deref()), Some("3"));
        let ScanAnswer::Already { door, .. } = &scanned[1].answer else { panic!("{scanned:?}") };
        assert_eq!(door, "North");
    }

    #[tokio::test]
    async fn an_organiser_is_told_that_they_are_one() {
        for organises in [true, false] {
            let client = Stub::answering(200, json!({"organises": organises})).await.client();
            assert_eq!(client.organises(event_id()).await.expect("reads"), organises);
        }
    }

    #[tokio::test]
    async fn a_door_reads() {
        let body = json!({
            "asOf": "2026-11-22T12:00:00Z", "keys": [{"id": 1, "publicKey": "AA"}],
            "places": [{"place": ticket_id(), "version": 2, "seat": {}}],
        });
        let door = Stub::answering(200, body).await.client().door(event_id()).await.expect("reads");
        assert_eq!((door.places[0].version, &door.places[0].checked_in, door.keys[0].id), (2, &None, 1));
    }
}
