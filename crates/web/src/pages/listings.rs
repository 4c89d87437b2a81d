use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use client::{Seller, Ticket, TicketFilter};
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::{TicketState, ticket_card};
use crate::error::PageError;
use crate::layout::Page;
use crate::visitor::Visitor;

/// The page size.
const PAGE: u32 = 24;

/// The query: the page of the list.
#[derive(Deserialize)]
pub(crate) struct Part {
    cursor: Option<String>,
}

pub(crate) async fn show(visitor: Visitor, Query(part): Query<Part>) -> Result<Response, PageError> {
    visitor.id()?;
    let is_first = part.cursor.is_none();
    let filter =
        TicketFilter { seller: Some(Seller::Me), limit: Some(PAGE), cursor: part.cursor, ..TicketFilter::default() };
    match visitor.api.tickets(&filter).await {
        Ok(listed) => page(&visitor, &listed, is_first),
        // The cursor is invalid: start from the first page.
        Err(error) if !is_first && error.status() == Some(StatusCode::BAD_REQUEST) => {
            Ok(Redirect::to("/listings").into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn page(visitor: &Visitor, listed: &client::Page<Ticket>, is_first: bool) -> Result<Response, PageError> {
    let text = &visitor.text.sell;
    let main = html! {
        div data-region="listings" data-seller=(visitor.id()?) {
            div.heading {
                h1 { (text.listings) }
                @if !listed.items.is_empty() { (way_to_sell(visitor)) }
            }
            @if listed.items.is_empty() {
                div.panel.listings-none {
                    h2 { (text.no_listings) }
                    p { (text.no_listings_words) }
                    (way_to_sell(visitor))
                }
            } @else {
                ul.cards { @for ticket in &listed.items { (ticket_card(visitor, ticket, action(visitor, ticket))) } }
            }
            @if listed.has_next() || !is_first {
                p.more {
                    @if let Some(cursor) = listed.next_cursor() { a.button href=(from(&cursor)) { (text.load_more) } }
                    @if !is_first { a.button href="/listings" { (text.newest) } }
                }
            }
        }
    };
    Ok(Page::new(visitor, text.listings, main).script("listings.js").into_response())
}

fn way_to_sell(visitor: &Visitor) -> Markup {
    html! { a.button.primary href="/sell" { (visitor.text.sell.sell) } }
}

/// The actions available to its seller.
fn action(visitor: &Visitor, ticket: &Ticket) -> Option<Markup> {
    let text = &visitor.text.sell;
    let (address, name) = (format!("/tickets/{}/edit", ticket.id), (text.edit_link)(&ticket.title));
    let edit = html! { a.card-action href=(address) aria-label=(name) { (text.edit_short) } };
    (TicketState::of(ticket) == TicketState::ForSale).then_some(edit)
}

/// The URL of the page that begins at the cursor.
fn from(cursor: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("cursor", cursor).finish();
    format!("/listings?{query}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::from;
    use crate::testing::{Site, USER};

    #[tokio::test]
    async fn each_listing_says_where_it_stands() {
        let order = "5f1f77bcf86cd799439011c1";
        let tickets = json!([
            {"id": "5f1f77bcf86cd799439011b1", "title": "<i>A</i>", "price": 20.5, "userId": USER, "version": 0},
            {"id": "5f1f77bcf86cd799439011b2", "title": "B", "price": 1, "userId": USER, "version": 1, "orderId": order},
            {"id": "5f1f77bcf86cd799439011b3", "title": "C", "price": 1, "userId": USER, "version": 2, "orderId": order,
                "sold": true, "event": "Hamilton", "startsAt": "2027-03-14T19:30:00.000Z"},
        ]);
        let site = Site::signed_in([("GET /api/tickets", 200, tickets)]).await;
        let page = site.get("/listings").await;
        assert_eq!(page.status, 200);
        let listings: Vec<_> = page.body.split("<li class=\"card\"").skip(1).collect();
        let [for_sale, locked, sold] = listings[..] else { panic!("{} listings", listings.len()) };
        for part in
            [r#"data-version="0""#, "For sale", "$20.50", "&lt;i&gt;A", "b1/edit\" aria-label=\"Edit &lt;i&gt;A"]
        {
            assert!(for_sale.contains(part), "{part}: {for_sale}");
        }
        assert!(locked.contains("Locked") && !locked.contains("/edit"), "{locked}");
        assert!(sold.contains("Sold") && sold.contains("Hamilton") && !sold.contains("/edit"), "{sold}");
        assert_eq!(site.calls(), ["GET /api/tickets?limit=24&seller=me"]);
    }

    #[tokio::test]
    async fn a_seller_without_tickets_is_shown_how_to_begin() {
        let site = Site::signed_in([("GET /api/tickets", 200, json!([]))]).await;
        let page = site.get("/listings").await;
        page.assert_has("You have not listed a ticket yet");
        page.assert_has(r#"href="/sell""#);
        assert_eq!(Site::answering([]).await.get("/listings").await.location(), "/signin?next=%2Flistings");
    }

    #[tokio::test]
    async fn the_list_goes_on_where_it_stopped() {
        let tickets =
            json!([{"id": "5f1f77bcf86cd799439011b1", "title": "A", "price": 1, "userId": USER, "version": 0}]);
        let site = Site::signed_in([("GET /api/tickets", 200, tickets)]).await;
        let site = site.with_header("link", r#"</api/tickets?seller=me&cursor=a%2Bb>; rel="next""#);
        let first = site.get("/listings").await;
        first.assert_has(r#"<a class="button" href="/listings?cursor=a%2Bb">Load more</a>"#);
        first.assert_lacks("Back to the newest");
        site.get(&from("a+b")).await.assert_has("Back to the newest");
        assert_eq!(site.calls()[1], "GET /api/tickets?limit=24&seller=me&cursor=a%2Bb");

        let refused = json!({"errors": [{"message": "cursor", "field": "cursor"}]});
        let nonsense = Site::signed_in([("GET /api/tickets", 400, refused)]).await.get("/listings?cursor=x").await;
        assert_eq!((nonsense.status, nonsense.location()), (303, "/listings"));
    }
}
