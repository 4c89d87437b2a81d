use common::id::TicketId;
use common::time::Timestamp;
use ports::store::{Cursor, Direction};
use serde_json::Value;

use crate::store::fields;

/// The order in which tickets are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, utoipa::ToSchema)]
pub(crate) enum Sort {
    /// The most recently listed first.
    #[default]
    #[schema(rename = "newest")]
    Newest,
    /// The one listed first comes first.
    #[schema(rename = "oldest")]
    Oldest,
    /// Cheapest first.
    #[schema(rename = "price")]
    Cheapest,
    /// Most expensive first.
    #[schema(rename = "-price")]
    MostExpensive,
    /// Soonest event first, those without a date last.
    #[schema(rename = "date")]
    Soonest,
}

/// The text is not the name of an order.
#[derive(Debug, thiserror::Error)]
#[error("sort must be one of newest, oldest, price, -price, date")]
pub(crate) struct InvalidSort;

/// The text is not a cursor in a list sorted this way.
#[derive(Debug, thiserror::Error)]
#[error("cursor must be one that an earlier page gave for the same sort")]
pub(crate) struct InvalidCursor;

impl Sort {
    /// Reads its name.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidSort> {
        match text {
            "newest" => Ok(Self::Newest),
            "oldest" => Ok(Self::Oldest),
            "price" => Ok(Self::Cheapest),
            "-price" => Ok(Self::MostExpensive),
            "date" => Ok(Self::Soonest),
            _ => Err(InvalidSort),
        }
    }

    /// The field to sort by.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Newest | Self::Oldest => fields::LISTED_AT,
            Self::Cheapest | Self::MostExpensive => fields::PRICE,
            Self::Soonest => fields::STARTS_AT,
        }
    }

    /// Which way.
    pub(crate) fn direction(self) -> Direction {
        match self {
            Self::Oldest | Self::Cheapest | Self::Soonest => Direction::Ascending,
            Self::Newest | Self::MostExpensive => Direction::Descending,
        }
    }

    /// Reads a cursor in a list sorted this way. It comes from outside: its value must be of the
    /// kind that the sort field holds.
    pub(crate) fn parse_cursor(self, text: &str) -> Result<Cursor, InvalidCursor> {
        let cursor = Cursor::decode(text).map_err(|_| InvalidCursor)?;
        let names_a_ticket = cursor.id.parse::<TicketId>().is_ok_and(|id| id.to_string() == cursor.id);
        let fits = match (self, &cursor.value) {
            (Self::Cheapest | Self::MostExpensive, Value::Number(price)) => price.as_u64().is_some(),
            (Self::Newest | Self::Oldest | Self::Soonest, Value::String(text)) => {
                Timestamp::parse(text).is_ok_and(|parsed| parsed.to_string() == *text)
            }
            _ => false,
        };
        if names_a_ticket && fits { Ok(cursor) } else { Err(InvalidCursor) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cursor_must_fit_the_sort_it_is_used_with() {
        let id = "5f1f77bcf86cd799439011aa".to_owned();
        let cursor = |value: Value| Cursor { value, id: id.clone() }.encode();
        let (price, timestamp) = (cursor(json!(1999)), cursor(json!("2026-11-22T12:00:00.000Z")));
        assert!(Sort::Cheapest.parse_cursor(&price).is_ok());
        assert!(Sort::Newest.parse_cursor(&timestamp).is_ok());
        assert!(Sort::Cheapest.parse_cursor(&timestamp).is_err());
        assert!(Sort::Soonest.parse_cursor(&price).is_err());
        for hostile in [json!(null), json!(-1), json!(1.5), json!(""), json!("2026"), json!("~")] {
            assert!(Sort::Newest.parse_cursor(&cursor(hostile.clone())).is_err(), "{hostile}");
            assert!(Sort::MostExpensive.parse_cursor(&cursor(hostile.clone())).is_err(), "{hostile}");
        }
        let nameless = Cursor { value: json!(1), id: "x".into() }.encode();
        assert!(Sort::Cheapest.parse_cursor(&nameless).is_err());
        assert!(Sort::Cheapest.parse_cursor("no cursor").is_err());
    }
}
