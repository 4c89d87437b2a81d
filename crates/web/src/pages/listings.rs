use axum::response::{IntoResponse, Redirect, Response};
use client::{ListingState, Seller, Ticket, TicketFilter, TicketId};
use futures::future::join_all;
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::{TicketState, ticket_card};
use crate::error::PageError;
use crate::layout::Page;
use crate::pages::delivery;
use crate::query::Query;
use crate::visitor::Visitor;

/// The page size.
const PAGE: u32 = 24;

/// The states that the list can be narrowed to, with their names in addresses.
const STATES: [(&str, ListingState); 5] = [
    ("for-sale", ListingState::ForSale),
    ("unsealed", ListingState::Unsealed),
    ("reserved", ListingState::Reserved),
    ("sold", ListingState::Sold),
    ("withdrawn", ListingState::Withdrawn),
];

/// The query: the state of the tickets, and the page of the list.
#[derive(Default, Deserialize)]
pub(crate) struct Part {
    state: Option<String>,
    cursor: Option<String>,
}

pub(crate) async fn show(visitor: Visitor, Query(part): Query<Part>) -> Result<Response, PageError> {
    visitor.id()?;
    // An unknown state is as good as none.
    let state = STATES.into_iter().find(|(name, _)| part.state.as_deref() == Some(*name)).map(|(_, state)| state);
    let is_first = part.cursor.is_none();
    let filter = TicketFilter {
        seller: Some(Seller::Me),
        state,
        limit: Some(PAGE),
        cursor: part.cursor,
        ..TicketFilter::default()
    };
    match visitor.api.tickets(&filter).await {
        Ok(listed) => page(&visitor, &listed, &owed(&visitor, &listed.items).await, (state, is_first)),
        // The cursor is invalid: start from the first page.
        Err(error) if !is_first && error.status() == Some(StatusCode::BAD_REQUEST) => {
            Ok(Redirect::to(&address(state, None)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn page(
    visitor: &Visitor,
    listed: &client::Page<Ticket>,
    owed: &[TicketId],
    (state, is_first): (Option<ListingState>, bool),
) -> Result<Response, PageError> {
    let text = &visitor.text.sell;
    let is_new = listed.items.is_empty() && state.is_none() && is_first;
    let main = html! {
        div data-region="listings" data-seller=(visitor.id()?) {
            div.heading {
                h1 { (text.listings) }
                @if !is_new { (way_to_sell(visitor)) }
            }
            @if is_new {
                div.panel.listings-none {
                    h2 { (text.no_listings) }
                    p { (text.no_listings_words) }
                    (way_to_sell(visitor))
                }
            } @else {
                (filters(visitor, state))
                @if listed.items.is_empty() { p.meta { (text.none_such) } }
                ul.cards { @for ticket in &listed.items { (ticket_card(visitor, ticket, actions(visitor, ticket, owed))) } }
            }
            @if listed.has_next() || !is_first {
                p.more {
                    @if let Some(cursor) = listed.next_cursor() {
                        a.button href=(address(state, Some(&cursor))) { (text.load_more) }
                    }
                    @if !is_first { a.button href=(address(state, None)) { (text.newest) } }
                }
            }
        }
    };
    Ok(Page::new(visitor, text.listings, main).script("listings.js").into_response())
}

fn way_to_sell(visitor: &Visitor) -> Markup {
    html! { a.button.primary href="/sell" { (visitor.text.sell.sell) } }
}

/// Leads to the tickets in each state.
fn filters(visitor: &Visitor, present: Option<ListingState>) -> Markup {
    let text = &visitor.text.sell;
    let name = |state| match state {
        ListingState::ForSale => text.for_sale,
        ListingState::Unsealed => text.unsealed,
        ListingState::Reserved => text.reserved_filter,
        ListingState::Sold => text.sold,
        ListingState::Withdrawn => text.withdrawn,
    };
    let states = STATES.into_iter().map(|(_, state)| (Some(state), name(state)));
    html! {
        nav.states aria-label=(text.filter) {
            ul {
                @for (state, name) in std::iter::once((None, text.all)).chain(states) {
                    li {
                        a href=(address(state, None)) aria-current=[(state == present).then_some("page")] { (name) }
                    }
                }
            }
        }
    }
}

/// What its seller can do with it.
fn actions(visitor: &Visitor, ticket: &Ticket, owed: &[TicketId]) -> Option<Markup> {
    let text = &visitor.text.sell;
    let address = |what| format!("/tickets/{}/{what}", ticket.id);
    let (edit, withdraw) = ((text.edit_link)(&ticket.title), (text.withdraw_link)(&ticket.title));
    let is_owed = owed.contains(&ticket.id);
    let (next, next_short) = if delivery::is_ours(&ticket.details) {
        ((text.standing_link)(&ticket.title), text.standing_short)
    } else {
        ((text.upload_link)(&ticket.title), text.upload_short)
    };
    let is_editable = TicketState::of(ticket, visitor.now).is_editable();
    let is_early = is_editable && delivery::can_come_early(&ticket.details, visitor.now);
    let actions = html! {
        @if is_owed { p.card-owed { (text.owed) " " (delivery::until(visitor, &ticket.details)) } }
        p.card-actions {
            @if is_owed || is_early || delivery::is_next(ticket) {
                a href=(delivery::address(ticket.id)) aria-label=(next) { (next_short) }
            }
            @if is_editable {
                a href=(address("edit")) aria-label=(edit) { (text.edit_short) }
                a href=(address("withdraw")) aria-label=(withdraw) { (text.withdraw_short) }
            }
        }
    };
    (is_owed || is_editable).then_some(actions)
}

/// Those that are sold, and that the seller has yet to hand in.
async fn owed(visitor: &Visitor, tickets: &[Ticket]) -> Vec<TicketId> {
    let asked = tickets.iter().map(async |ticket| delivery::is_owed(visitor, ticket).await.then_some(ticket.id));
    join_all(asked).await.into_iter().flatten().collect()
}

/// The URL of the list of tickets in this state that begins at the cursor.
fn address(state: Option<ListingState>, cursor: Option<&str>) -> String {
    let name = state.and_then(|state| STATES.into_iter().find(|(_, known)| *known == state)).map(|(name, _)| name);
    let query = [("state", name), ("cursor", cursor)].into_iter().filter_map(|(name, value)| Some((name, value?)));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    if query.is_empty() { "/listings".to_owned() } else { format!("/listings?{query}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
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
        for part in [
            r#"data-version="0""#,
            "For sale",
            "$20.50",
            "&lt;i&gt;A",
            "b1/edit\" aria-label=\"Edit &lt;i&gt;A",
            "b1/withdraw\" aria-label=\"Withdraw &lt;i&gt;A",
        ] {
            assert!(for_sale.contains(part), "{part}: {for_sale}");
        }
        assert!(locked.contains("Locked") && !locked.contains("/edit"), "{locked}");
        assert!(sold.contains("Sold") && sold.contains("Hamilton") && !sold.contains("/edit"), "{sold}");
        assert_eq!(site.calls(), ["GET /api/tickets?limit=24&seller=me"]);
    }

    #[tokio::test]
    async fn a_seller_is_told_what_they_have_yet_to_hand_in() {
        let order = "5f1f77bcf86cd799439011c1";
        let later = json!({"mode": "later", "until": "2027-03-13T19:30:00Z"});
        let sold = |id: &str| {
            json!({"id": id, "title": "A", "price": 1, "userId": USER, "version": 2, "orderId": order,
            "sold": true, "delivery": later, "timeZone": "Europe/Berlin"})
        };
        let tickets = json!([
            {"id": "5f1f77bcf86cd799439011b1", "title": "A", "price": 1, "userId": USER, "version": 0,
                "delivery": {"mode": "sealed"}},
            sold("5f1f77bcf86cd799439011b2"),
            sold("5f1f77bcf86cd799439011b3"),
            {"id": "5f1f77bcf86cd799439011b4", "title": "A", "price": 1, "userId": USER, "version": 0, "delivery": later},
        ]);
        let sealing = |id: &str| {
            json!({"ticketId": id, "mode": "later", "seal": 0, "codes": 0, "checked": false,
            "state": "sold"})
        };
        let mut handed_in = sealing("5f1f77bcf86cd799439011b3");
        handed_in["sealedAt"] = json!("2026-11-22T11:00:00Z");
        let site = Site::signed_in([
            ("GET /api/tickets", 200, tickets),
            ("GET /api/deliveries/tickets/5f1f77bcf86cd799439011b2", 200, sealing("5f1f77bcf86cd799439011b2")),
            ("GET /api/deliveries/tickets/5f1f77bcf86cd799439011b3", 200, handed_in),
        ])
        .await;
        let page = site.get("/listings").await;
        let listings: Vec<_> = page.body.split("<li class=\"card\"").skip(1).collect();
        let [unsealed, owed, done, early] = listings[..] else { panic!("{} listings", listings.len()) };
        assert!(
            unsealed.contains("Not for sale yet") && unsealed.contains("b1/delivery") && unsealed.contains("b1/edit")
        );
        assert!(
            owed.contains("Hand in the ticket before") && owed.contains("8:30") && owed.contains("b2/delivery"),
            "{owed}"
        );
        assert!(!done.contains("/delivery") && !done.contains("Hand in"), "{done}");
        assert!(early.contains("b4/delivery") && !early.contains("Hand in"), "{early}");
    }

    #[tokio::test]
    async fn what_we_issue_is_not_to_be_uploaded() {
        let ours = json!([{"id": "5f1f77bcf86cd799439011b1", "title": "A", "price": 1, "userId": USER, "version": 0,
            "delivery": {"mode": "ours"}}]);
        let site = Site::signed_in([("GET /api/tickets", 200, ours)]).await;
        let page = site.get("/listings").await;
        page.assert_has("Not for sale yet");
        page.assert_has(r#"b1/delivery" aria-label="How A stands">How it stands</a>"#);
        page.assert_lacks("Upload");
        assert_eq!(site.calls().len(), 1, "nobody else is asked");
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
        site.get(&address(None, Some("a+b"))).await.assert_has("Back to the newest");
        assert_eq!(site.calls()[1], "GET /api/tickets?limit=24&seller=me&cursor=a%2Bb");

        let refused = json!({"errors": [{"message": "cursor", "field": "cursor"}]});
        let nonsense = Site::signed_in([("GET /api/tickets", 400, refused)]).await.get("/listings?cursor=x").await;
        assert_eq!((nonsense.status, nonsense.location()), (303, "/listings"));
    }
    #[tokio::test]
    async fn the_list_can_be_narrowed_to_a_state() {
        let withdrawn = json!([{"id": "5f1f77bcf86cd799439011b1", "title": "A", "price": 1, "userId": USER, "version": 0,
            "withdrawn": true}]);
        let site = Site::signed_in([("GET /api/tickets", 200, withdrawn)]).await;
        let site = site.with_header("link", r#"</api/tickets?seller=me&cursor=x>; rel="next""#);
        let page = site.get("/listings?state=withdrawn").await;
        page.assert_has(r#"<a href="/listings?state=withdrawn" aria-current="page">Withdrawn</a>"#);
        page.assert_has(r#"<a href="/listings?state=for-sale">For sale</a>"#);
        page.assert_has(r#"href="/listings?state=withdrawn&amp;cursor=x">Load more"#);
        page.assert_has(r#"<span class="badge calm">Withdrawn</span>"#);
        page.assert_lacks("/edit");
        for (state, asked) in [("reserved", "&state=reserved"), ("sold", "&state=sold"), ("nonsense", ""), ("", "")] {
            site.get(&format!("/listings?state={state}")).await;
            assert_eq!(site.calls().last(), Some(&format!("GET /api/tickets?limit=24&seller=me{asked}")));
        }
        let none = Site::signed_in([("GET /api/tickets", 200, json!([]))]).await.get("/listings?state=sold").await;
        none.assert_has("None of your tickets is here.");
        none.assert_lacks("You have not listed a ticket yet");
    }
}
