use common::id::EventId;
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::version::Version;
use common::zone::TimeZone;
use runtime::http::{ApiError, Invalid, Validator};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::schemas::{optional_delivery_schema, optional_start_schema, optional_zone_schema, price_schema};
use crate::domain::{
    DetailEdits, Edit, InvalidStart, InvalidText, SentStart, ShortText, TicketForm, parse_currency, parse_delivery,
    parse_zone,
};

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
    /// When it begins: a moment, or, with `timeZone`, a date and time of day at the venue.
    #[schema(schema_with = optional_start_schema)]
    starts_at: Option<Value>,
    /// The time zone of the venue, of the IANA database.
    #[schema(schema_with = optional_zone_schema)]
    time_zone: Option<Value>,
    /// The event, if it is one that is known here. Then `event`, `venue`, `startsAt`, `timeZone` and `currency` are what
    /// the event says.
    #[schema(value_type = Option<EventId>)]
    event_id: Option<Value>,
    /// Which of the event's tiers it is.
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    tier: Option<Value>,
    /// The section of the venue.
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    section: Option<Value>,
    /// The row in the section.
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    row: Option<Value>,
    /// The seat in the row.
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$")]
    seat: Option<Value>,
    /// How it comes to its buyer: `sealed`, if the seller gives it to us before it is for sale; `later`, if they do before
    /// `until`, which is a day before the event starts unless they say otherwise, and no later; `ours`, if we issue it.
    /// Without a word that is `later`, where it is known when the event starts and there is time for it.
    #[schema(schema_with = optional_delivery_schema)]
    delivery: Option<Value>,
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
            time_zone: take("timeZone"),
            event_id: take("eventId"),
            tier: take("tier"),
            section: take("section"),
            row: take("row"),
            seat: take("seat"),
            delivery: take("delivery"),
            version: take("version"),
        }
    }
}

/// What was sent, without the event that it names.
pub(crate) struct ParsedTicket {
    pub(crate) form: TicketForm,
    pub(crate) event_id: Edit<EventId>,
}

impl ParsedTicket {
    /// Whether only the event to which the ticket has been knows if it may be so: which tiers there are, and, where
    /// prices are capped, what they may cost.
    pub(crate) fn is_of_present_event(&self, is_capped: bool) -> bool {
        self.event_id == Edit::Keep && (is_capped || self.form.details.tier.is_set())
    }
}

/// The value is no id.
#[derive(Debug, thiserror::Error)]
#[error("Event must be the id of an event")]
struct InvalidEventId;

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
    pub(crate) fn parse(self) -> Result<ParsedTicket, ApiError> {
        let mut validator = Validator::default();
        let title = validator.take("title", ShortText::required("Title", &self.title.unwrap_or_default()));
        let price = validator.take("price", Price::parse(&self.price.unwrap_or_default()));
        let currency = validator.take("currency", parse_currency(&self.currency.unwrap_or_default()));
        let event = validator.take("event", parse_text("Event", self.event));
        let venue = validator.take("venue", parse_text("Venue", self.venue));
        let zone = validator.take("timeZone", self.time_zone.as_ref().map(parse_zone).transpose());
        let starts_at = parse_start(self.starts_at, zone.as_ref().and_then(|zone| zone.as_ref()?.as_ref()));
        let starts_at = match starts_at {
            Ok(starts_at) => Some(starts_at),
            // What is wrong with the zone is said already.
            Err(InvalidStart::Somewhere) if zone.is_none() => None,
            Err(error) => validator.take(error.field(), Err(error)),
        };
        let event_id = validator.take("eventId", self.event_id.as_ref().map(parse_event_id).transpose());
        let tier = validator.take("tier", parse_text("Tier", self.tier));
        let section = validator.take("section", parse_text("Section", self.section));
        let row = validator.take("row", parse_text("Row", self.row));
        let seat = validator.take("seat", parse_text("Seat", self.seat));
        let delivery = validator.take("delivery", self.delivery.as_ref().map(parse_delivery).transpose());
        let complete = || {
            let (event, venue, starts_at, time_zone) = (event?, venue?, starts_at?, Edit::from_sent(zone?));
            let (section, row, seat, tier) = (section?, row?, seat?, tier?);
            let of_event = Edit::Keep;
            let details = DetailEdits { event, venue, starts_at, section, row, seat, time_zone, of_event, tier };
            let delivery = Edit::from_sent(delivery?);
            let (title, price, currency) = (title?, price?, currency?);
            let form = TicketForm { title, price, currency, price_cap: None, details, delivery };
            Some(ParsedTicket { form, event_id: Edit::from_sent(event_id?) })
        };
        complete().ok_or_else(|| validator.into_error())
    }
}

fn parse_start(sent: Option<Value>, zone: Option<&TimeZone>) -> Result<Edit<Timestamp>, InvalidStart> {
    let start = sent.map(|value| SentStart::parse(&value)).transpose()?;
    let moment = start.map(|start| start.map(|start| start.moment(zone)).transpose()).transpose()?;
    Ok(Edit::from_sent(moment))
}

fn parse_event_id(value: &Value) -> Result<Option<EventId>, InvalidEventId> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => text.parse().map(Some).map_err(|_| InvalidEventId),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(InvalidEventId),
    }
}

fn parse_text(field: &'static str, sent: Option<Value>) -> Result<Edit<String>, InvalidText> {
    let text = sent.map(|value| ShortText::optional(field, &value)).transpose()?;
    Ok(Edit::from_sent(text.map(|text| text.map(ShortText::into_string))))
}
