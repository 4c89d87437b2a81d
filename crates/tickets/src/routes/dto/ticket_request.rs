use common::money::{Currency, Price};
use common::version::Version;
use runtime::http::{ApiError, Invalid, Validator};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::schemas::{optional_timestamp_schema, price_schema};
use crate::domain::{DetailEdits, Edit, InvalidText, ShortText, TicketForm, parse_currency, parse_timestamp};

/// What is sent to list or edit a ticket.
// A field that was not sent is `None`, one that was sent as `null` is `Some`: an edit treats them
// differently. Not part of the text above, which is in the API's description.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(from = "Map<String, Value>", rename_all = "camelCase")]
#[schema(as = TicketForm, example = json!({
    "title": "Hamilton, two seats together",
    "price": 119.5,
    "currency": "usd",
    "event": "Hamilton",
    "venue": "Richard Rodgers Theatre",
    "startsAt": "2027-03-14T19:30:00Z",
    "section": "Orchestra",
    "row": "F",
    "seat": "101"
}))]
pub(crate) struct TicketRequest {
    /// What the ticket is called.
    #[schema(value_type = String, required = true, min_length = 1, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*[^\s\u0000-\u001F\u007F-\u009F][^\u0000-\u001F\u007F-\u009F]*$")]
    title: Option<Value>,
    /// What it costs, in whole units of the currency; with at most two decimal places.
    #[schema(schema_with = price_schema, required = true)]
    price: Option<Value>,
    /// The currency of the price: US dollars unless told otherwise.
    #[schema(value_type = Option<Currency>)]
    currency: Option<Value>,
    /// The name of the event.
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    event: Option<Value>,
    /// Where it takes place.
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    venue: Option<Value>,
    /// When it begins.
    #[schema(schema_with = optional_timestamp_schema)]
    starts_at: Option<Value>,
    /// The section of the venue.
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    section: Option<Value>,
    /// The row in the section.
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    row: Option<Value>,
    /// The seat in the row.
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    seat: Option<Value>,
    /// The version that the seller has seen: an edit is refused if the ticket was changed since. Ignored
    /// when listing.
    #[schema(value_type = Option<Version>)]
    version: Option<Value>,
}

/// Through a map, in which a field that is `null` differs from one that was not sent.
impl From<Map<String, Value>> for TicketRequest {
    fn from(mut fields: Map<String, Value>) -> Self {
        let mut take = |name| fields.remove(name);
        Self {
            title: take("title"),
            price: take("price"),
            currency: take("currency"),
            event: take("event"),
            venue: take("venue"),
            starts_at: take("startsAt"),
            section: take("section"),
            row: take("row"),
            seat: take("seat"),
            version: take("version"),
        }
    }
}

impl TicketRequest {
    /// The version that the seller has seen, if they say so.
    pub(crate) fn seen_version(&self) -> Result<Option<Version>, ApiError> {
        let sent = self.version.as_ref().filter(|sent| !sent.is_null());
        let invalid = || Invalid(vec!["Version must be a whole number".into()]);
        let parsed = sent.map(|sent| sent.as_u64().map(Version).ok_or_else(invalid)).transpose();
        let mut validator = Validator::default();
        validator.take("version", parsed).ok_or_else(|| validator.into_error())
    }

    /// Checks every rule, and reports all that are broken.
    pub(crate) fn parse(self) -> Result<TicketForm, ApiError> {
        let mut validator = Validator::default();
        let title = validator.take("title", ShortText::required("Title", &self.title.unwrap_or_default()));
        let price = validator.take("price", Price::parse(&self.price.unwrap_or_default()));
        let currency = validator.take("currency", parse_currency(&self.currency.unwrap_or_default()));
        let event = validator.take("event", parse_text("Event", self.event));
        let venue = validator.take("venue", parse_text("Venue", self.venue));
        let starts_at = self.starts_at.map(|value| parse_timestamp("Start", &value)).transpose();
        let starts_at = validator.take("startsAt", starts_at.map(Edit::from_sent));
        let section = validator.take("section", parse_text("Section", self.section));
        let row = validator.take("row", parse_text("Row", self.row));
        let seat = validator.take("seat", parse_text("Seat", self.seat));
        let complete = || {
            let (event, venue, starts_at) = (event?, venue?, starts_at?);
            let details = DetailEdits { event, venue, starts_at, section: section?, row: row?, seat: seat? };
            Some(TicketForm { title: title?, price: price?, currency: currency?, details })
        };
        complete().ok_or_else(|| validator.into_error())
    }
}

fn parse_text(field: &'static str, sent: Option<Value>) -> Result<Edit<String>, InvalidText> {
    let text = sent.map(|value| ShortText::optional(field, &value)).transpose()?;
    Ok(Edit::from_sent(text.map(|text| text.map(ShortText::into_string))))
}
