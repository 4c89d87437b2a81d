//! Pages of a list, as they are asked for: how long, and after which position.

use common::id::Id;
use common::time::Timestamp;
use ports::store::Cursor;
use serde_json::Value;

/// The longest page, which is also the usual one: the Node.js original, StephenGrider/ticketing,
/// answered with everything.
pub const MAX_LIMIT: usize = 100;

/// A page is too long, or has nothing on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("limit must be a whole number from 1 to {MAX_LIMIT}")]
pub struct InvalidLimit;

/// The text is no position in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cursor must come from the Link header of another page in the same order")]
pub struct InvalidCursor;

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortedBy {
    /// A moment.
    Time,
    /// An amount of money.
    Amount,
}

/// How many items the page has at most.
///
/// # Errors
/// If that is not a number from 1 to [`MAX_LIMIT`].
pub fn parse_limit(text: Option<&str>) -> Result<usize, InvalidLimit> {
    let Some(text) = text else { return Ok(MAX_LIMIT) };
    text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)).ok_or(InvalidLimit)
}

/// The position after which the page begins, in a list sorted like this; the first page has none.
///
/// # Errors
/// If it is none. It comes from outside: its value must be of the kind that the list is sorted by.
pub fn parse_cursor(text: Option<&str>, sorted_by: SortedBy) -> Result<Option<Cursor>, InvalidCursor> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let cursor = Cursor::decode(text).map_err(|_| InvalidCursor)?;
    let names_an_item = cursor.id.parse::<Id<()>>().is_ok_and(|id| id.to_string() == cursor.id);
    let fits = match (sorted_by, &cursor.value) {
        (SortedBy::Amount, Value::Number(amount)) => amount.as_u64().is_some(),
        (SortedBy::Time, Value::String(text)) => Timestamp::parse(text).is_ok_and(|parsed| parsed.to_string() == *text),
        _ => false,
    };
    if names_an_item && fits { Ok(Some(cursor)) } else { Err(InvalidCursor) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "5f1f77bcf86cd799439011aa";

    #[test]
    fn a_limit_is_a_whole_number_from_1_to_100() {
        assert_eq!(parse_limit(None), Ok(100));
        for (text, limit) in [
            ("1", Ok(1)),
            ("100", Ok(100)),
            ("0", Err(InvalidLimit)),
            ("101", Err(InvalidLimit)),
            ("-1", Err(InvalidLimit)),
        ] {
            assert_eq!(parse_limit(Some(text)), limit, "{text}");
        }
        for text in ["", "1.5", "ten"] {
            assert_eq!(parse_limit(Some(text)), Err(InvalidLimit), "{text}");
        }
    }

    #[test]
    fn a_cursor_fits_the_list_it_is_used_with() {
        let cursor = |value: Value, id: &str| Cursor { value, id: id.into() };
        let read = |cursor: &Cursor, sorted_by| parse_cursor(Some(&cursor.encode()), sorted_by);
        let (amount, time) = (cursor(json!(1999), ID), cursor(json!("2026-11-22T12:00:00.000Z"), ID));
        assert_eq!(read(&amount, SortedBy::Amount), Ok(Some(amount.clone())));
        assert_eq!(read(&time, SortedBy::Time), Ok(Some(time.clone())));
        assert_eq!(read(&time, SortedBy::Amount), Err(InvalidCursor));
        assert_eq!(read(&amount, SortedBy::Time), Err(InvalidCursor));
        for hostile in [json!(null), json!(-1), json!(1.5), json!(""), json!("2026"), json!("~")] {
            for sorted_by in [SortedBy::Time, SortedBy::Amount] {
                assert_eq!(read(&cursor(hostile.clone(), ID), sorted_by), Err(InvalidCursor), "{hostile}");
            }
        }
        assert_eq!(read(&cursor(json!(1), "x"), SortedBy::Amount), Err(InvalidCursor));
        assert_eq!(parse_cursor(Some("no cursor"), SortedBy::Amount), Err(InvalidCursor));
        assert_eq!(parse_cursor(Some(""), SortedBy::Amount), Ok(None));
        assert_eq!(parse_cursor(None, SortedBy::Amount), Ok(None));
    }
}
