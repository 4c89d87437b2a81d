//! Which tickets to list, and how they are sorted.

use std::fmt;

use common::id::EventId;
use common::money::{Currency, Price};
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Which tickets to list: by default all that are for sale, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketFilter {
    /// Beginnings of words in title, event, venue or section.
    pub q: Option<String>,
    /// Whether to list what comes near if nothing has all words: [`Page::is_near`] says so.
    pub near: Option<bool>,
    /// The sort order.
    pub sort: Option<TicketSort>,
    /// The page size, up to 100.
    pub limit: Option<u32>,
    /// The lowest price, in the one currency.
    pub min_price: Option<Price>,
    /// The highest price, in the one currency.
    pub max_price: Option<Price>,
    /// The earliest start of the event.
    pub from: Option<Timestamp>,
    /// The latest start of the event.
    pub to: Option<Timestamp>,
    /// The earliest day on which the event starts, at its venue: `2027-06-12`.
    pub from_day: Option<String>,
    /// The latest day on which it does.
    pub to_day: Option<String>,
    /// The event.
    pub event_id: Option<EventId>,
    /// Which of the event's tiers.
    pub tier: Option<String>,
    /// The venue's name.
    pub venue: Option<String>,
    /// The event's name.
    pub event: Option<String>,
    /// The currency of the price. A list that compares prices holds tickets in one currency: this one; without it that of
    /// the event above, or else US dollars.
    pub currency: Option<Currency>,
    /// Whose tickets to list.
    pub seller: Option<Seller>,
    /// Of the caller's own tickets, those in this state.
    pub state: Option<ListingState>,
    /// The cursor of the page: the [`Page::next_cursor`] of the previous page for the same filter.
    pub cursor: Option<String>,
}

/// Whose tickets to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Seller {
    /// The caller's own tickets, including those that are locked, sold or withdrawn.
    Me,
}

/// The state of one of the caller's own tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListingState {
    /// It can be bought.
    ForSale,
    /// It cannot be bought yet: its seller has yet to give us what they promise.
    Unsealed,
    /// An order holds it.
    Reserved,
    /// It is sold.
    Sold,
    /// Its seller has taken it back.
    Withdrawn,
}

/// The sort order of a list of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TicketSort {
    /// Newest first.
    #[serde(rename = "newest")]
    Newest,
    /// Oldest first.
    #[serde(rename = "oldest")]
    Oldest,
    /// Cheapest first.
    #[serde(rename = "price")]
    Cheapest,
    /// Most expensive first.
    #[serde(rename = "-price")]
    Dearest,
    /// Earliest event first, tickets without a date last.
    #[serde(rename = "date")]
    Soonest,
}

/// Its name in the API.
impl fmt::Display for TicketSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
