use std::num::NonZeroUsize;

use common::money::{Currency, InvalidPrice, Price};
use runtime::http::{ApiError, Validator};
use runtime::session::Session;
use serde::Deserialize;
use serde_json::Value;

use super::filter::{Listing, MAX_LIMIT, Whose};
use super::sort::Sort;
use crate::domain::{InvalidLine, Line, moment_schema, parse_currency, parse_moment, search_text};

/// The query string of the list, as it was sent.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// Words that title, event, venue or section contain, without regard to case and accents.
    #[param(max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$", example = "beyonce wembley")]
    q: Option<String>,
    /// The order. Tickets that are equal in it are ordered by id.
    #[param(inline, value_type = Option<Sort>, example = "price")]
    sort: Option<String>,
    /// How many tickets a page has at most: 100 unless told otherwise.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 20)]
    limit: Option<String>,
    /// Where the page begins: taken from the `Link` header of the page before it.
    cursor: Option<String>,
    /// The lowest price.
    #[param(value_type = Option<f64>, minimum = 0, maximum = 999_999.99, multiple_of = 0.01, example = 10)]
    min_price: Option<String>,
    /// The highest price.
    #[param(value_type = Option<f64>, minimum = 0.01, maximum = 999_999.99, multiple_of = 0.01, example = 99.5)]
    max_price: Option<String>,
    /// The earliest beginning of the event.
    #[param(schema_with = moment_schema, example = "2026-11-22T00:00:00Z")]
    from: Option<String>,
    /// The latest beginning of the event.
    #[param(schema_with = moment_schema, example = "2027-11-22T00:00:00Z")]
    to: Option<String>,
    /// The venue's name, without regard to case and accents.
    #[param(max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    venue: Option<String>,
    /// The event's name, without regard to case and accents.
    #[param(max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    event: Option<String>,
    /// The currency of the price.
    #[param(value_type = Option<Currency>)]
    currency: Option<String>,
    /// `me`: the caller's own tickets, also those that are locked or sold.
    #[param(inline, value_type = Option<Seller>)]
    seller: Option<String>,
}

/// Whose tickets can be asked for.
#[derive(utoipa::ToSchema)]
pub(crate) enum Seller {
    /// The caller's.
    #[schema(rename = "me")]
    #[allow(dead_code, reason = "describes the parameter")]
    Me,
}

/// Why a parameter is refused.
#[derive(Debug, thiserror::Error)]
enum InvalidParam {
    #[error("limit must be a whole number from 1 to {MAX_LIMIT}")]
    Limit,
    #[error("seller must be me")]
    Seller,
}

impl ListParams {
    /// Whether the caller wants what belongs to them, so that they must be known.
    pub(crate) fn is_personal(&self) -> bool {
        self.seller.as_deref() == Some("me")
    }

    /// What is asked for, by the visitor with this session.
    pub(crate) fn parse(self, session: Option<&Session>) -> Result<Listing, ApiError> {
        let mut check = Validator::default();
        let whose = check.take("seller", whose(self.seller.as_deref(), session));
        let sort = check.take("sort", self.sort.as_deref().map_or(Ok(Sort::default()), Sort::parse));
        let parse_cursor = |text| sort.unwrap_or_default().parse_cursor(text);
        let cursor = self.cursor.as_deref().filter(|text| !text.is_empty());
        let cursor = check.take("cursor", cursor.map(parse_cursor).transpose());
        let limit = check.take("limit", self.limit.as_deref().map_or(Ok(MAX_LIMIT), parse_limit));
        let words = check.take("q", searched("q", self.q));
        let event = check.take("event", searched("event", self.event));
        let venue = check.take("venue", searched("venue", self.venue));
        let currency = check.take("currency", parse_currency(&text_or_null(self.currency)));
        let min_price = check.take("minPrice", parse_min_price(self.min_price));
        let max_price = check.take("maxPrice", parse_price(self.max_price));
        let from = check.take("from", parse_moment("from", &text_or_null(self.from)));
        let to = check.take("to", parse_moment("to", &text_or_null(self.to)));
        let complete = || {
            Some(Listing {
                whose: whose?,
                sort: sort?,
                limit: limit?,
                cursor: cursor?,
                words: words?,
                event: event?,
                venue: venue?,
                currency: currency?,
                min_price: min_price?,
                max_price: max_price?,
                from: from?,
                to: to?,
            })
        };
        complete().ok_or_else(|| check.into_error())
    }
}

fn whose(seller: Option<&str>, session: Option<&Session>) -> Result<Whose, InvalidParam> {
    match (seller, session) {
        (None, _) => Ok(Whose::ForSale),
        (Some("me"), Some(session)) => Ok(Whose::Of(session.user_id)),
        (Some(_), _) => Err(InvalidParam::Seller),
    }
}

fn parse_limit(text: &str) -> Result<usize, InvalidParam> {
    let limit: NonZeroUsize = text.parse().map_err(|_| InvalidParam::Limit)?;
    if limit.get() <= MAX_LIMIT { Ok(limit.get()) } else { Err(InvalidParam::Limit) }
}

fn searched(name: &'static str, text: Option<String>) -> Result<Option<String>, InvalidLine> {
    let line = Line::optional(name, &text_or_null(text))?;
    Ok(line.map(|line| search_text(line.as_str())))
}

fn parse_price(text: Option<String>) -> Result<Option<Price>, InvalidPrice> {
    text.map(|text| Price::parse(&text.into())).transpose()
}

/// As a lower bound, nothing is as good as none.
fn parse_min_price(text: Option<String>) -> Result<Option<Price>, InvalidPrice> {
    parse_price(text.filter(|text| text.parse() != Ok(0.0)))
}

fn text_or_null(text: Option<String>) -> Value {
    text.map_or(Value::Null, Value::String)
}
