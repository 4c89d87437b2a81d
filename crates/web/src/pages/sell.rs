use axum::response::{IntoResponse, Redirect, Response};
use client::TicketForm as Draft;
use maud::html;

use crate::components::{TicketForm, TypedTicket};
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::visitor::Visitor;

pub(crate) async fn show(visitor: Visitor) -> Result<Response, PageError> {
    visitor.id()?;
    Ok(page(&visitor, &TypedTicket::default(), &FormErrors::default()))
}

pub(crate) async fn submit(visitor: Visitor, Form(typed): Form<TypedTicket>) -> Result<Response, PageError> {
    if visitor.user.is_none() {
        return Ok(page(&visitor, &typed, &FormErrors::of_message(visitor.text.sell.signed_out)));
    }
    match visitor.api.create_ticket(&Draft::from(&typed)).await {
        Ok(ticket) => Ok(Redirect::to(&format!("/tickets/{}", ticket.id)).into_response()),
        Err(error) => Ok(page(&visitor, &typed, &FormErrors::of(error)?)),
    }
}

fn page(visitor: &Visitor, typed: &TypedTicket, errors: &FormErrors) -> Response {
    let text = &visitor.text.sell;
    let main = html! {
        div.narrow {
            h1 { (text.sell) }
            (TicketForm::new(visitor, typed, errors, text.list_button))
        }
    };
    (errors.status(), Page::new(visitor, text.sell, main).script("sell.js")).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{Site, USER};

    #[tokio::test]
    async fn only_who_has_signed_in_sells() {
        assert_eq!(Site::answering([]).await.get("/sell").await.location(), "/signin?next=%2Fsell");
        let page = Site::signed_in([]).await.get("/sell").await;
        assert_eq!(page.status, 200);
        for label in ["Title", "Price", "Currency", "Event", "Venue", "Date and time", "Section", "Row", "Seat"] {
            page.assert_has(&format!(">{label}</label>"));
        }
        page.assert_has(r#"data-too-precise="Price must have at most 2 decimal places""#);
        page.assert_lacks("disabled");
    }

    #[tokio::test]
    async fn a_ticket_is_listed_from_the_form() {
        let id = "5f1f77bcf86cd799439011b1";
        let ticket = json!({"id": id, "title": "Row A", "price": 20.5, "userId": USER, "version": 0});
        let site = Site::signed_in([("POST /api/tickets", 201, ticket)]).await;
        let fields = [("title", "Row A"), ("price", "20,50"), ("currency", "eur"), ("startsAt", "2027-07-14T19:30")];
        let reply = site.post("/sell", &[&fields[..], &[("utcOffset", "120")]].concat()).await;
        assert_eq!((reply.status, reply.location()), (303, format!("/tickets/{id}").as_str()));
        let sent = r#"{"title":"Row A","price":"20.50","currency":"eur","event":"","venue":"","startsAt":"2027-07-14T17:30:00Z","section":"","row":"","seat":""}"#;
        assert_eq!(site.calls(), [format!("POST /api/tickets {sent}")]);
    }

    #[tokio::test]
    async fn a_refused_form_comes_back_filled_in_with_errors_beside_fields() {
        let errors = json!({"errors": [
            {"message": "Title is required", "field": "title"},
            {"message": "Start must be a moment like 2026-11-22T17:43:03Z", "field": "startsAt"},
        ]});
        let site = Site::signed_in([("POST /api/tickets", 400, errors)]).await;
        let fields = [("price", "<b>\""), ("currency", "sek"), ("startsAt", "tomorrow"), ("utcOffset", "60")];
        let page = site.post("/sell", &fields).await;
        assert_eq!(page.status, 400);
        page.assert_has(r##"<a href="#title">Title is required</a>"##);
        page.assert_has(r#"<p class="field-error" id="title-error">Title is required</p>"#);
        page.assert_has(r#"aria-invalid="true" aria-describedby="startsAt-hint startsAt-error""#);
        page.assert_has(r#"value="&lt;b&gt;&quot;""#);
        page.assert_has(r#"<option value="sek" selected>SEK</option>"#);
        page.assert_has(r#"value="tomorrow""#);
        page.assert_has(r#"name="utcOffset" value="60""#);
    }

    #[tokio::test]
    async fn an_ended_session_does_not_lose_the_form() {
        let site = Site::answering([]).await;
        let page = site.post("/sell", &[("title", "Row A"), ("price", "20")]).await;
        assert_eq!(page.status, 400);
        page.assert_has("You have been signed out");
        page.assert_has(r#"value="Row A""#);
        assert_eq!(site.calls(), Vec::<String>::new());
    }
}
