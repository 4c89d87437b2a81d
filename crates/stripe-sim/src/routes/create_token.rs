//! `POST /v1/tokens`: creates a token for a test card. Called by pages with the publishable key, as
//! Stripe.js does.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use common::id::Payment;
use http::{HeaderMap, HeaderValue, header};
use serde_json::json;

use crate::api::Api;
use crate::auth::authorize;
use crate::domain::{Card, CardNumberError, CardToken, JsonResponse, Refusal};
use crate::faults::KeyState;
use crate::form::Form;

pub(crate) async fn create(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Response {
    let mut response = perform(&api, &headers, &Form::parse(&body)).await.into_response();
    // Pages call this from another origin.
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

async fn perform(api: &Api, headers: &HeaderMap, form: &Form) -> Result<JsonResponse, Refusal> {
    let publishable = &api.settings.publishable_key;
    if form.get("key") != Some(publishable.as_str()) {
        authorize(headers, publishable, KeyState::Valid).or_else(|_| api.authorize(headers))?;
    }
    let number = form.required("card[number]")?;
    check_expiry(form, api)?;
    if form.get("card[cvc]").is_some_and(|cvc| !is_cvc(cvc)) {
        return Err(Refusal::card_details("invalid_cvc", "cvc", "Your card's security code is invalid."));
    }
    let card = Card::of_number(number).map_err(refuse)?;
    let id = format!("tok_{}", api.ids.next::<Payment>(api.clock.now()));
    api.tokens.insert(CardToken { id: id.clone(), card: card.clone(), used_by: None }, &()).await?;
    Ok(JsonResponse::ok(&json!({
        "id": id,
        "object": "token",
        "type": "card",
        "created": api.now(),
        "livemode": false,
        "used": false,
        "card": {"object": "card", "brand": card.brand.display_name(), "last4": card.last4},
    })))
}

fn refuse(error: CardNumberError) -> Refusal {
    match error {
        CardNumberError::Incorrect => {
            Refusal::card_details("incorrect_number", "number", "Your card number is incorrect.")
        }
        CardNumberError::NotATestCard => Refusal::card_details(
            "card_declined",
            "number",
            "Your card was declined. Your request was in test mode, but used a non test card.",
        ),
    }
}

fn check_expiry(form: &Form, api: &Api) -> Result<(), Refusal> {
    let month = form.required("card[exp_month]")?.parse().ok().filter(|month| (1..=12).contains(month));
    let month: u32 = month.ok_or_else(|| {
        Refusal::card_details("invalid_expiry_month", "exp_month", "Your card's expiration month is invalid.")
    })?;
    let invalid_year =
        || Refusal::card_details("invalid_expiry_year", "exp_year", "Your card's expiration year is invalid.");
    let year: u32 = form.required("card[exp_year]")?.parse().map_err(|_| invalid_year())?;
    let year = if year < 100 { 2000 + year } else { year };
    // Same width and order as the clock's own text, so that they compare as text.
    let expires = format!("{year:04}-{month:02}");
    if api.clock.now().to_string().get(..7).is_some_and(|now| expires.as_str() < now) || year > 2100 {
        return Err(invalid_year());
    }
    Ok(())
}

fn is_cvc(text: &str) -> bool {
    (3..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
