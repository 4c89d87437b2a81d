//! Pages of a list: what is asked for.

use ports::store::Cursor;
use runtime::http::{SortedBy, Validator, parse_cursor, parse_limit};
use serde::Deserialize;

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

impl PageParams {
    /// What is asked for, or the rules that are broken.
    pub(super) fn parse(&self) -> Result<PageRequest, Validator> {
        let mut validator = Validator::default();
        let limit = validator.take("limit", parse_limit(self.limit.as_deref()));
        // The orders are sorted by the moment they were made.
        let after = validator.take("cursor", parse_cursor(self.cursor.as_deref(), SortedBy::Time));
        match (limit, after) {
            (Some(limit), Some(after)) => Ok(PageRequest { limit, after }),
            _ => Err(validator),
        }
    }
}
