use std::fmt;

use common::events::EventDetails;
use common::id::{EventId, OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::version::Version;
use http::{HeaderName, Method};
use serde::{Deserialize, Serialize};

use crate::request::{json_request, request, with_header, with_query, with_time_limit};
use crate::{Client, Error, Page};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A ticket offered for sale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Its title.
    pub title: String,
    /// Its price.
    pub price: Price,
    /// The currency of the price.
    #[serde(default)]
    pub currency: Currency,
    /// Its seller.
    pub user_id: UserId,
    /// How many times it has changed.
    pub version: Version,
    /// The order that holds or has bought it.
    pub order_id: Option<OrderId>,
    /// Whether it is sold.
    #[serde(default)]
    pub sold: bool,
    /// Whether its seller has taken it back.
    #[serde(default)]
    pub withdrawn: bool,
    /// How often somebody reserved it and did not buy it. Only its seller is told.
    #[serde(default)]
    pub reserved_not_bought: u32,
    /// Whether another seller has listed the same seat. Told only by [`Client::ticket`].
    #[serde(default)]
    pub also_offered: bool,
    /// The event and seat.
    #[serde(flatten)]
    pub details: EventDetails,
}

/// What a ticket would be, if it were listed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedTicket {
    /// Its title.
    pub title: String,
    /// Its price.
    pub price: Price,
    /// The currency of the price.
    pub currency: Currency,
    /// The event and seat.
    #[serde(flatten)]
    pub details: EventDetails,
}

/// The values to create or edit a ticket with, as typed by a person: the server validates them and reports
/// every broken rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketForm {
    /// The title.
    pub title: String,
    /// The price: a decimal number of major units.
    pub price: String,
    /// The currency's code. `None` leaves the present value, initially US dollars. The same holds for the
    /// fields below, where an empty text removes the present value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The name of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Where it takes place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// When it begins: in RFC 3339, or, with the time zone below, as a clock at the venue shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<String>,
    /// The time zone of the venue, such as `Europe/Berlin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The id of the event, if it is a known one: then its name, venue, start and currency are the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Which of the event's tiers it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The section of the venue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The row in the section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The seat in the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// How it comes to its buyer. `None` leaves the promise as it is, or to the server where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryForm>,
    /// The version that the seller has seen: an edit is refused if the ticket was changed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
}

/// How a ticket comes to its buyer, as chosen by its seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "mode", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum DeliveryForm {
    /// Its seller gives it to us before it is for sale.
    Sealed,
    /// Its seller gives it to us once it is sold.
    Later {
        /// Before which moment: in RFC 3339. `None` is a day before the event starts, which is the latest.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<String>,
    },
    /// We issue it.
    Ours {
        /// The id of the seller's own order, if they sell what they have bought here.
        #[serde(skip_serializing_if = "Option::is_none")]
        bought_by: Option<String>,
    },
}

impl TicketForm {
    /// A title and a price, without details.
    pub fn new(title: impl Into<String>, price: Price) -> Self {
        Self { title: title.into(), price: price.to_string(), ..Self::default() }
    }
}

/// Which tickets to list: by default all that are for sale, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketFilter {
    /// Beginnings of words in title, event, venue or section.
    pub q: Option<String>,
    /// Whether to list what comes near if nothing has all words: [`Page::is_near`] says so.
    pub near: Option<bool>,
    /// The sort order.
    pub sort: Option<TicketSort>,
    /// The page size, up to 100.
    pub limit: Option<u32>,
    /// The lowest price, in the one currency.
    pub min_price: Option<Price>,
    /// The highest price, in the one currency.
    pub max_price: Option<Price>,
    /// The earliest start of the event.
    pub from: Option<Timestamp>,
    /// The latest start of the event.
    pub to: Option<Timestamp>,
    /// The earliest day on which the event starts, at its venue: `2027-06-12`.
    pub from_day: Option<String>,
    /// The latest day on which it does.
    pub to_day: Option<String>,
    /// The event.
    pub event_id: Option<EventId>,
    /// Which of the event's tiers.
    pub tier: Option<String>,
    /// The venue's name.
    pub venue: Option<String>,
    /// The event's name.
    pub event: Option<String>,
    /// The currency of the price. A list that compares prices holds tickets in one currency: this one; without it that of
    /// the event above, or else US dollars.
    pub currency: Option<Currency>,
    /// Whose tickets to list.
    pub seller: Option<Seller>,
    /// Of the caller's own tickets, those in this state.
    pub state: Option<ListingState>,
    /// The cursor of the page: the [`Page::next_cursor`] of the previous page for the same filter.
    pub cursor: Option<String>,
}

/// Whose tickets to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Seller {
    /// The caller's own tickets, including those that are locked, sold or withdrawn.
    Me,
}

/// The state of one of the caller's own tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListingState {
    /// It can be bought.
    ForSale,
    /// It cannot be bought yet: its seller has yet to give us what they promise.
    Unsealed,
    /// An order holds it.
    Reserved,
    /// It is sold.
    Sold,
    /// Its seller has taken it back.
    Withdrawn,
}

/// The sort order of a list of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TicketSort {
    /// Newest first.
    #[serde(rename = "newest")]
    Newest,
    /// Oldest first.
    #[serde(rename = "oldest")]
    Oldest,
    /// Cheapest first.
    #[serde(rename = "price")]
    Cheapest,
    /// Most expensive first.
    #[serde(rename = "-price")]
    Dearest,
    /// Earliest event first, tickets without a date last.
    #[serde(rename = "date")]
    Soonest,
}

/// Its name in the API.
impl fmt::Display for TicketSort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl Client {
    /// Lists a ticket for sale.
    ///
    /// # Errors
    /// 400 with every broken rule; 401.
    pub async fn create_ticket(&self, form: &TicketForm) -> Result<Ticket, Error> {
        self.post(&self.urls.tickets, "/api/tickets", form).await
    }

    /// What a ticket would be, without listing it.
    ///
    /// # Errors
    /// As for [`Client::create_ticket`].
    pub async fn check_ticket(&self, form: &TicketForm) -> Result<CheckedTicket, Error> {
        self.post(&self.urls.tickets, "/api/tickets/check", form).await
    }

    /// Lists a ticket for sale once, however often it is called with this key (1 to 255 visible ASCII
    /// characters) within a day.
    ///
    /// # Errors
    /// As for [`Client::create_ticket`], and 422 if the key was used with another form.
    pub async fn create_ticket_once(&self, form: &TicketForm, key: &str) -> Result<Ticket, Error> {
        let request = json_request(Method::POST, &self.urls.tickets, "/api/tickets", form)?;
        self.fetch(with_header(request, IDEMPOTENCY_KEY, key)?).await
    }

    /// Changes a ticket.
    ///
    /// # Errors
    /// 400 if a rule is broken or the ticket is reserved; 401 unless the caller sells it; 404; 409 if it was
    /// changed since the version that the form names.
    pub async fn edit_ticket(&self, id: TicketId, form: &TicketForm) -> Result<Ticket, Error> {
        self.fetch(json_request(Method::PUT, &self.urls.tickets, &format!("/api/tickets/{id}"), form)?).await
    }

    /// Takes a ticket back, for good. Its seller still sees it.
    ///
    /// # Errors
    /// 400 if it is reserved or sold; 401 unless the caller sells it; 404.
    pub async fn withdraw_ticket(&self, id: TicketId) -> Result<(), Error> {
        let request = request(Method::DELETE, &self.urls.tickets, &format!("/api/tickets/{id}"))?;
        with_time_limit(self.send(request)).await.map(drop)
    }

    /// One ticket.
    ///
    /// # Errors
    /// 404.
    pub async fn ticket(&self, id: TicketId) -> Result<Ticket, Error> {
        self.get(&self.urls.tickets, &format!("/api/tickets/{id}")).await
    }

    /// The first page of the tickets that match the filter. [`Client::next_page`] returns the pages after
    /// it.
    ///
    /// # Errors
    /// 400 if the filter is invalid; 401 if it asks for the caller's own tickets without a session.
    pub async fn tickets(&self, filter: &TicketFilter) -> Result<Page<Ticket>, Error> {
        let target = with_query("/api/tickets", filter)?;
        self.page(request(Method::GET, &self.urls.tickets, &target)?).await
    }

    /// The currencies in which tickets are for sale, the usual one first.
    ///
    /// # Errors
    /// As for any call.
    pub async fn currencies(&self) -> Result<Vec<Currency>, Error> {
        self.get(&self.urls.tickets, "/api/tickets/currencies").await
    }
}

#[cfg(test)]
mod tests {
    use common::delivery::{DeliveryPromise, Seal};
    use serde_json::{Value, json};

    use super::*;
    use crate::stub::{ORDER, Stub, TICKET, USER, order_id, ticket_id};

    fn ticket() -> Value {
        json!({"id": TICKET, "title": "Row A", "price": 20.5, "userId": USER, "version": 2})
    }

    fn price(minor: i64) -> Price {
        Price::from_minor_units(minor).expect("a price")
    }

    #[tokio::test]
    async fn a_ticket_is_listed_as_typed() {
        let stub = Stub::answering(201, ticket()).await;
        let form = TicketForm { venue: Some("Hall".into()), ..TicketForm::new("Row A", price(2050)) };
        let made = stub.client().create_ticket(&form).await.expect("a ticket");
        assert_eq!((made.id, made.price, made.version, made.sold), (ticket_id(), price(2050), Version(2), false));
        assert_eq!(stub.request().call(), "POST /api/tickets");
        assert_eq!(stub.request().body, json!({"title": "Row A", "price": "20.50", "venue": "Hall"}));
    }

    #[tokio::test]
    async fn a_ticket_is_edited_by_putting_the_form() {
        let stub = Stub::answering(200, ticket()).await;
        stub.client().edit_ticket(ticket_id(), &TicketForm::new("Row B", price(100))).await.expect("a ticket");
        assert_eq!(stub.request().call(), format!("PUT /api/tickets/{TICKET}"));
        assert_eq!(stub.request().body, json!({"title": "Row B", "price": "1.00"}));
        let seen = TicketForm { version: Some(Version(2)), ..TicketForm::new("Row B", price(100)) };
        stub.client().edit_ticket(ticket_id(), &seen).await.expect("a ticket");
        assert_eq!(stub.requests()[1].body, json!({"title": "Row B", "price": "1.00", "version": 2}));
    }

    #[tokio::test]
    async fn it_is_said_and_told_how_a_ticket_comes_to_its_buyer() {
        let mut sealed = ticket();
        sealed["delivery"] = json!({"mode": "sealed", "seal": 2, "checked": true});
        let stub = Stub::answering(201, sealed).await;
        let later = |until: Option<&str>| DeliveryForm::Later { until: until.map(str::to_owned) };
        let expected = [
            (DeliveryForm::Sealed, json!({"mode": "sealed"})),
            (later(None), json!({"mode": "later"})),
            (later(Some("2027-06-01T12:00:00Z")), json!({"mode": "later", "until": "2027-06-01T12:00:00Z"})),
            (DeliveryForm::Ours { bought_by: Some(ORDER.into()) }, json!({"mode": "ours", "boughtBy": ORDER})),
        ];
        for (index, (delivery, sent)) in expected.into_iter().enumerate() {
            let form = TicketForm { delivery: Some(delivery), ..TicketForm::new("Row A", price(2050)) };
            let made = stub.client().create_ticket(&form).await.expect("a ticket");
            assert_eq!(made.details.delivery, Some(DeliveryPromise::Sealed { seal: Seal(2), checked: true }));
            assert_eq!(stub.requests()[index].body["delivery"], sent);
        }
    }

    #[tokio::test]
    async fn a_ticket_is_checked_before_it_is_listed() {
        let checked = json!({"title": "Row A", "price": 20.5, "currency": "eur", "seat": "12"});
        let stub = Stub::answering(200, checked).await;
        let form = TicketForm::new("Row A", price(2050));
        let checked = stub.client().check_ticket(&form).await.expect("a ticket");
        assert_eq!((checked.title.as_str(), checked.price, checked.currency), ("Row A", price(2050), Currency::Eur));
        assert_eq!(checked.details.seat.as_deref(), Some("12"));
        assert_eq!(stub.request().call(), "POST /api/tickets/check");
    }

    #[tokio::test]
    async fn a_ticket_is_listed_under_a_key() {
        let stub = Stub::answering(201, ticket()).await;
        let form = TicketForm::new("Row A", price(2050));
        stub.client().create_ticket_once(&form, "0f1e").await.expect("a ticket");
        assert_eq!(stub.request().idempotency_key.as_deref(), Some("0f1e"));
        stub.client().create_ticket(&form).await.expect("a ticket");
        assert_eq!(stub.requests()[1].idempotency_key, None);
        let nonsense = stub.client().create_ticket_once(&form, "a\nb").await;
        assert!(matches!(nonsense, Err(Error::Transport(_))));
    }

    #[tokio::test]
    async fn a_ticket_is_withdrawn_and_shown_as_that() {
        let stub = Stub::answering_text(204, "text/plain", "").await;
        stub.client().withdraw_ticket(ticket_id()).await.expect("success");
        assert_eq!(stub.request().call(), format!("DELETE /api/tickets/{TICKET}"));
        let mut withdrawn = ticket();
        withdrawn["withdrawn"] = json!(true);
        let stub = Stub::answering(200, withdrawn).await;
        assert!(stub.client().ticket(ticket_id()).await.expect("a ticket").withdrawn);
    }

    #[tokio::test]
    async fn a_ticket_comes_with_its_order_and_details() {
        let mut sold = ticket();
        for (name, value) in [("orderId", ORDER), ("event", "Hamilton"), ("startsAt", "2027-03-14T19:30:00.000Z")] {
            sold[name] = json!(value);
        }
        sold["sold"] = json!(true);
        let stub = Stub::answering(200, sold).await;
        let ticket = stub.client().ticket(ticket_id()).await.expect("a ticket");
        assert_eq!((ticket.order_id, ticket.sold), (Some(order_id()), true));
        assert_eq!(ticket.details.event.as_deref(), Some("Hamilton"));
        assert_eq!(ticket.details.starts_at, Timestamp::parse("2027-03-14T19:30:00Z").ok());
        assert_eq!(stub.request().call(), format!("GET /api/tickets/{TICKET}"));
    }

    #[tokio::test]
    async fn it_is_told_which_currencies_there_are_tickets_in() {
        let stub = Stub::answering(200, json!(["usd", "nok"])).await;
        assert_eq!(stub.client().currencies().await.expect("a list"), [Currency::Usd, Currency::Nok]);
        assert_eq!(stub.request().call(), "GET /api/tickets/currencies");
    }

    #[tokio::test]
    async fn a_filter_asks_for_what_is_set_and_nothing_else() {
        let stub = Stub::answering(200, json!([ticket()])).await;
        let filter = TicketFilter {
            q: Some("é & co".into()),
            sort: Some(TicketSort::Dearest),
            min_price: Some(price(1050)),
            max_price: Some(price(2000)),
            from: Timestamp::parse("2026-11-22T00:00:00Z").ok(),
            currency: Some(Currency::Eur),
            seller: Some(Seller::Me),
            state: Some(ListingState::ForSale),
            cursor: Some("c".into()),
            ..TicketFilter::default()
        };
        let page = stub.client().tickets(&filter).await.expect("a page");
        assert_eq!(page.items.len(), 1);
        let query = "q=%C3%A9+%26+co&sort=-price&minPrice=10.5&maxPrice=20&from=2026-11-22T00%3A00%3A00.000Z&currency=eur&seller=me&state=for-sale&cursor=c";
        assert_eq!(stub.request().target, format!("/api/tickets?{query}"));
        stub.client().tickets(&TicketFilter::default()).await.expect("a page");
        assert_eq!(stub.requests()[1].target, "/api/tickets");
    }
}
