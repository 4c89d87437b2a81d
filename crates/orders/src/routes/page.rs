//! Pages of a list: what is asked for.

use common::id::OrderId;
use common::time::Timestamp;
use ports::store::Cursor;
use runtime::http::Validator;
use serde::Deserialize;

/// The longest page, which is also the usual one: the Node.js original, StephenGrider/ticketing,
/// answered with everything.
const MAX_LIMIT: usize = 100;

/// The query string of the list, as it was sent.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct PageParams {
    /// How many orders a page has at most: 100 unless told otherwise.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 20)]
    limit: Option<String>,
    /// Where the page begins: taken from the `Link` header of the page before it.
    cursor: Option<String>,
}

/// The page that is asked for.
pub(super) struct PageRequest {
    pub(super) limit: usize,
    pub(super) after: Option<Cursor>,
}

#[derive(Debug, thiserror::Error)]
enum InvalidParam {
    #[error("limit must be a whole number from 1 to {MAX_LIMIT}")]
    Limit,
    #[error("cursor must come from the Link header of another page")]
    Cursor,
}

impl PageParams {
    /// What is asked for, or the rules that are broken.
    pub(super) fn parse(&self) -> Result<PageRequest, Validator> {
        let mut validator = Validator::default();
        let limit = validator.take("limit", self.limit.as_deref().map_or(Ok(MAX_LIMIT), parse_limit));
        let cursor = self.cursor.as_deref().filter(|text| !text.is_empty());
        let after = validator.take("cursor", cursor.map(parse_cursor).transpose());
        match (limit, after) {
            (Some(limit), Some(after)) => Ok(PageRequest { limit, after }),
            _ => Err(validator),
        }
    }
}

fn parse_limit(text: &str) -> Result<usize, InvalidParam> {
    text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)).ok_or(InvalidParam::Limit)
}

/// A place in a list sorted by the moment the orders were made.
fn parse_cursor(text: &str) -> Result<Cursor, InvalidParam> {
    let cursor = Cursor::decode(text).map_err(|_| InvalidParam::Cursor)?;
    let is_moment = cursor.value.as_str().is_some_and(|text| Timestamp::parse(text).is_ok());
    if is_moment && cursor.id.parse::<OrderId>().is_ok() { Ok(cursor) } else { Err(InvalidParam::Cursor) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn only_cursors_of_this_list_are_cursors() {
        let cursor = |value: Value, id: &str| Cursor { value, id: id.into() };
        let id = "5f1f77bcf86cd799439011aa";
        let right = cursor(json!("2026-11-22T12:00:00.000Z"), id);
        assert_eq!(parse_cursor(&right.encode()).expect("a cursor"), right);
        for wrong in [cursor(Value::Null, id), cursor(json!(1), id), cursor(json!("x"), id), cursor(right.value, "x")] {
            assert!(parse_cursor(&wrong.encode()).is_err(), "{wrong:?} was accepted");
        }
    }

    #[test]
    fn a_limit_is_a_whole_number_from_1_to_100() {
        for (text, limit) in
            [("1", Some(1)), ("100", Some(100)), ("0", None), ("101", None), ("-1", None), ("1.5", None)]
        {
            assert_eq!(parse_limit(text).ok(), limit, "{text}");
        }
    }
}
