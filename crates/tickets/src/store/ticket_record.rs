use common::delivery::{DeliveryPromise, Seal};
use common::edition::Edition;
use common::events::EventDetails;
use common::id::{EventId, OrderId, TicketId, UserId};
use common::money::{Currency, Price, minor_units};
use common::time::Timestamp;
use common::version::Version;
use ports::store::{Collection, Index, Only};
use runtime::store::Stored;
use serde::{Deserialize, Serialize};

use super::sealing_record::{READY, SealingRecord};
use crate::domain::{KnownOrder, Seat, ShortText, Ticket, TicketLock, WORDS_RULE, search_text, search_words};

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

/// Derived from the rest whenever a ticket is stored.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct FoundBy {
    /// The words of title, event, venue and section.
    words: Vec<String>,
    /// The rule that they, the day and the venues were made by.
    words_rule: u32,
    event: Option<String>,
    venue: Option<String>,
    venues: Vec<String>,
    /// When the event begins. Tickets without a date come last: the field to sort by must be
    /// present in every record.
    starts_at: Option<Timestamp>,
    /// The day of that at the venue, or in UTC where the venue's time zone is not known.
    day: Option<String>,
    event_id: Option<EventId>,
    /// By when its seller has promised to deliver it, if that is after it is sold.
    deliver_by: Option<Timestamp>,
}

/// The fields of the record that tickets are found and sorted by.
pub(crate) mod fields {
    /// One of [`states`](super::states).
    pub(crate) const STATE: &str = "lock.state";
    /// The seller.
    pub(crate) const SELLER: &str = "userId";
    /// Whether it is being changed: [`BEGUN`](super::BEGUN).
    pub(crate) const CHANGE: &str = "change.state";
    /// Since when.
    pub(crate) const CHANGING_SINCE: &str = "change.since";
    /// Whether it can say what its seller has given us: [`READY`](super::super::sealing_record::READY).
    pub(crate) const SEALING: &str = "sealing.state";
    /// Since when.
    pub(crate) const SEALING_SINCE: &str = "sealing.since";
    /// By when its seller has promised to deliver it. Missing in records from before it was kept.
    pub(crate) const DELIVER_BY: &str = "foundBy.deliverBy";
    /// Whether it takes a seat: [`TAKEN`](super::TAKEN).
    pub(crate) const SEAT_STATE: &str = "seat.state";
    /// Whose seat it is.
    pub(crate) const SEAT_SELLER: &str = "seat.sellerId";
    /// Which seat it is.
    pub(crate) const SEAT: &str = "seat.seat";
    /// By which rule it was made, and its description. Missing in records from before there was one.
    pub(crate) const SEAT_RULE: &str = "seat.rule";
    /// Whether it takes a seat by its description: [`TAKEN`](super::TAKEN).
    pub(crate) const DESCRIBED_STATE: &str = "describedSeat.state";
    /// Whose seat that is.
    pub(crate) const DESCRIBED_SELLER: &str = "describedSeat.sellerId";
    /// Which seat that is.
    pub(crate) const DESCRIBED_SEAT: &str = "describedSeat.seat";
    /// Whether it takes a place: [`TAKEN`](super::TAKEN).
    pub(crate) const PLACE_STATE: &str = "place.state";
    /// Whose place it is.
    pub(crate) const PLACE_SELLER: &str = "place.sellerId";
    /// Which place it is.
    pub(super) const PLACE_NUMBER: &str = "place.number";
    /// When it was listed.
    pub(crate) const LISTED_AT: &str = "listedAt";
    /// The price in minor units.
    pub(crate) const PRICE: &str = "price";
    /// The currency's code.
    pub(crate) const CURRENCY: &str = "currency";
    /// When the event begins; [`UNDATED`](super::UNDATED) where that is not known.
    pub(crate) const STARTS_AT: &str = "foundBy.startsAt";
    /// The day on which the event begins, at the venue: `2027-06-12`. Missing in records from before it was kept, and
    /// later than all others where no date is known.
    pub(crate) const DAY: &str = "foundBy.day";
    /// Which of the event's tiers it is.
    pub(crate) const TIER: &str = "details.tier";
    /// The event's id.
    pub(crate) const EVENT_ID: &str = "foundBy.eventId";
    /// The words it is found by, as `search_words` makes them. Missing in records from before they were kept.
    pub(crate) const WORDS: &str = "foundBy.words";
    /// By which rule, and by which its day and its venues. Missing in records from before there were several.
    pub(crate) const WORDS_RULE: &str = "foundBy.wordsRule";
    /// Each of them.
    pub(super) const EACH_WORD: &str = "foundBy.words[]";
    /// The event's name, as `search_text` makes it.
    pub(crate) const EVENT: &str = "foundBy.event";
    /// The venue's name, as `search_text` makes it; of a known event with its city.
    pub(crate) const VENUE: &str = "foundBy.venue";
    /// What the venue can be called: the same, and of a known event without its city. Missing in records from before
    /// they were kept.
    pub(crate) const VENUES: &str = "foundBy.venues";
    /// Each of these.
    pub(super) const EACH_VENUE: &str = "foundBy.venues[]";
}

/// The values of [`fields::STATE`] that queries look for.
pub(crate) mod states {
    /// For sale.
    pub(crate) const FREE: &str = "free";
    /// Not for sale yet.
    pub(crate) const UNSEALED: &str = "unsealed";
    /// An order holds it.
    pub(crate) const LOCKED: &str = "locked";
    /// It belongs to its buyer.
    pub(crate) const SOLD: &str = "sold";
    /// Its seller has taken it back.
    pub(crate) const WITHDRAWN: &str = "withdrawn";
}

/// The value of [`fields::CHANGE`] of a ticket that is being changed.
pub(crate) const BEGUN: &str = "begun";
/// The unique index of the seats that a seller's listings take (invariant I17).
pub(crate) const ONE_LISTING_PER_SEAT: &str = "one_listing_per_seat";
/// The same of seats as they are described, whether their events are known or not.
pub(crate) const ONE_LISTING_PER_DESCRIPTION: &str = "one_listing_per_description";
/// The unique index of the places that a seller's tickets for sale take.
pub(crate) const ONE_TICKET_PER_PLACE: &str = "one_ticket_per_place";
/// The value of [`fields::PLACE_STATE`] of a ticket that takes a place, and of [`fields::SEAT_STATE`] of one that takes a
/// seat.
pub(crate) const TAKEN: &str = "taken";

/// Stands for "no date is known" where tickets are sorted by date.
pub(crate) const UNDATED: Timestamp = Timestamp::MAX;

const FREE: &[&str] = &[states::FREE];
const LOCKED: &[&str] = &[states::LOCKED];
const UNSEALED: &[&str] = &[states::UNSEALED];
/// Most locked tickets are for sale again or sold soon, and a search passes over them: to take each of their words and
/// venues out of the index, and perhaps put them back, costs more than the rest of the lock.
const SEARCHED: &[&str] = &[states::FREE, states::LOCKED];

static COLLECTION: Collection = Collection {
    name: "tickets",
    indexes: &[
        Index::among(fields::STATE, FREE, "newest", &[fields::LISTED_AT]),
        Index::among(fields::STATE, FREE, "by_price", &[fields::CURRENCY, fields::PRICE]),
        Index::among(fields::STATE, FREE, "by_date", &[fields::STARTS_AT]),
        Index::among(fields::STATE, FREE, "of_event", &[fields::EVENT]),
        Index::among(fields::STATE, SEARCHED, "venues", &[fields::EACH_VENUE]),
        Index::among(fields::STATE, FREE, "to_event", &[fields::EVENT_ID, fields::PRICE]),
        Index::among(fields::STATE, FREE, "by_promise", &[fields::DELIVER_BY]),
        Index::among(fields::STATE, UNSEALED, "unsealed", &[fields::EVENT_ID]),
        Index::among(fields::STATE, SEARCHED, "words", &[fields::EACH_WORD]),
        Index::among(fields::STATE, LOCKED, "locked", &[fields::STATE]),
        Index::among(fields::CHANGE, &[BEGUN], "being_changed", &[fields::CHANGING_SINCE]),
        Index::among(fields::SEALING, &[READY], "to_seal", &[fields::SEALING_SINCE]),
        Index {
            name: ONE_LISTING_PER_SEAT,
            // In this sequence it also finds who else offers the seat.
            fields: &[fields::SEAT, fields::SEAT_SELLER],
            unique: true,
            only: Some(Only { field: fields::SEAT_STATE, values: &[TAKEN] }),
        },
        Index {
            name: ONE_LISTING_PER_DESCRIPTION,
            fields: &[fields::DESCRIBED_SEAT, fields::DESCRIBED_SELLER],
            unique: true,
            only: Some(Only { field: fields::DESCRIBED_STATE, values: &[TAKEN] }),
        },
        Index::among(fields::SEAT_STATE, &[TAKEN], "by_seat_rule", &[fields::SEAT_RULE]),
        Index {
            name: ONE_TICKET_PER_PLACE,
            fields: &[fields::PLACE_SELLER, fields::PLACE_NUMBER],
            unique: true,
            only: Some(Only { field: fields::PLACE_STATE, values: &[TAKEN] }),
        },
        Index { name: "of_seller", fields: &[fields::SELLER, fields::LISTED_AT], unique: false, only: None },
    ],
};

impl Stored for Ticket {
    const COLLECTION: &'static Collection = &COLLECTION;

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

/// The words that a ticket is found by.
pub(super) fn words_of(ticket: &Ticket) -> Vec<String> {
    words(&ticket.title, &ticket.details)
}

fn words(title: &ShortText, details: &EventDetails) -> Vec<String> {
    // Of a known event, its name, its venue and its city are in these.
    let EventDetails {
        event,
        venue,
        section,
        starts_at: _,
        row: _,
        seat: _,
        time_zone: _,
        event_id: _,
        tier: _,
        delivery: _,
    } = details;
    let searched = [Some(title.as_str()), event.as_deref(), venue.as_deref(), section.as_deref()];
    search_words(searched.into_iter().flatten())
}

/// What people call a venue. That of a known event is in one line with its city, and either may have a comma in it.
fn venue_names(venue: &str, with_city: bool) -> Vec<String> {
    let commas = venue.match_indices(", ").filter(|_| with_city);
    let names = commas.map(|(end, _)| &venue[..end]).chain([venue]);
    names.map(search_text).collect()
}

impl FoundBy {
    fn of(title: &ShortText, details: &EventDetails) -> Self {
        let EventDetails { event, venue, starts_at, time_zone, event_id, delivery, .. } = details;
        let deliver_by = match delivery {
            Some(DeliveryPromise::Later { until }) => Some(*until),
            Some(DeliveryPromise::Sealed { .. } | DeliveryPromise::Ours { .. } | DeliveryPromise::Other) | None => None,
        };
        let starts_at = starts_at.unwrap_or(UNDATED);
        let day = time_zone.as_ref().map(|zone| zone.wall_time(starts_at).day());
        Self {
            words: words(title, details),
            words_rule: WORDS_RULE,
            event: event.as_deref().map(search_text),
            venue: venue.as_deref().map(search_text),
            venues: venue.as_deref().map(|venue| venue_names(venue, event_id.is_some())).unwrap_or_default(),
            starts_at: Some(starts_at),
            day: Some(day.unwrap_or_else(|| starts_at.day())),
            event_id: *event_id,
            deliver_by,
        }
    }
}

#[cfg(test)]
mod tests;
