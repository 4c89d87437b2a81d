//! By which fields tickets are found and sorted, and the indexes of these.

use common::time::Timestamp;
use ports::store::{Collection, Index, Only};

use crate::store::sealing_record::READY;

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
    /// Whether it can say what its seller has given us: [`READY`](crate::store::sealing_record::READY).
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
    pub(crate) const PLACE_NUMBER: &str = "place.number";
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
    pub(crate) const EACH_WORD: &str = "foundBy.words[]";
    /// The event's name, as `search_text` makes it.
    pub(crate) const EVENT: &str = "foundBy.event";
    /// The venue's name, as `search_text` makes it; of a known event with its city.
    pub(crate) const VENUE: &str = "foundBy.venue";
    /// What the venue can be called: the same, and of a known event without its city. Missing in records from before
    /// they were kept.
    pub(crate) const VENUES: &str = "foundBy.venues";
    /// Each of these.
    pub(crate) const EACH_VENUE: &str = "foundBy.venues[]";
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

pub(super) static COLLECTION: Collection = Collection {
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
