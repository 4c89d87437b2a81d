//! The pages' HTML.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::domain::{Decline, Intent, IntentStatus};

const STYLE: &str = include_str!("style.css");

/// What a policy allows the style by.
pub(super) fn style_hash() -> &'static str {
    static HASH: LazyLock<String> =
        LazyLock::new(|| format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, STYLE.as_bytes()))));
    &HASH
}

/// Is this payment yours?
pub(super) fn question(intent: &Intent) -> Response {
    let last4 = intent.card.as_ref().map_or("", |card| card.last4.as_str());
    let content = html! {
        h1 { "Is this payment yours?" }
        dl {
            dt { "Amount" }
            dd { (amount(intent)) }
            dt { "Card" }
            dd { "ending in " (last4) }
        }
        p { "Nothing is charged before you approve." }
        form method="post" {
            button.approve name="decision" value="approve" { "Approve" }
            button name="decision" value="refuse" { "Refuse" }
        }
    };
    respond(StatusCode::OK, "Is this payment yours?", &content)
}

/// There is nothing to decide any more.
pub(super) fn too_late(intent: &Intent, status: StatusCode) -> Response {
    let (title, explanation) = words(intent);
    let content = html! {
        h1 { (title) }
        p { (explanation) }
        @if let Some(address) = way_back(intent) {
            p { a.button href=(address) { "Back to the shop" } }
        } @else {
            p { "You can close this page." }
        }
    };
    respond(status, title, &content)
}

/// Decided, and there is nowhere to go.
pub(super) fn done() -> Response {
    let title = "Thank you";
    respond(StatusCode::OK, title, &html! { h1 { (title) } p { "You can close this page." } })
}

/// Nobody has asked.
pub(super) fn unknown() -> Response {
    let title = "We know of no such payment";
    let content = html! { h1 { (title) } p { "The address may be incomplete. Please go back to the shop." } };
    respond(StatusCode::NOT_FOUND, title, &content)
}

/// The page of another site has sent the form.
pub(super) fn foreign() -> Response {
    let title = "This form came from another site";
    respond(StatusCode::FORBIDDEN, title, &html! { h1 { (title) } p { "Nothing was decided." } })
}

/// Where the buyer goes from here.
pub(super) fn way_back(intent: &Intent) -> Option<String> {
    let return_url = intent.challenge.as_ref()?.return_url.as_ref()?;
    Some(return_url.for_intent(&intent.id, &intent.client_secret()))
}

fn words(intent: &Intent) -> (&'static str, &'static str) {
    match (intent.status, intent.decline) {
        (IntentStatus::RequiresAction, _) => ("The bank still asks", "Please open this page again."),
        (IntentStatus::RequiresCapture | IntentStatus::Succeeded, _) => {
            ("You have approved this payment", "There is nothing more to do here.")
        }
        (IntentStatus::Processing, _) => ("This payment is being processed", "There is nothing more to do here."),
        (IntentStatus::RequiresPaymentMethod, Some(Decline::AuthenticationFailed)) => {
            ("You have refused this payment", "Nothing was charged.")
        }
        (IntentStatus::RequiresPaymentMethod, _) => ("Your card was declined", "Nothing was charged."),
        (IntentStatus::Canceled, _) => {
            ("It is too late to decide about this payment", "The shop has cancelled it. You were not charged.")
        }
    }
}

/// `20.00 USD`: all our currencies have two decimals.
fn amount(intent: &Intent) -> String {
    format!("{}.{:02} {}", intent.amount / 100, intent.amount % 100, intent.currency.to_uppercase())
}

fn respond(status: StatusCode, title: &str, content: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " · Simulated bank" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { "Simulated bank: no money moves" }
                main { (content) }
            }
        }
    };
    (status, page).into_response()
}
