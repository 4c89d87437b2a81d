use axum::response::{IntoResponse, Redirect, Response};
use client::{EventForm, Venue};
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::{Field, currencies, zones};
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::query::Query;
use crate::visitor::Visitor;

/// What the API calls them, and what the form does.
const FIELDS_OF_VENUE: [(&str, &str); 3] =
    [("venue.name", "venue"), ("venue.city", "city"), ("venue.country", "country")];

/// The raw input of the form.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct TypedEvent {
    name: String,
    venue: String,
    city: String,
    country: String,
    starts_at: String,
    time_zone: String,
    currency: String,
}

/// The address of the form, with the name filled in.
pub(crate) fn address(name: &str) -> String {
    format!("/events/new?{}", form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish())
}

pub(crate) async fn show(visitor: Visitor, Query(typed): Query<TypedEvent>) -> Result<Response, PageError> {
    visitor.id()?;
    Ok(page(&visitor, &typed, &FormErrors::default()))
}

pub(crate) async fn submit(visitor: Visitor, Form(typed): Form<TypedEvent>) -> Result<Response, PageError> {
    if visitor.user.is_none() {
        let errors = FormErrors::of_message(StatusCode::BAD_REQUEST, visitor.text.sell.signed_out);
        return Ok(page(&visitor, &typed, &errors));
    }
    match visitor.api.add_event(&EventForm::from(&typed)).await {
        Ok(event) => Ok(Redirect::to(&format!("/sell?event={}", event.id)).into_response()),
        Err(error) => {
            let errors = FormErrors::or_away(error, visitor.text.event.add.away)?;
            Ok(page(&visitor, &typed, &errors.called(&FIELDS_OF_VENUE)))
        }
    }
}

fn page(visitor: &Visitor, typed: &TypedEvent, errors: &FormErrors) -> Response {
    let text = &visitor.text.event.add;
    let main = html! {
        div.narrow {
            h1 { (text.heading) }
            (errors.summary(visitor))
            form.ticket-form method="post" action="/events/new" autocomplete="off" {
                (fields(visitor, typed, errors))
                button.primary { (text.button) }
            }
        }
    };
    errors.on(Page::new(visitor, text.heading, main)).into_response()
}

fn fields(visitor: &Visitor, typed: &TypedEvent, errors: &FormErrors) -> Markup {
    let (text, form) = (&visitor.text.event.add, &visitor.text.sell.form);
    let field = |name, label, value| Field::text(name, label, value, errors).autocomplete("off").required();
    html! {
        (field("name", text.name, &typed.name))
        (field("venue", text.venue, &typed.venue))
        (field("city", text.city, &typed.city))
        (field("country", text.country, &typed.country))
        (field("startsAt", form.starts_at, &typed.starts_at).kind("datetime-local").hint(form.starts_at_hint))
        (field("timeZone", form.time_zone, &typed.time_zone).hint(form.time_zone_hint).list("zones"))
        (zones())
        (currencies(visitor, &typed.currency, errors))
        p.hint { (text.currency_hint) }
    }
}

impl From<&TypedEvent> for EventForm {
    fn from(typed: &TypedEvent) -> Self {
        let venue = Venue { name: typed.venue.clone(), city: typed.city.clone(), country: typed.country.clone() };
        Self {
            name: typed.name.clone(),
            venue,
            starts_at: typed.starts_at.clone(),
            time_zone: typed.time_zone.clone(),
            currency: typed.currency.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::Site;

    const FIELDS: [(&str, &str); 7] = [
        ("name", "Gala"),
        ("venue", "Halle"),
        ("city", "Berlin"),
        ("country", "Germany"),
        ("startsAt", "2027-06-12T19:30"),
        ("timeZone", "Europe/Berlin"),
        ("currency", "eur"),
    ];

    #[tokio::test]
    async fn an_event_is_added_and_then_sold() {
        let id = "5f1f77bcf86cd799439011e1";
        let event = json!({
            "id": id, "slug": "gala", "name": "Gala", "venue": {"name": "Halle", "city": "Berlin", "country": "Germany"},
            "startsAt": "2027-06-12T19:30:00+02:00", "timeZone": "Europe/Berlin", "currency": "eur", "tiers": [],
            "status": "public", "version": 0,
        });
        let site = Site::signed_in([("POST /api/events", 201, event)]).await;
        let form = site.get("/events/new?name=Gala").await;
        form.assert_has(r#"name="name" type="text" value="Gala""#);
        form.assert_has(r#"<option value="Europe/Berlin">"#);
        let reply = site.post("/events/new", &FIELDS).await;
        assert_eq!((reply.status, reply.location()), (303, format!("/sell?event={id}").as_str()));
        let sent = r#"{"name":"Gala","venue":{"name":"Halle","city":"Berlin","country":"Germany"},"startsAt":"2027-06-12T19:30","timeZone":"Europe/Berlin","currency":"eur"}"#;
        assert_eq!(site.calls(), [format!("POST /api/events {sent}")]);
    }

    #[tokio::test]
    async fn what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost() {
        let wrong =
            "Start is impossible: there is no 2027-03-28T02:30 in Europe/Berlin: the clocks are put forward then";
        let errors = json!({"errors": [
            {"message": wrong, "field": "startsAt"}, {"message": "City is required", "field": "venue.city"},
        ]});
        let page = Site::signed_in([("POST /api/events", 400, errors)]).await.post("/events/new", &FIELDS).await;
        assert_eq!(page.status, 400);
        page.assert_has(&format!(r#"id="startsAt-error">{wrong}"#));
        page.assert_has(r#"id="city-error">City is required"#);
        page.assert_has(r#"value="Halle""#);
        let stranger = Site::answering([]).await;
        assert_eq!(stranger.get("/events/new").await.location(), "/signin?next=%2Fevents%2Fnew");
        stranger.post("/events/new", &FIELDS).await.assert_has("You have been signed out");
    }
}
