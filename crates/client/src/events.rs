use std::fmt;

use common::id::EventId;
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::version::Version;
use common::zone::{TimeZone, ZonedTime};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::request::{request, with_query};
use crate::{Client, Error, Page};

/// A concert, a match, a play.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What it is called in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Where it takes place.
    pub venue: Venue,
    /// When it begins.
    pub starts_at: Timestamp,
    /// The time zone of the venue.
    pub time_zone: TimeZone,
    /// The currency of all tickets to it.
    pub currency: Currency,
    /// The kinds of tickets there are, if that is known.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// How it stands.
    pub status: EventStatus,
    /// How many times it has changed.
    pub version: Version,
    /// How many tickets to it are for sale, or [`COUNTED`](Self::COUNTED) if there are more. Only told of one event.
    #[serde(default)]
    pub ticket_count: usize,
    /// What the cheapest of them costs.
    pub from_price: Option<Price>,
}

/// Where an event takes place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Venue {
    /// Its name.
    pub name: String,
    /// The city.
    pub city: String,
    /// The country.
    pub country: String,
}

/// A kind of tickets to an event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tier {
    /// Its name.
    pub name: String,
    /// What is printed on such a ticket.
    pub face_value: Option<Price>,
    /// What such a ticket may cost at the most, if that is set.
    pub highest_price: Option<Price>,
}

/// How an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventStatus {
    /// It takes place as it says.
    Public,
    /// It takes place at another time, or in another place, than it said first.
    Moved,
    /// It does not take place.
    Cancelled,
}

/// The values to add an event with, as typed by a person: the server validates them and reports every broken rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventForm {
    /// The name.
    pub name: String,
    /// Where it takes place.
    pub venue: Venue,
    /// When it begins: a date and a time of day at the venue.
    pub starts_at: String,
    /// The time zone of the venue, such as `Europe/Berlin`.
    pub time_zone: String,
    /// The currency's code.
    pub currency: String,
    /// The kinds of tickets there are, if that is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<TierForm>,
}

/// A kind of tickets, as typed by a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TierForm {
    /// Its name.
    pub name: String,
    /// What is printed on such a ticket: a plain number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face_value: Option<String>,
}

impl Event {
    /// How many tickets to it are counted at the most.
    pub const COUNTED: usize = 100;

    /// When it begins, as a clock at the venue shows it.
    pub fn starts_there(&self) -> ZonedTime {
        ZonedTime { moment: self.starts_at, zone: self.time_zone.clone() }
    }
}

/// In one line.
impl fmt::Display for Venue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, {}", self.name, self.city, self.country)
    }
}

/// Which of the next events to list, soonest first: by default all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventFilter {
    /// Beginnings of words in name, venue or city.
    pub q: Option<String>,
    /// The earliest day on which the event starts, at its venue: `2027-06-12`.
    pub from_day: Option<String>,
    /// The latest day on which it does.
    pub to_day: Option<String>,
    /// The page size, up to 100; ten without it.
    pub limit: Option<u32>,
    /// The cursor of the page: the [`Page::next_cursor`] of the previous page for the same filter.
    pub cursor: Option<String>,
}

impl Client {
    /// A page of the next events that fit.
    ///
    /// # Errors
    /// 400 if the filter is invalid.
    pub async fn events(&self, filter: &EventFilter) -> Result<Page<Event>, Error> {
        let target = with_query("/api/events", filter)?;
        self.page(request(Method::GET, &self.urls.tickets, &target)?).await
    }

    /// One event, by what it is called in addresses, or by its id.
    ///
    /// # Errors
    /// 404.
    pub async fn event(&self, name: &str) -> Result<Event, Error> {
        self.get(&self.urls.tickets, &format!("/api/events/{name}")).await
    }

    /// Adds an event that is not known yet.
    ///
    /// # Errors
    /// 400 with every broken rule; 401.
    pub async fn add_event(&self, form: &EventForm) -> Result<Event, Error> {
        self.post(&self.urls.tickets, "/api/events", form).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::stub::Stub;

    fn event() -> Value {
        json!({
            "id": "5f1f77bcf86cd799439011e1", "slug": "gala-berlin-2027-06-12", "name": "Gala",
            "venue": {"name": "Halle", "city": "Berlin", "country": "Germany"},
            "startsAt": "2027-06-12T19:30:00+02:00", "timeZone": "Europe/Berlin", "currency": "eur",
            "tiers": [{"name": "Stalls", "faceValue": 190}, {"name": "Standing"}], "status": "public", "version": 0,
        })
    }

    #[tokio::test]
    async fn an_event_is_shown_in_the_time_of_its_venue() {
        let mut shown = event();
        (shown["ticketCount"], shown["fromPrice"]) = (json!(6), json!(75));
        let stub = Stub::answering(200, shown).await;
        let event = stub.client().event("gala-berlin-2027-06-12").await.expect("an event");
        assert_eq!(stub.request().call(), "GET /api/events/gala-berlin-2027-06-12");
        assert_eq!(event.starts_there().to_string(), "2027-06-12T19:30:00+02:00[Europe/Berlin]");
        assert_eq!((event.ticket_count, event.from_price.map(Price::minor_units)), (6, Some(7500)));
        assert_eq!(event.venue.to_string(), "Halle, Berlin, Germany");
        assert_eq!(event.tiers[0].face_value.map(Price::minor_units), Some(19000));
    }

    #[tokio::test]
    async fn pages_of_events_lead_to_each_other() {
        let link = r#"</api/events?fromDay=2027-06-12&limit=2&cursor=x>; rel="next""#;
        let stub = Stub::answering(200, json!([event()])).with("link", link).await;
        let filter = EventFilter { from_day: Some("2027-06-12".into()), limit: Some(2), ..EventFilter::default() };
        let first = stub.client().events(&filter).await.expect("a page");
        assert_eq!(first.next_cursor().as_deref(), Some("x"));
        stub.client().next_page(&first).await.expect("an answer").expect("a page");
        let targets: Vec<_> = stub.requests().into_iter().map(|request| request.target).collect();
        let first = "/api/events?fromDay=2027-06-12&limit=2";
        assert_eq!(targets, [first.to_owned(), format!("{first}&cursor=x")]);
    }

    #[tokio::test]
    async fn events_are_found_and_added() {
        let stub = Stub::answering(200, json!([event()])).await;
        let filter = EventFilter { q: Some("gala b".into()), ..EventFilter::default() };
        let page = stub.client().events(&filter).await.expect("a page");
        assert_eq!((page.items.len(), page.has_next()), (1, false));
        assert_eq!(stub.request().call(), "GET /api/events?q=gala+b");
        let stub = Stub::answering(201, event()).await;
        let venue = Venue { name: "Halle".into(), city: "Berlin".into(), country: "Germany".into() };
        let form = EventForm {
            name: "Gala".into(),
            venue,
            starts_at: "2027-06-12T19:30".into(),
            time_zone: "Europe/Berlin".into(),
            currency: "eur".into(),
            tiers: Vec::new(),
        };
        let added = stub.client().add_event(&form).await.expect("an event");
        assert_eq!((added.ticket_count, added.from_price), (0, None));
        let sent = json!({
            "name": "Gala", "venue": {"name": "Halle", "city": "Berlin", "country": "Germany"},
            "startsAt": "2027-06-12T19:30", "timeZone": "Europe/Berlin", "currency": "eur",
        });
        assert_eq!((stub.request().call(), stub.request().body), ("POST /api/events".to_owned(), sent));
        let stalls = TierForm { name: "Stalls".into(), face_value: Some("190.00".into()) };
        let standing = TierForm { name: "Standing".into(), face_value: None };
        let stub = Stub::answering(201, event()).await;
        stub.client().add_event(&EventForm { tiers: vec![stalls, standing], ..form }).await.expect("an event");
        let tiers = json!([{"name": "Stalls", "faceValue": "190.00"}, {"name": "Standing"}]);
        assert_eq!(stub.request().body["tiers"], tiers);
    }
}
