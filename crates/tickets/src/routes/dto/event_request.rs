use common::money::{Currency, Price};
use common::zone::{TimeZone, ZonedTime};
use runtime::http::{ApiError, Invalid, Validator};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::schemas::{optional_price_schema, start_schema, zone_schema};
use crate::domain::{
    EventForm, InvalidStart, InvalidTier, SentStart, ShortText, Tier, Venue, parse_currency, parse_zone,
};

/// What is sent to add an event.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase")]
#[schema(as = EventForm, example = json!({
    "name": "Velvet Semaphore",
    "venue": {"name": "Le Grand Hangar", "city": "Saint-Aubry", "country": "France"},
    "startsAt": "2027-06-12T19:30",
    "timeZone": "Europe/Paris",
    "currency": "eur",
    "tiers": [{"name": "Stalls", "faceValue": 190}, {"name": "Standing"}]
}))]
pub(crate) struct EventRequest {
    /// What it is called.
    #[schema(value_type = String, required = true, min_length = 1, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*[^\s\u0000-\u001F\u007F-\u009F][^\u0000-\u001F\u007F-\u009F]*$")]
    name: Value,
    #[schema(value_type = VenueForm, required = true)]
    venue: Value,
    /// When it begins: a date and a time of day at the venue, or with an offset from UTC, which says which hour is meant
    /// where the clocks are put back.
    #[schema(schema_with = start_schema, required = true)]
    starts_at: Value,
    /// The time zone of the venue, of the IANA database.
    #[schema(schema_with = zone_schema, required = true)]
    time_zone: Value,
    /// The currency of all tickets to it.
    #[schema(value_type = Currency, required = true)]
    currency: Value,
    /// The kinds of tickets there are, if that is known.
    #[schema(value_type = Option<Vec<TierForm>>, max_items = 20)]
    tiers: Value,
}

/// Where an event takes place.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes what is sent")]
pub(crate) struct VenueForm {
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\u0000-\u001F\u007F-\u009F]*[^\s\u0000-\u001F\u007F-\u009F][^\u0000-\u001F\u007F-\u009F]*$"
    )]
    name: String,
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\u0000-\u001F\u007F-\u009F]*[^\s\u0000-\u001F\u007F-\u009F][^\u0000-\u001F\u007F-\u009F]*$"
    )]
    city: String,
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\u0000-\u001F\u007F-\u009F]*[^\s\u0000-\u001F\u007F-\u009F][^\u0000-\u001F\u007F-\u009F]*$"
    )]
    country: String,
}

/// A kind of tickets to an event.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what is sent")]
pub(crate) struct TierForm {
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\u0000-\u001F\u007F-\u009F]*[^\s\u0000-\u001F\u007F-\u009F][^\u0000-\u001F\u007F-\u009F]*$"
    )]
    name: String,
    /// What is printed on such a ticket.
    #[schema(schema_with = optional_price_schema)]
    face_value: Option<Price>,
}

/// There is no value for something that every event has.
#[derive(Debug, thiserror::Error)]
#[error("{0} is required")]
struct Missing(&'static str);

impl EventRequest {
    /// Checks every rule, and reports all that are broken.
    pub(crate) fn parse(self) -> Result<EventForm, ApiError> {
        let mut validator = Validator::default();
        let name = validator.take("name", ShortText::required("Name", &self.name));
        let part = |name: &str| self.venue.get(name).cloned().unwrap_or_default();
        let venue = validator.take("venue.name", ShortText::required("Venue", &part("name")));
        let city = validator.take("venue.city", ShortText::required("City", &part("city")));
        let country = validator.take("venue.country", ShortText::required("Country", &part("country")));
        let zone = parse_zone(&self.time_zone).map_err(Invalid::from);
        let zone = zone.and_then(|zone| zone.ok_or_else(|| Missing("Time zone").into()));
        let zone = validator.take("timeZone", zone);
        let starts_at = validator.take("startsAt", parse_start(&self.starts_at, zone.as_ref()));
        let currency = parse_currency(&self.currency).map_err(Invalid::from);
        let currency = currency.and_then(|currency| currency.ok_or_else(|| Missing("Currency").into()));
        let currency = validator.take("currency", currency);
        let tiers = parse_tiers(&mut validator, &self.tiers);
        let complete = || {
            let venue = Venue { name: venue?, city: city?, country: country? };
            let starts_at = starts_at?.zip(zone).map(|(moment, zone)| ZonedTime { moment, zone })?;
            Some(EventForm { name: name?, venue, starts_at, currency: currency?, tiers: tiers? })
        };
        complete().ok_or_else(|| validator.into_error())
    }
}

/// `None` only where the zone is not known, of which is said what is wrong with it.
fn parse_start(sent: &Value, zone: Option<&TimeZone>) -> Result<Option<common::time::Timestamp>, Invalid> {
    let start = SentStart::parse(sent)?.ok_or_else(|| Invalid::from(Missing("Start")))?;
    match start.moment(zone) {
        Err(InvalidStart::Somewhere) => Ok(None),
        moment => Ok(Some(moment?)),
    }
}

/// What is wrong with one of them is noted of its field: `tiers.0.name` is the name of the first.
fn parse_tiers(validator: &mut Validator, sent: &Value) -> Option<Vec<Tier>> {
    let sent = match sent {
        Value::Null => &[][..],
        Value::Array(tiers) if tiers.len() > Tier::MOST => return validator.take("tiers", Err(InvalidTier::TooMany)),
        Value::Array(tiers) => tiers,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            return validator.take("tiers", Err(InvalidTier::NoList));
        }
    };
    let tiers: Vec<_> = sent.iter().enumerate().map(|(index, tier)| parse_tier(validator, index, tier)).collect();
    let tiers = tiers.into_iter().collect::<Option<Vec<_>>>()?;
    validator.take("tiers", Tier::check(tiers))
}

fn parse_tier(validator: &mut Validator, index: usize, sent: &Value) -> Option<Tier> {
    let name = ShortText::required("Name of a tier", sent.get("name").unwrap_or(&Value::Null));
    let name = validator.take(&format!("tiers.{index}.name"), name);
    let face_value = sent.get("faceValue").filter(|value| !value.is_null());
    let face_value = validator.take(&format!("tiers.{index}.faceValue"), face_value.map(Price::parse).transpose());
    Some(Tier { name: name?, face_value: face_value? })
}
