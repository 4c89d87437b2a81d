use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use common::errors::ErrorBody;
use common::money::Currency;
use common::time::Timestamp;
use futures::future::try_join_all;
use ports::store::StoreError;
use runtime::http::ApiError;

use super::list_tickets::json;
use crate::error::TicketsError;
use crate::hot_pages::{HotPage, Lookup, PageKey};
use crate::listing::{Listing, Sort};
use crate::search;
use crate::state::TicketsState;

/// List the currencies in which tickets are for sale.
///
/// Each of them makes a list that is sorted by price: `GET /api/tickets?sort=price&currency=eur`.
#[utoipa::path(
    get,
    path = "/api/tickets/currencies",
    operation_id = "listCurrencies",
    tag = "tickets",
    responses(
        (status = 200, description = "The currencies, the usual one first.", body = Vec<Currency>),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn list_currencies(State(state): State<TicketsState>) -> Result<Response, ApiError> {
    let page = match state.hot_pages.get(PageKey::Currencies, state.clock.now()) {
        Lookup::Hit(page) => page,
        Lookup::Miss(generation) => {
            let page = read(&state).await?;
            state.hot_pages.insert(PageKey::Currencies, generation, page.clone());
            page
        }
    };
    Ok(json(page.json))
}

async fn read(state: &TicketsState) -> Result<HotPage, TicketsError> {
    let now = state.clock.now();
    let cheapest = async |currency: Currency| {
        let one = Listing { sort: Sort::Cheapest, currency: Some(currency), limit: 1, ..Listing::default() };
        search::find(&state.tickets, &one, now).await
    };
    let found = try_join_all(Currency::ALL.map(cheapest)).await?;
    let tickets: Vec<_> = found.into_iter().flat_map(|found| found.tickets).collect();
    let begin = tickets.iter().filter_map(|ticket| ticket.details.starts_at);
    let valid_until = begin.min().unwrap_or(Timestamp::MAX);
    let currencies: Vec<Currency> = tickets.iter().map(|ticket| ticket.currency).collect();
    let json = serde_json::to_vec(&currencies).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(HotPage { json: Bytes::from(json), next: None, is_near: false, valid_until })
}

#[cfg(test)]
mod tests {
    use common::time::Timestamp;
    use harness::Harness;
    use serde_json::{Value, json};

    use crate::testing::{cancelled, draft, listed, order_created, start};

    async fn currencies(app: &Harness) -> Value {
        let reply = app.get("/api/tickets/currencies").send().await;
        assert_eq!(
            (reply.status, &reply.headers["content-type"]),
            (200, &"application/json".parse().expect("a header"))
        );
        reply.body
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn they_are_those_of_the_tickets_that_can_be_bought_now() {
        let app = start().await;
        assert_eq!(currencies(&app).await, json!([]));
        let seller = app.user();
        let in_currency = |currency: &str, starts_at: Value| {
            let mut body = draft("Row A", json!(50));
            (body["currency"], body["startsAt"]) = (json!(currency), starts_at);
            body
        };
        let krone = listed(&app, &seller, in_currency("nok", json!(null))).await;
        listed(&app, &seller, in_currency("eur", json!("2027-06-13T17:30:00Z"))).await;
        listed(&app, &seller, in_currency("eur", json!("2027-06-11T17:30:00Z"))).await;
        listed(&app, &seller, draft("Row B", json!(20))).await;
        assert_eq!(currencies(&app).await, json!(["usd", "eur", "nok"]));
        let order = order_created(&app, &krone);
        app.publish("orders", &order).await;
        app.settle().await;
        assert_eq!(currencies(&app).await, json!(["usd", "eur"]), "what somebody is buying is not for sale");
        app.publish("orders", &cancelled(&order)).await;
        app.settle().await;
        assert_eq!(currencies(&app).await, json!(["usd", "eur", "nok"]));
        for (begun, left) in [("2027-06-11", json!(["usd", "eur", "nok"])), ("2027-06-13", json!(["usd", "nok"]))] {
            let moment = Timestamp::parse(&format!("{begun}T17:30:00Z")).expect("a moment");
            app.clock.advance(moment.since(app.clock.now()));
            assert_eq!(currencies(&app).await, left, "{begun}");
        }
    }
}
