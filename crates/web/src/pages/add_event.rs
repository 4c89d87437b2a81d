use axum::response::{IntoResponse, Redirect, Response};
use client::{Currency, EventForm, Venue};
use formats::Formats;
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::{Field, currencies, zones};
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::layout::Page;
use crate::query::Query;
use crate::visitor::Visitor;

#[cfg(test)]
mod tests;
mod tiers;

use tiers::TypedTiers;

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
    #[serde(flatten)]
    tiers: TypedTiers,
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
    match visitor.api.add_event(&typed.for_api(&visitor.formats)).await {
        Ok(event) => Ok(Redirect::to(&format!("/sell?event={}", event.id)).into_response()),
        Err(error) => {
            let errors = FormErrors::or_away(error, visitor.text.event.add.away)?;
            Ok(page(&visitor, &typed, &typed.explained(errors.called(&FIELDS_OF_VENUE), &visitor.formats)))
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
        (typed.tiers.show(visitor, errors))
    }
}

impl TypedEvent {
    /// The same for the API, which validates it.
    fn for_api(&self, formats: &Formats) -> EventForm {
        let venue = Venue { name: self.venue.clone(), city: self.city.clone(), country: self.country.clone() };
        EventForm {
            name: self.name.clone(),
            venue,
            starts_at: self.starts_at.clone(),
            time_zone: self.time_zone.clone(),
            currency: self.currency.clone(),
            tiers: self.tiers.for_api(formats, self.known_currency()),
        }
    }

    /// The errors of the API, beside the fields that they are of.
    fn explained(&self, errors: FormErrors, formats: &Formats) -> FormErrors {
        self.tiers.explained(errors, formats, self.known_currency())
    }

    fn known_currency(&self) -> Option<Currency> {
        Currency::ALL.into_iter().find(|currency| currency.code() == self.currency)
    }
}
