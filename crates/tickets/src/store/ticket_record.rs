mod found_by;
mod indexes;

pub(super) use found_by::words_of;
pub(super) use indexes::{BEGUN, TAKEN};
pub(crate) use indexes::{
    ONE_LISTING_PER_DESCRIPTION, ONE_LISTING_PER_SEAT, ONE_TICKET_PER_PLACE, UNDATED, fields, states,
};

use common::delivery::Seal;
use common::edition::Edition;
use common::events::EventDetails;
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price, minor_units};
use common::time::Timestamp;
use common::version::Version;
use ports::store::Collection;
use runtime::store::Stored;
use serde::{Deserialize, Serialize};

use found_by::FoundBy;

use super::sealing_record::SealingRecord;
use crate::domain::{KnownOrder, Seat, ShortText, Ticket, TicketLock};

/// A ticket as it is stored: the ticket itself, and what it is found and sorted by.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TicketRecord {
    id: TicketId,
    title: ShortText,
    #[serde(with = "minor_units")]
    price: Price,
    currency: Currency,
    user_id: UserId,
    lock: TicketLock,
    /// Missing in records from before tickets knew their orders; so is the next, and then orders are known apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<KnownOrder>,
    #[serde(default)]
    knows_every_order: bool,
    details: EventDetails,
    listed_at: Timestamp,
    /// Missing in records from before there were editions; so are the next three.
    #[serde(default)]
    edition: Edition,
    #[serde(default)]
    edited_in: Version,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    change: Option<ChangeRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seat: Option<SeatRecord>,
    /// Missing in records from before seats were described, and where the seller lists another event's that is
    /// described alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    described_seat: Option<SeatRecord>,
    /// Missing in records from before there were places; so is the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<PlaceRecord>,
    #[serde(default)]
    reserved_not_bought: u32,
    /// Missing in records from before there was anything to deliver; so are the next two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealing: Option<SealingRecord>,
    #[serde(default, skip_serializing_if = "Seal::is_none")]
    last_seal: Seal,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undelivered: Option<OrderId>,
    #[serde(skip_deserializing)]
    found_by: FoundBy,
}

/// A change that is under way.
#[derive(Serialize, Deserialize)]
struct ChangeRecord {
    state: Begun,
    since: Timestamp,
}

/// By what an index tells the tickets that are being changed.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Begun {
    Begun,
}

/// The seat that a listing keeps others from offering.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SeatRecord {
    state: Taken,
    seller_id: UserId,
    seat: String,
    /// The rule that it was made by, and its description, beside its key only. Missing in records from before there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<u32>,
}

/// The place that a ticket for sale takes among its seller's.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlaceRecord {
    state: Taken,
    seller_id: UserId,
    number: u32,
}

/// By what an index tells the tickets that take a seat, and those that take a place.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Taken {
    Taken,
}

impl Stored for Ticket {
    const COLLECTION: &'static Collection = &indexes::COLLECTION;

    type Record = TicketRecord;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl From<Ticket> for TicketRecord {
    fn from(ticket: Ticket) -> Self {
        let found_by = FoundBy::of(&ticket.title, &ticket.details);
        let sealing = SealingRecord::of(&ticket);
        let change = ticket.changing_since.map(|since| ChangeRecord { state: Begun::Begun, since });
        // Once it is withdrawn, the seat can be offered again.
        let seat = ticket.seat.filter(|_| ticket.lock != TicketLock::Withdrawn);
        let taken = |seat, rule| SeatRecord { state: Taken::Taken, seller_id: ticket.seller, seat, rule };
        let described_seat = seat.as_ref().and_then(|seat| seat.described.clone()).map(|seat| taken(seat, None));
        let seat = seat.map(|seat| taken(seat.key, Some(seat.rule).filter(|rule| *rule > 0)));
        // What is sold or withdrawn makes room for another.
        let may_be_sold = matches!(ticket.lock, TicketLock::Free | TicketLock::Unsealed | TicketLock::Locked { .. });
        let place = ticket.place.filter(|_| may_be_sold);
        let place = place.map(|number| PlaceRecord { state: Taken::Taken, seller_id: ticket.seller, number });
        Self {
            id: ticket.id,
            title: ticket.title,
            price: ticket.price,
            currency: ticket.currency,
            user_id: ticket.seller,
            lock: ticket.lock,
            order: ticket.order,
            knows_every_order: ticket.knows_every_order,
            details: ticket.details,
            listed_at: ticket.listed_at,
            edition: ticket.edition,
            edited_in: ticket.edited_in,
            change,
            seat,
            described_seat,
            place,
            reserved_not_bought: ticket.reserved_not_bought,
            sealing,
            last_seal: ticket.last_seal,
            undelivered: ticket.undelivered,
            found_by,
        }
    }
}

impl From<TicketRecord> for Ticket {
    fn from(record: TicketRecord) -> Self {
        Self {
            id: record.id,
            title: record.title,
            price: record.price,
            currency: record.currency,
            seller: record.user_id,
            lock: record.lock,
            order: record.order,
            knows_every_order: record.knows_every_order,
            details: record.details,
            listed_at: record.listed_at,
            edition: record.edition,
            edited_in: record.edited_in,
            changing_since: record.change.map(|change| change.since),
            seat: record.seat.map(|seat| Seat {
                key: seat.seat,
                described: record.described_seat.map(|described| described.seat),
                rule: seat.rule.unwrap_or_default(),
            }),
            place: record.place.map(|place| place.number),
            reserved_not_bought: record.reserved_not_bought,
            sealing: record.sealing.map(Into::into),
            last_seal: record.last_seal,
            undelivered: record.undelivered,
        }
    }
}

#[cfg(test)]
mod tests;
