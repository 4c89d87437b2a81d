use common::money::{Currency, Price};
use common::time::Timestamp;
use runtime::http::{ApiError, Validator};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};

use crate::domain::{Edit, InvalidLine, Line, TicketForm, moment_schema, parse_currency, parse_moment};

/// What is sent to list or edit a ticket.
// A field that was not sent is `None`, one that was sent as `null` is `Some`: editing tells them
// apart. Kept out of the text above, which clients read.
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
pub(super) struct TicketBody {
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
    #[schema(schema_with = optional_moment_schema)]
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
}

/// Through a map, which tells `null` from nothing.
impl From<Map<String, Value>> for TicketBody {
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
        }
    }
}

impl TicketBody {
    /// Checks every rule, and tells all that are broken.
    pub(super) fn parse(self) -> Result<TicketForm, ApiError> {
        let mut check = Validator::default();
        let title = check.take("title", Line::required("Title", &self.title.unwrap_or_default()));
        let price = check.take("price", Price::parse(&self.price.unwrap_or_default()));
        let currency = check.take("currency", parse_currency(&self.currency.unwrap_or_default()));
        let event = check.take("event", text("Event", self.event));
        let venue = check.take("venue", text("Venue", self.venue));
        let starts_at = self.starts_at.map(|value| parse_moment("Start", &value)).transpose();
        let starts_at = check.take("startsAt", starts_at.map(Edit::<Timestamp>::from_mention));
        let section = check.take("section", text("Section", self.section));
        let row = check.take("row", text("Row", self.row));
        let seat = check.take("seat", text("Seat", self.seat));
        let complete = || {
            Some(TicketForm {
                title: title?,
                price: price?,
                currency: currency?,
                event: event?,
                venue: venue?,
                starts_at: starts_at?,
                section: section?,
                row: row?,
                seat: seat?,
            })
        };
        complete().ok_or_else(|| check.into_error())
    }
}

fn text(what: &'static str, sent: Option<Value>) -> Result<Edit<String>, InvalidLine> {
    let mentioned = sent.map(|value| Line::optional(what, &value)).transpose()?;
    Ok(Edit::from_mention(mentioned.map(|line| line.map(Line::into_string))))
}

fn optional_moment_schema() -> OneOfBuilder {
    moment_schema().item(ObjectBuilder::new().schema_type(Type::Null))
}

fn price_schema() -> OneOfBuilder {
    let number = ObjectBuilder::new()
        .schema_type(Type::Number)
        .minimum(Some(0.01))
        .maximum(Some(999_999.99))
        .multiple_of(Some(0.01));
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^([1-9][0-9]{0,5}(\.[0-9]{1,2})?|0\.([1-9][0-9]?|0[1-9]))$"));
    OneOfBuilder::new().item(number).item(text).examples([serde_json::json!(119.5), serde_json::json!("119.50")])
}
