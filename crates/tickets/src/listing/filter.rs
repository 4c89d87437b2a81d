use std::time::Duration;

use common::id::{EventId, UserId};
use common::money::{Currency, Price};
use common::time::Timestamp;
use ports::store::{Condition, Cursor, Lane, Query, SoughtText};
use runtime::http::MAX_LIMIT;
use serde_json::Value;

use super::position::Position;
use super::sort::Sort;
use crate::domain::SoughtWord;
use crate::hot_pages::PageKey;
use crate::store::{UNDATED, fields, states};

/// One page of the list of tickets, as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listing {
    pub(crate) scope: Scope,
    pub(crate) sort: Sort,
    pub(crate) limit: usize,
    pub(crate) position: Position,
    /// The beginnings of words to be found, as `sought_words` makes them.
    pub(crate) words: Option<Vec<SoughtWord>>,
    /// Whether what comes near to these is wanted where nothing has them all.
    pub(crate) near: bool,
    /// As `search_text` makes it; so is `venue`.
    pub(crate) event: Option<String>,
    pub(crate) venue: Option<String>,
    pub(crate) currency: Option<Currency>,
    pub(crate) min_price: Option<Price>,
    pub(crate) max_price: Option<Price>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
    /// Days at the venue, as `parse_day` makes them; so is `to_day`.
    pub(crate) from_day: Option<String>,
    pub(crate) to_day: Option<String>,
    pub(crate) event_id: Option<EventId>,
    pub(crate) tier: Option<String>,
}

/// Which tickets are listed, before any filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All that are for sale.
    ForSale,
    /// One seller's: all, or those in one state.
    SoldBy(UserId, Option<ListingState>),
}

/// The state of a seller's own tickets that they ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, utoipa::ToSchema)]
#[schema(rename_all = "kebab-case")]
pub(crate) enum ListingState {
    ForSale,
    Unsealed,
    Reserved,
    Sold,
    Withdrawn,
}

impl ListingState {
    const ALL: [(&'static str, Self); 5] = [
        ("for-sale", Self::ForSale),
        ("unsealed", Self::Unsealed),
        ("reserved", Self::Reserved),
        ("sold", Self::Sold),
        ("withdrawn", Self::Withdrawn),
    ];

    /// From a parameter.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| *name == text).map(|(_, state)| state)
    }

    /// Its name in the store.
    fn name(self) -> &'static str {
        match self {
            Self::ForSale => states::FREE,
            Self::Unsealed => states::UNSEALED,
            Self::Reserved => states::LOCKED,
            Self::Sold => states::SOLD,
            Self::Withdrawn => states::WITHDRAWN,
        }
    }
}

impl Listing {
    /// The query for the store at `now`, for what comes after `after` and meets `sought`, too: what the words come to.
    pub(crate) fn query(&self, now: Timestamp, sought: Vec<Condition>, after: Option<Cursor>) -> Query {
        let in_state = |state: &str| Condition::Equals(fields::STATE, state.into());
        let mut conditions = match self.scope {
            Scope::ForSale => vec![in_state(states::FREE)],
            Scope::SoldBy(seller, state) => {
                let is_theirs = Condition::Equals(fields::SELLER, seller.to_string().into());
                std::iter::once(is_theirs).chain(state.map(|state| in_state(state.name()))).collect()
            }
        };
        let equal = |field, value: Option<&str>| value.map(|text| Condition::Equals(field, text.into()));
        conditions.extend(equal(fields::EVENT, self.event.as_deref()));
        let is_called = |venue: &String| Condition::HasAny(fields::VENUES, vec![SoughtText::Whole(venue.clone())]);
        conditions.extend(self.venue.as_ref().map(is_called));
        conditions.extend(self.currency.map(|currency| self.in_currency(currency)));
        let minor = |price: Price| Value::from(price.minor_units());
        conditions.extend(self.min_price.map(|price| Condition::AtLeast(fields::PRICE, minor(price))));
        conditions.extend(self.max_price.map(|price| Condition::AtMost(fields::PRICE, minor(price))));
        let event_id = self.event_id.map(|id| id.to_string());
        conditions.extend(equal(fields::EVENT_ID, event_id.as_deref()));
        conditions.extend(equal(fields::TIER, self.tier.as_deref()));
        conditions.extend(self.dates(now));
        conditions.extend(self.days());
        conditions.extend(sought);
        Query {
            conditions,
            sort: Some(self.sort.field()),
            direction: self.sort.direction(),
            after,
            limit: None,
            lane: if self.is_narrowed() { Lane::Search } else { Lane::Direct },
        }
    }

    /// Whether records may have to be looked at that are not on the page.
    pub(crate) fn is_narrowed(&self) -> bool {
        let Self { scope, sort, limit, near, ref position, .. } = *self;
        let currency = self.currency.filter(|_| sort.is_by_price());
        *self != Self { scope, sort, limit, near, position: position.clone(), currency, ..Self::default() }
    }

    /// Where prices are compared, they are in one currency: that of the event, the one that is asked for, or else the
    /// one that a ticket is listed in unless its seller names another.
    pub(super) fn in_one_currency(self) -> Self {
        let compares_prices = self.sort.is_by_price() || self.min_price.is_some() || self.max_price.is_some();
        let usual = (compares_prices && self.event_id.is_none()).then(Currency::default);
        Self { currency: self.currency.or(usual), ..self }
    }

    /// There are few currencies, and so most tickets may be in this one. Its index is for prices: where another one leads
    /// to fewer tickets, or to them in the order that is asked for, this is tested on what that finds.
    fn in_currency(&self, currency: Currency) -> Condition {
        let is_elsewhere = self.event_id.is_some() || self.event.is_some() || self.venue.is_some();
        let is_between = self.min_price.is_some() && self.max_price.is_some();
        if self.scope == Scope::ForSale && !is_elsewhere && (self.sort.is_by_price() || is_between) {
            return Condition::Equals(fields::CURRENCY, currency.code().into());
        }
        Condition::equals_mostly(fields::CURRENCY, currency.code())
    }

    /// A filter by date leaves out the tickets without one. What has begun is not for sale.
    fn dates(&self, now: Timestamp) -> Vec<Condition> {
        let millisecond = Duration::from_millis(1);
        let earliest = match self.scope {
            Scope::ForSale => Some(self.from.map_or(now + millisecond, |from| from.max(now + millisecond))),
            Scope::SoldBy(..) => self.from,
        };
        let is_by_date = self.from.is_some() || self.to.is_some();
        let latest = is_by_date.then(|| self.to.unwrap_or(UNDATED).min(UNDATED - millisecond));
        let text = |timestamp: Timestamp| Value::from(timestamp.to_string());
        let bounds = [
            latest.map(|latest| Condition::AtMost(fields::STARTS_AT, text(latest))),
            earliest.map(|earliest| Condition::AtLeast(fields::STARTS_AT, text(earliest))),
        ];
        bounds.into_iter().flatten().collect()
    }

    /// Days at the venue, whatever the clocks do there. A filter by day leaves out the tickets without one.
    fn days(&self) -> Vec<Condition> {
        if self.from_day.is_none() && self.to_day.is_none() {
            return Vec::new();
        }
        let last = self.to_day.clone().unwrap_or_else(|| (UNDATED - Duration::from_secs(24 * 60 * 60)).day());
        let first = self.from_day.clone().map(|first| Condition::AtLeast(fields::DAY, first.into()));
        first.into_iter().chain([Condition::AtMost(fields::DAY, last.into())]).collect()
    }

    /// The page's key, if it is one that many people ask for: a first page without filters.
    pub(crate) fn page_key(&self) -> Option<PageKey> {
        let Self { sort, limit, .. } = *self;
        let currency = self.currency.filter(|_| sort.is_by_price());
        let plain = Self { sort, limit, currency, ..Self::default() };
        (*self == plain).then_some(PageKey::List { sort, limit, currency })
    }
}

impl Default for Listing {
    fn default() -> Self {
        Self {
            scope: Scope::ForSale,
            sort: Sort::default(),
            limit: MAX_LIMIT,
            position: Position::default(),
            words: None,
            near: false,
            event: None,
            venue: None,
            currency: None,
            min_price: None,
            max_price: None,
            from: None,
            to: None,
            from_day: None,
            to_day: None,
            event_id: None,
            tier: None,
        }
    }
}
