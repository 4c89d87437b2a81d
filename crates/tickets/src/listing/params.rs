use common::id::{EventId, InvalidId};
use common::money::{Currency, InvalidPrice, Price};
use runtime::http::{ApiError, Validator, parse_limit};
use runtime::session::Session;
use serde::Deserialize;
use serde_json::Value;
use wording::search_text;

use super::filter::{Listing, ListingState, Scope};
use super::position::Position;
use super::sort::Sort;
use crate::domain::{
    InvalidText, SoughtWord, check_period, parse_currency, parse_day, parse_timestamp, sought_text, sought_words,
};
use crate::routes::{day_schema, timestamp_schema};

/// The query string of the list, as it was sent.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// Beginnings of words in title, event, venue or section: all must be there, in any order. Case, accents and
    /// the strokes of letters do not matter. First come the tickets that have the words themselves, then those whose
    /// words begin with them, then those for which one typo is forgiven in words of five letters and more.
    #[param(max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$", example = "beyonce wembley")]
    q: Option<String>,
    /// Whether to list what comes near, if nothing is found for all words of `q`: tickets that have most of them, or
    /// one. `Search-Result: near` says so, and the further pages of such a list are had with `near=true` only.
    #[param(value_type = Option<bool>)]
    near: Option<String>,
    /// The order. Tickets that are equal in it are ordered by id. Prices are compared in one currency: see `currency`.
    #[param(inline, value_type = Option<Sort>, example = "price")]
    sort: Option<String>,
    /// How many tickets a page has at most: 100 unless told otherwise.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 20)]
    limit: Option<String>,
    /// Where the page begins: taken from the `Link` header of the page before it.
    cursor: Option<String>,
    /// The lowest price, in the one currency: see `currency`.
    #[param(value_type = Option<f64>, minimum = 0, maximum = 999_999.99, multiple_of = 0.01, example = 10)]
    min_price: Option<String>,
    /// The highest price, in the one currency: see `currency`.
    #[param(value_type = Option<f64>, minimum = 0.01, maximum = 999_999.99, multiple_of = 0.01, example = 99.5)]
    max_price: Option<String>,
    /// The earliest beginning of the event.
    #[param(schema_with = timestamp_schema, example = "2026-11-22T00:00:00Z")]
    from: Option<String>,
    /// The latest beginning of the event: not before `from`.
    #[param(schema_with = timestamp_schema, example = "2027-11-22T00:00:00Z")]
    to: Option<String>,
    /// The earliest day on which the event begins, at its venue.
    #[param(schema_with = day_schema, example = "2026-11-22")]
    from_day: Option<String>,
    /// The latest day on which the event begins, at its venue: not before `fromDay`.
    #[param(schema_with = day_schema, example = "2027-11-22")]
    to_day: Option<String>,
    /// The event, by its id.
    #[param(value_type = Option<EventId>)]
    event_id: Option<String>,
    /// Which of the event's tiers, as the event spells it.
    #[param(max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    tier: Option<String>,
    /// The venue's name, without regard to case and accents; of an event, with its city (`Le Grand Hangar, Saint-Aubry`)
    /// or without.
    #[param(max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    venue: Option<String>,
    /// The event's name, without regard to case and accents.
    #[param(max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    event: Option<String>,
    /// The currency of the price. Numbers of different currencies are not compared: a list that is sorted by price, or has a
    /// lowest or highest one, holds tickets in one currency only. That is this one; without it, the event's where
    /// `eventId` names one, and US dollars otherwise, as for a ticket that is listed without a currency.
    #[param(value_type = Option<Currency>)]
    currency: Option<String>,
    /// `me`: the caller's own tickets, also those that are locked, sold or withdrawn.
    #[param(inline, value_type = Option<Seller>)]
    seller: Option<String>,
    /// Of the caller's own tickets, those in this state; as with `seller=me`.
    #[param(inline, value_type = Option<ListingState>)]
    state: Option<String>,
}

/// Whose tickets can be asked for.
#[derive(utoipa::ToSchema)]
pub(crate) enum Seller {
    /// The caller's.
    #[schema(rename = "me")]
    #[allow(dead_code, reason = "describes the parameter")]
    Me,
}

/// Why a parameter is refused. Nobody may see all tickets of other sellers.
#[derive(Debug, thiserror::Error)]
enum InvalidParam {
    #[error("seller must be me")]
    Seller,
    #[error("state must be for-sale, unsealed, reserved, sold or withdrawn")]
    State,
    #[error("near must be true or false")]
    Near,
    #[error("cursor is of a list of what comes near: near must be true with it")]
    CursorOfNear,
    #[error("{0} must be a number with a point before the cents, like 20.50, and greater than 0")]
    NotPositive(&'static str),
    #[error(transparent)]
    Price(InvalidPrice),
}

impl ListParams {
    /// Whether the caller asks for their own tickets, and so must be signed in.
    pub(crate) fn is_personal(&self) -> bool {
        self.seller.as_deref() == Some("me") || self.state.is_some()
    }

    /// What is asked for, by a visitor with this session.
    pub(crate) fn parse(self, session: Option<&Session>) -> Result<Listing, ApiError> {
        let mut validator = Validator::default();
        let state = validator.take("state", self.state.as_deref().map(parse_state).transpose());
        let scope = validator.take("seller", parse_scope(self.seller.as_deref(), session, state.flatten()));
        let sort = validator.take("sort", self.sort.as_deref().map_or(Ok(Sort::default()), Sort::parse));
        let position = Position::parse(self.cursor.as_deref(), sort.unwrap_or_default().sorted_by());
        let position = validator.take("cursor", position);
        let limit = validator.take("limit", parse_limit(self.limit.as_deref()));
        let words = validator.take("q", parse_words("q", self.q));
        let near = validator.take("near", parse_near(self.near.as_deref()));
        let nearness = validator.take("cursor", check_near(position.as_ref(), near));
        let event = validator.take("event", parse_search("event", self.event));
        let venue = validator.take("venue", parse_search("venue", self.venue));
        let currency = validator.take("currency", parse_currency(&text_or_null(self.currency)));
        let min_price = validator.take("minPrice", parse_min_price("minPrice", self.min_price));
        let max_price = validator.take("maxPrice", parse_price("maxPrice", self.max_price));
        let from = validator.take("from", parse_timestamp("from", &text_or_null(self.from)));
        let to = validator.take("to", parse_timestamp("to", &text_or_null(self.to)));
        let (first, last) = (from.flatten(), to.flatten());
        let period = validator.take("to", check_period(("from", first.as_ref()), ("to", last.as_ref())));
        let from_day = validator.take("fromDay", parse_day("fromDay", &self.from_day.unwrap_or_default()));
        let to_day = validator.take("toDay", parse_day("toDay", &self.to_day.unwrap_or_default()));
        let (first, last) = (from_day.as_ref().and_then(Option::as_ref), to_day.as_ref().and_then(Option::as_ref));
        let days = validator.take("toDay", check_period(("fromDay", first), ("toDay", last)));
        let event_id: Option<Result<EventId, InvalidId>> = self.event_id.map(|id| id.parse());
        let event_id = validator.take("eventId", event_id.transpose());
        let tier = validator.take("tier", parse_tier(self.tier));
        let complete = || {
            state.and(nearness).and(period).and(days)?;
            Some(Listing {
                scope: scope?,
                sort: sort?,
                limit: limit?,
                position: position?,
                words: words?,
                near: near?,
                event: event?,
                venue: venue?,
                currency: currency?,
                min_price: min_price?,
                max_price: max_price?,
                from: from?,
                to: to?,
                from_day: from_day?,
                to_day: to_day?,
                event_id: event_id?,
                tier: tier?,
            })
        };
        complete().map(Listing::in_one_currency).ok_or_else(|| validator.into_error())
    }
}

fn parse_scope(
    seller: Option<&str>,
    session: Option<&Session>,
    state: Option<ListingState>,
) -> Result<Scope, InvalidParam> {
    match (seller, session) {
        (None, Some(session)) if state.is_some() => Ok(Scope::SoldBy(session.user_id, state)),
        (Some("me"), Some(session)) => Ok(Scope::SoldBy(session.user_id, state)),
        (None, _) => Ok(Scope::ForSale),
        (Some(_), _) => Err(InvalidParam::Seller),
    }
}

fn parse_state(state: &str) -> Result<ListingState, InvalidParam> {
    ListingState::parse(state).ok_or(InvalidParam::State)
}

fn parse_near(text: Option<&str>) -> Result<bool, InvalidParam> {
    text.map_or(Ok(false), |text| text.parse().map_err(|_| InvalidParam::Near))
}

/// What comes near is only listed to those who say that they want it, on its later pages, too.
fn check_near(position: Option<&Position>, near: Option<bool>) -> Result<(), InvalidParam> {
    let is_near = position.is_some_and(|position| position.step.is_near());
    if is_near && near == Some(false) { Err(InvalidParam::CursorOfNear) } else { Ok(()) }
}

fn parse_words(name: &'static str, text: Option<String>) -> Result<Option<Vec<SoughtWord>>, InvalidText> {
    let text = text.unwrap_or_default();
    Ok(sought_text(name, &text)?.map(sought_words))
}

fn parse_search(name: &'static str, text: Option<String>) -> Result<Option<String>, InvalidText> {
    let text = text.unwrap_or_default();
    Ok(sought_text(name, &text)?.map(search_text))
}

fn parse_tier(text: Option<String>) -> Result<Option<String>, InvalidText> {
    let text = text.unwrap_or_default();
    Ok(sought_text("tier", &text)?.map(str::to_owned))
}

fn parse_price(name: &'static str, text: Option<String>) -> Result<Option<Price>, InvalidParam> {
    text.map(|text| Price::parse(&text.into())).transpose().map_err(|broken| match broken {
        InvalidPrice::NotPositive => InvalidParam::NotPositive(name),
        broken => InvalidParam::Price(broken),
    })
}

/// A lower bound of zero is the same as none.
fn parse_min_price(name: &'static str, text: Option<String>) -> Result<Option<Price>, InvalidParam> {
    parse_price(name, text.filter(|text| text.parse() != Ok(0.0)))
}

fn text_or_null(text: Option<String>) -> Value {
    text.map_or(Value::Null, Value::String)
}
