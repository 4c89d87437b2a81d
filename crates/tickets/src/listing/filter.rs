use std::time::Duration;

use common::id::UserId;
use common::money::{Currency, Price};
use common::time::Timestamp;
use ports::store::{Condition, Cursor, Query};
use runtime::http::MAX_LIMIT;
use serde_json::Value;

use super::sort::Sort;
use crate::hot_pages::PageKey;
use crate::store::{UNDATED, fields, states};

/// One page of the list of tickets, as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listing {
    pub(crate) scope: Scope,
    pub(crate) sort: Sort,
    pub(crate) limit: usize,
    pub(crate) cursor: Option<Cursor>,
    /// Words to be found, as `search_text` makes them; so are `event` and `venue`.
    pub(crate) words: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) venue: Option<String>,
    pub(crate) currency: Option<Currency>,
    pub(crate) min_price: Option<Price>,
    pub(crate) max_price: Option<Price>,
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
}

/// Which tickets are listed, before any filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All that are for sale.
    ForSale,
    /// All of one seller's: for sale, locked and sold.
    SoldBy(UserId),
}

impl Listing {
    /// The query for the store.
    pub(crate) fn query(&self) -> Query {
        let mut conditions = vec![match self.scope {
            Scope::ForSale => Condition::Equals(fields::STATE, states::FREE.into()),
            Scope::SoldBy(seller) => Condition::Equals(fields::SELLER, seller.to_string().into()),
        }];
        let equal = |field, value: Option<&str>| value.map(|text| Condition::Equals(field, text.into()));
        conditions.extend(equal(fields::EVENT, self.event.as_deref()));
        conditions.extend(equal(fields::VENUE, self.venue.as_deref()));
        conditions.extend(equal(fields::CURRENCY, self.currency.map(Currency::code)));
        let minor = |price: Price| Value::from(price.minor_units());
        conditions.extend(self.min_price.map(|price| Condition::AtLeast(fields::PRICE, minor(price))));
        conditions.extend(self.max_price.map(|price| Condition::AtMost(fields::PRICE, minor(price))));
        conditions.extend(self.dates());
        let words = self.words.iter().flat_map(|words| words.split(' ')).filter(|word| !word.is_empty());
        conditions.extend(words.map(|word| Condition::Contains(fields::TEXT, word.to_owned())));
        Query {
            conditions,
            sort: Some(self.sort.field()),
            direction: self.sort.direction(),
            after: self.cursor.clone(),
            limit: None,
        }
    }

    /// A filter by date leaves out the tickets without one.
    fn dates(&self) -> Vec<Condition> {
        let last = UNDATED - Duration::from_millis(1);
        let (from, to) = match (self.from, self.to) {
            (None, None) => return Vec::new(),
            (from, to) => (from, to.unwrap_or(last).min(last)),
        };
        let text = |timestamp: Timestamp| Value::from(timestamp.to_string());
        let mut conditions = vec![Condition::AtMost(fields::STARTS_AT, text(to))];
        conditions.extend(from.map(|from| Condition::AtLeast(fields::STARTS_AT, text(from))));
        conditions
    }

    /// The page's key, if it is one that many people ask for: a first page without filters.
    pub(crate) fn page_key(&self) -> Option<PageKey> {
        let plain = Self { sort: self.sort, limit: self.limit, ..Self::default() };
        (*self == plain).then_some(PageKey { sort: self.sort, limit: self.limit })
    }
}

impl Default for Listing {
    fn default() -> Self {
        Self {
            scope: Scope::ForSale,
            sort: Sort::default(),
            limit: MAX_LIMIT,
            cursor: None,
            words: None,
            event: None,
            venue: None,
            currency: None,
            min_price: None,
            max_price: None,
            from: None,
            to: None,
        }
    }
}
