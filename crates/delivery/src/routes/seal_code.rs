use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id;
use common::shown_text::is_all_seen;
use runtime::http::{Invalid, JsonBody, PathId, Validator};
use runtime::session::SignedIn;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::dto::SealingResponse;
use crate::barcodes::{Code, MAX_TEXT, Symbology};
use crate::error::DeliveryError;
use crate::intake::take_code;
use crate::state::DeliveryState;

/// The text of a ticket's code, as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct SealCodeRequest {
    /// What the code says, letter by letter.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1)]
    code: Value,
    /// How it is drawn: `qr`, `aztec`, `pdf417` or `code128`; `qr` unless told otherwise.
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("qr"))]
    symbology: Value,
}

impl SealCodeRequest {
    fn parse(&self) -> Result<Code, DeliveryError> {
        let mut validator = Validator::default();
        let text = self.code.as_str().map(str::trim).filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| Invalid(vec!["Code must be provided".into()]));
        let text = validator.take("code", text.and_then(short_enough).and_then(all_seen));
        let symbology = match &self.symbology {
            Value::Null => Ok(Symbology::Qr),
            other => Symbology::deserialize(other)
                .map_err(|_| Invalid(vec!["Symbology must be qr, aztec, pdf417 or code128".into()])),
        };
        match (text, validator.take("symbology", symbology)) {
            (Some(text), Some(symbology)) => {
                let code = Code { symbology, text: text.to_owned() };
                let code = validator.take("code", drawable(code));
                code.ok_or(DeliveryError::Invalid(validator))
            }
            _ => Err(DeliveryError::Invalid(validator)),
        }
    }
}

fn short_enough(text: &str) -> Result<&str, Invalid> {
    if text.len() <= MAX_TEXT { Ok(text) } else { Err(Invalid(vec!["Code is too long".into()])) }
}

/// It would count as checked, and its buyer would stand at the door without a code.
fn drawable(code: Code) -> Result<Code, Invalid> {
    let message =
        "Code does not fit into this kind of code: it is too long for it, or has letters that it does not have";
    if code.can_be_drawn() { Ok(code) } else { Err(Invalid(vec![message.into()])) }
}

/// A variant of a listed code that looks the same would pass as another.
fn all_seen(text: &str) -> Result<&str, Invalid> {
    let message = "Code must be the letters that a scanner reads: it has characters that cannot be seen";
    if is_all_seen(text) { Ok(text) } else { Err(Invalid(vec![message.into()])) }
}

/// Gives us the text of the ticket's code.
///
/// If a file was given to us in which no code could be read, it is that file's; else it is the whole ticket, until a file
/// comes.
#[utoipa::path(
    put,
    path = "/api/deliveries/tickets/{id}/code",
    tag = crate::NAME,
    operation_id = "sealCode",
    security(("session" = [])),
    params(("id" = id::TicketId, Path, description = "The listing")),
    request_body = SealCodeRequest,
    responses(
        (status = 200, description = "It is taken", body = SealingResponse),
        (status = 400, description = "There is no code in the request, or nothing is taken now", body = ErrorBody),
        (status = 401, description = "Not signed in, or not the seller", body = ErrorBody),
        (status = 404, description = "There is no such ticket", body = ErrorBody),
        (status = 409, description = "The ticket is listed here already, or was sold here (`code_listed`), or its seller has replaced it in another listing and it is not free yet (`code_being_freed`)", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn seal_code(
    State(state): State<DeliveryState>,
    SignedIn(session): SignedIn,
    PathId(ticket): PathId<id::Ticket>,
    JsonBody(request): JsonBody<SealCodeRequest>,
) -> Result<Json<SealingResponse>, DeliveryError> {
    let admission = take_code(&state, ticket, session.user_id, request.parse()?).await?;
    Ok(Json(SealingResponse::from(&admission.value)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::service_testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_typed_code_stays_that_of_the_file_in_which_none_can_be_read() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let mut ticket = app.listed(&seller, sealed(0)).await;
        assert_eq!(app.type_code(&seller, &ticket, json!({"code": "A1"})).await.status, 200);
        let reply = app.upload(&seller, &ticket, pdf("no code")).await;
        assert_eq!((reply.status, &reply.body["codes"], &reply.body["checked"]), (200, &json!(1), &json!(true)));
        app.change(&mut ticket, |ticket| ticket.details.delivery = sealed(2)).await;
        // Another has neither of them.
        let (eve, file) = (app.user(), pdf("no code"));
        let other = app.listed(&eve, sealed(0)).await;
        assert_eq!(app.type_code(&eve, &other, json!({"code": "A1"})).await.codes(), ["code_listed"]);
        assert_eq!(app.upload(&eve, &other, file).await.codes(), ["file_listed"]);
        let delivery = app.delivery(&buyer, app.bought(&buyer, &ticket).await.id).await.body;
        assert_eq!((&delivery["codes"][0]["text"], &delivery["file"]["kind"]), (&json!("A1"), &json!("pdf")));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_read_from_a_file_takes_the_place_of_what_was_typed() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let mut ticket = app.listed(&seller, sealed(0)).await;
        assert_eq!(app.type_code(&seller, &ticket, json!({"code": "A1"})).await.status, 200);
        assert_eq!(app.upload(&seller, &ticket, pdf("CODE=B2")).await.body["codes"], json!(1));
        app.change(&mut ticket, |ticket| ticket.details.delivery = sealed(2)).await;
        let delivery = app.delivery(&buyer, app.bought(&buyer, &ticket).await.id).await.body;
        assert_eq!(delivery["codes"], json!([{"symbology": "qr", "text": "B2"}]));
        // Who types what was read from their file keeps that.
        let mut both = app.listed(&seller, sealed(0)).await;
        assert_eq!(app.upload(&seller, &both, pdf("CODE=D4")).await.body["codes"], json!(1));
        assert_eq!(app.type_code(&seller, &both, json!({"code": "D4"})).await.status, 200);
        app.change(&mut both, |ticket| ticket.details.delivery = sealed(2)).await;
        let delivery = app.delivery(&buyer, app.bought(&buyer, &both).await.id).await.body;
        assert_eq!((&delivery["codes"][0]["text"], &delivery["file"]["kind"]), (&json!("D4"), &json!("pdf")));
        // Nor is the code of one file that of another.
        let mut again = app.listed(&seller, sealed(0)).await;
        assert_eq!(app.upload(&seller, &again, pdf("CODE=C3")).await.body["codes"], json!(1));
        assert_eq!(app.upload(&seller, &again, pdf("no code")).await.body["codes"], json!(0));
        app.change(&mut again, |ticket| ticket.details.delivery = sealed(2)).await;
        let delivery = app.delivery(&buyer, app.bought(&buyer, &again).await.id).await.body;
        assert_eq!(delivery["codes"], json!([]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_typed_code_is_that_of_the_file_in_which_none_could_be_read() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let mut ticket = app.listed(&seller, sealed(0)).await;
        app.upload(&seller, &ticket, pdf("no code")).await;
        let reply = app.type_code(&seller, &ticket, json!({"code": " A1 ", "symbology": "code128"})).await;
        assert_eq!((reply.status, &reply.body["pendingSeal"], &reply.body["checked"]), (200, &json!(2), &json!(true)));
        assert_eq!(reply.body["file"]["kind"], "pdf");
        app.change(&mut ticket, |ticket| ticket.details.delivery = sealed(2)).await;
        // The one before goes, and the file stays.
        app.clock.advance(HOUR);
        app.settle().await;
        let order = app.bought(&buyer, &ticket).await;
        let delivery = app.delivery(&buyer, order.id).await.body;
        assert_eq!(delivery["codes"], json!([{"symbology": "code128", "text": "A1"}]));
        assert_eq!(app.delivered_file(&buyer, order.id).await.body, "%PDF-1.7\nno code\n");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_code_alone_is_a_ticket() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let mut ticket = app.listed(&seller, sealed(0)).await;
        assert_eq!(app.type_code(&seller, &ticket, json!({"code": "A1"})).await.status, 200);
        app.change(&mut ticket, |ticket| ticket.details.delivery = sealed(1)).await;
        let order = app.bought(&buyer, &ticket).await;
        let delivery = app.delivery(&buyer, order.id).await.body;
        assert_eq!((&delivery["state"], &delivery["file"]), (&json!("released"), &json!(null)));
        assert_eq!(delivery["codes"], json!([{"symbology": "qr", "text": "A1"}]));
        assert_eq!(app.delivered_file(&buyer, order.id).await.status, 404);
        assert!(!app.everything_kept().await.contains("\"A1\""));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_no_code_is_refused() {
        let app = start().await;
        let seller = app.user();
        let ticket = app.listed(&seller, sealed(0)).await;
        let long = "x".repeat(crate::barcodes::MAX_TEXT + 1);
        for body in [
            json!({}),
            json!({"code": ""}),
            json!({"code": "  "}),
            json!({"code": 12}),
            json!({"code": long}),
            json!({"code": "A1\u{200B}"}),
            json!({"code": "\u{FEFF}A1"}),
            json!({"code": "A\u{202E}1"}),
            json!({"code": "A\u{1}1"}),
            json!({"code": "A1", "symbology": "ean13"}),
            json!({"code": "A1", "symbology": 1}),
            json!({"code": "x".repeat(3_000)}),
            json!({"code": "Stra\u{df}e", "symbology": "code128"}),
            json!({"code": "x".repeat(81), "symbology": "code128"}),
            json!({"code": "x".repeat(501), "symbology": "aztec"}),
            json!({"code": "x".repeat(501), "symbology": "pdf417"}),
        ] {
            assert_eq!(app.type_code(&seller, &ticket, body.clone()).await.status, 400, "{body}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_code_is_in_one_listing_until_that_is_withdrawn() {
        let app = start().await;
        let (ada, bob) = (app.user(), app.user());
        let mut first = app.sealed(&ada, "A1").await;
        for (seller, other) in [(&ada, app.listed(&ada, sealed(0)).await), (&bob, app.listed(&bob, sealed(0)).await)] {
            let refused = app.upload(seller, &other, pdf("CODE=A1")).await;
            assert_eq!((refused.status, refused.codes()), (409, vec!["code_listed"]));
            let refused = app.type_code(seller, &other, json!({"code": "A1"})).await;
            assert_eq!((refused.status, refused.codes()), (409, vec!["code_listed"]));
            assert_eq!(app.stored().await.len(), 1, "what was refused is gone");
        }
        assert_eq!(app.upload(&ada, &first, pdf("CODE=A1")).await.status, 200, "it is hers");
        app.change(&mut first, |ticket| ticket.withdrawn = true).await;
        let again = app.listed(&bob, sealed(0)).await;
        assert_eq!(app.upload(&bob, &again, pdf("CODE=A1")).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_those_who_give_one_code_at_once_one_is_taken() {
        let app = start().await;
        let mut tickets = Vec::new();
        for _ in 0..8 {
            let seller = app.user();
            let ticket = app.listed(&seller, sealed(0)).await;
            tickets.push((seller, ticket));
        }
        let codes = tickets.iter().map(|(seller, ticket)| app.type_code(seller, ticket, json!({"code": "A1"})));
        let replies = futures_util::future::join_all(codes).await;
        let taken = replies.iter().filter(|reply| reply.status == 200).count();
        let refused = replies.iter().filter(|reply| reply.status == 409).count();
        assert_eq!((taken, refused), (1, 7), "{replies:?}");
    }
}
