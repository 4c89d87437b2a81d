mod filter;
mod form;

pub use filter::{ListingState, Seller, TicketFilter, TicketSort};
pub use form::{DeliveryForm, TicketForm};

use common::events::EventDetails;
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::version::Version;
use http::{HeaderName, Method};
use serde::Deserialize;

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
    /// Whether another seller has the same seat for sale, or has sold it. Told only by [`Client::ticket`].
    #[serde(default)]
    pub also_offered: bool,
    /// Whether we issue it and its seller has bought it here: they do not organise the event.
    #[serde(default)]
    pub sold_on: bool,
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
    use common::time::Timestamp;
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
