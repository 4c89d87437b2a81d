use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::{self, OrderId, TicketId, UserId};
use common::time::Timestamp;
use common::version::Versioned;
use ports::store::StoreError;
use runtime::http::PathId;
use runtime::session::SignedIn;
use runtime::store::Awaited;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{FileResponse, name_of, until_of};
use crate::barcodes::{Code, Symbology};
use crate::domain::{Admission, Handover, HandoverState, PlaceClaim, Role, Sealed, visible_seal};
use crate::error::DeliveryError;
use crate::intake::{PATIENCE, open_codes};
use crate::issuing::{IssuedCode, code_of};
use crate::state::DeliveryState;

/// What a buyer gets by an order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryResponse {
    order_id: OrderId,
    ticket_id: TicketId,
    state: DeliveryStateName,
    /// How it was promised when the order was made: `sealed`, `later` or `ours`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("sealed"))]
    mode: Option<&'static str>,
    /// By when it comes, if it was promised for later.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    /// Whether a code of the ticket is known. Only what is released says so.
    checked: bool,
    /// The codes of the ticket, once it is released.
    codes: Vec<CodeResponse>,
    /// Its file, once it is released, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<FileResponse>,
    /// When it was released.
    #[serde(skip_serializing_if = "Option::is_none")]
    released_at: Option<Timestamp>,
    /// When the buyer first looked at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_viewed_at: Option<Timestamp>,
    /// The listing by which its buyer sells it on, if they do and nobody has bought it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    offered_as: Option<TicketId>,
    /// When somebody went in with it, if it is issued here: then there is nothing to sell on.
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<Timestamp>,
}

/// How it stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeliveryState)]
enum DeliveryStateName {
    /// The order is not paid.
    Unpaid,
    /// The ticket is still to come.
    Waiting,
    /// The buyer has it.
    Released,
    /// It did not come in time: the buyer gets their money back.
    Missed,
    /// The order was cancelled after it was paid, or all of the money goes back or has gone back.
    TakenBack,
    /// Nothing was promised.
    NothingPromised,
    /// The buyer has sold it on, and what they had lets nobody in any more.
    Resold,
}

/// A code that lets its holder in.
#[derive(Debug, Serialize, ToSchema)]
struct CodeResponse {
    /// How it is drawn: `qr`, `aztec`, `pdf417` or `code128`.
    #[schema(value_type = String, examples("qr"))]
    symbology: Symbology,
    /// What it says.
    text: String,
}

impl From<Code> for CodeResponse {
    fn from(code: Code) -> Self {
        Self { symbology: code.symbology, text: code.text }
    }
}

impl From<IssuedCode> for CodeResponse {
    fn from(code: IssuedCode) -> Self {
        Self { symbology: Symbology::Qr, text: code.text }
    }
}

impl From<HandoverState> for DeliveryStateName {
    fn from(state: HandoverState) -> Self {
        match state {
            HandoverState::Unpaid => Self::Unpaid,
            HandoverState::Waiting => Self::Waiting,
            HandoverState::Released => Self::Released,
            HandoverState::Missed => Self::Missed,
            HandoverState::TakenBack => Self::TakenBack,
            HandoverState::NothingPromised => Self::NothingPromised,
        }
    }
}

/// Shows the buyer of an order what they get, and once it is released, the ticket itself.
///
/// That they have looked at it is recorded, the first time. Once the order is cancelled, or all of their money goes back,
/// nothing of the ticket is shown any more.
#[utoipa::path(
    get,
    path = "/api/deliveries/orders/{id}",
    tag = crate::NAME,
    operation_id = "getDelivery",
    security(("session" = [])),
    params(("id" = id::OrderId, Path, description = "The order")),
    responses(
        (status = 200, description = "How it stands", body = DeliveryResponse),
        (status = 401, description = "Not signed in, or not the buyer", body = ErrorBody),
        (status = 404, description = "There is no such order", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn get_delivery(
    State(state): State<DeliveryState>,
    SignedIn(session): SignedIn,
    PathId(order): PathId<id::Order>,
) -> Result<Json<DeliveryResponse>, DeliveryError> {
    let handover = handover_of_buyer(&state, order, session.user_id).await?;
    if handover.is_ours() {
        return Ok(Json(issued(&state, handover).await?));
    }
    let admission = state.admissions.get(handover.ticket).await?;
    let visible = admission.as_ref().and_then(|admission| visible_to(session.user_id, &handover, admission));
    let handover = if visible.is_some() { viewed(&state, handover).await } else { handover };
    let codes = visible.and_then(|sealed| sealed.what.codes.as_ref());
    let codes = codes.map(|codes| open_codes(state.vault.keys(), handover.ticket, codes)).transpose()?;
    let (released_at, first_viewed_at) = visible.map(|_| handover.released_at()).unwrap_or_default();
    Ok(Json(DeliveryResponse {
        order_id: handover.id,
        ticket_id: handover.ticket,
        state: handover.state().into(),
        mode: handover.promise.as_ref().map(name_of),
        until: handover.promise.as_ref().and_then(until_of),
        checked: visible.is_some_and(Sealed::is_checked),
        codes: codes.unwrap_or_default().into_iter().map(Into::into).collect(),
        file: visible.and_then(|sealed| sealed.what.file.as_ref()).map(Into::into),
        released_at,
        first_viewed_at,
        offered_as: None,
        used_at: None,
    }))
}

/// What its buyer gets that we issue. The code is made when they ask for it.
async fn issued(state: &DeliveryState, handover: Versioned<Handover>) -> Result<DeliveryResponse, DeliveryError> {
    let code = code_of(state, &handover).await?;
    let handover = if code.is_some() { viewed(state, handover).await } else { handover };
    let offered_as = if code.is_some() { offered_as(state, handover.id).await? } else { None };
    let is_resold = code.is_none() && handover.released().is_some();
    let (released_at, first_viewed_at) = code.as_ref().map(|_| handover.released_at()).unwrap_or_default();
    Ok(DeliveryResponse {
        order_id: handover.id,
        ticket_id: handover.ticket,
        state: if is_resold { DeliveryStateName::Resold } else { handover.state().into() },
        mode: handover.promise.as_ref().map(name_of),
        until: None,
        checked: code.is_some(),
        used_at: code.as_ref().and_then(|code| code.used_at),
        codes: code.map(CodeResponse::from).into_iter().collect(),
        file: None,
        released_at,
        first_viewed_at,
        offered_as,
    })
}

/// The listing of the place that an order has.
async fn offered_as(state: &DeliveryState, order: OrderId) -> Result<Option<TicketId>, StoreError> {
    let claim = state.codes.get(PlaceClaim::OfOrder(order)).await?;
    Ok(claim.and_then(|claim| claim.holder()))
}

/// The handover of an order, for its buyer.
pub(super) async fn handover_of_buyer(
    state: &DeliveryState,
    order: OrderId,
    buyer: UserId,
) -> Result<Versioned<Handover>, DeliveryError> {
    let handover = match state.handovers.await_record(order, PATIENCE).await? {
        Awaited::Found(handover) => handover,
        Awaited::NotYet => return Err(DeliveryError::NotHeardYet),
        Awaited::Unknown => return Err(DeliveryError::NotFound),
    };
    if handover.buyer == Some(buyer) { Ok(handover) } else { Err(DeliveryError::NotTheOwner) }
}

/// What the buyer sees.
pub(super) fn visible_to<'a>(buyer: UserId, handover: &Handover, admission: &'a Admission) -> Option<&'a Sealed> {
    admission.sealed(visible_seal(buyer, Role::Buyer(handover), admission)?)
}

/// Records that the buyer looks at it, if nobody has before. They see it in any case.
pub(super) async fn viewed(state: &DeliveryState, handover: Versioned<Handover>) -> Versioned<Handover> {
    if handover.released_at().1.is_some() {
        return handover;
    }
    let viewed =
        state.handovers.update(handover.id, |handover, context| Ok::<_, StoreError>(handover.view(context.now)));
    match viewed.await {
        Ok(Some(viewed)) => viewed.aggregate,
        Ok(None) => handover,
        Err(error) => {
            tracing::warn!(%error, "it is not recorded that a buyer has seen their ticket");
            handover
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::{CancelReason, DeliveryReleased};
    use common::version::Version;
    use serde_json::json;

    use crate::service_testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_buyer_sees_the_ticket_once_it_is_paid_and_the_seller_no_more() {
        let app = start().await;
        let (seller, buyer, eve) = (app.user(), app.user(), app.user());
        let ticket = app.sealed(&seller, "A1").await;
        let order = app.order(&buyer, &ticket);
        app.publish("orders", &order).await;
        app.settle().await;
        let unpaid = json!({
            "orderId": order.id, "ticketId": ticket.id, "state": "unpaid", "mode": "sealed", "checked": false, "codes": [],
        });
        assert_eq!(app.delivery(&buyer, order.id).await.body, unpaid);
        assert_eq!(app.delivered_file(&buyer, order.id).await.status, 404);
        assert_eq!(app.sealed_file(&seller, &ticket).await.status, 200);

        let released_at = app.clock.now();
        for _ in 0..2 {
            app.publish("orders", &order_completed(&order)).await;
        }
        app.settle().await;
        app.clock.advance(Duration::from_secs(5));
        let released = json!({
            "orderId": order.id, "ticketId": ticket.id, "state": "released", "mode": "sealed", "checked": true,
            "codes": [{"symbology": "qr", "text": "A1"}], "file": {"kind": "pdf", "bytes": 17},
            "releasedAt": moment(released_at), "firstViewedAt": moment(app.clock.now()),
        });
        assert_eq!(app.delivery(&buyer, order.id).await.body, released);
        app.clock.advance(Duration::from_secs(5));
        assert_eq!(app.delivery(&buyer, order.id).await.body, released, "it is the first look that counts");
        let event =
            DeliveryReleased { order_id: order.id, version: Version(1), ticket_id: ticket.id, user_id: buyer.id };
        assert_eq!(app.published::<DeliveryReleased>().await, [event]);

        let file = app.delivered_file(&buyer, order.id).await;
        assert_eq!((file.status, file.body), (200, json!("%PDF-1.7\nCODE=A1\n")));
        let disposition = format!("attachment; filename=\"ticket-{}.pdf\"", order.id);
        for (header, value) in [
            ("content-type", "application/pdf"),
            ("content-length", "17"),
            ("content-disposition", disposition.as_str()),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(file.headers[header], value);
        }
        assert_eq!(app.sealed_file(&seller, &ticket).await.status, 404, "it is sold");
        assert_eq!(app.sealing(&seller, &ticket).await.body["state"], "sold");
        let refused = app.upload(&seller, &ticket, pdf("CODE=B2")).await;
        assert_eq!((refused.status, refused.codes()), (400, vec!["ticket_sold"]));
        for other in [&seller, &eve] {
            assert_eq!(app.delivery(other, order.id).await.status, 401);
            assert_eq!(app.delivered_file(other, order.id).await.status, 401);
        }
        assert_eq!(app.get(&format!("/api/deliveries/orders/{}", order.id)).send().await.status, 401);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_refunded_is_taken_back() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let ticket = app.sealed(&seller, "A1").await;
        let order = app.bought(&buyer, &ticket).await;
        assert_eq!(app.delivery(&buyer, order.id).await.body["state"], "released");
        app.publish("orders", &cancellation(&order, 2, CancelReason::LatePayment)).await;
        app.settle().await;
        let taken = app.delivery(&buyer, order.id).await.body;
        assert_eq!(
            (&taken["state"], &taken["codes"], &taken["file"]),
            (&json!("taken_back"), &json!([]), &json!(null))
        );
        assert_eq!(app.delivered_file(&buyer, order.id).await.status, 404);
        assert_eq!(app.sealed_file(&seller, &ticket).await.status, 404, "nor is it the seller's again");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_of_a_listing_that_promised_nothing_gets_nothing() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let ticket = app.listed(&seller, None).await;
        let refused = app.upload(&seller, &ticket, pdf("CODE=A1")).await;
        assert_eq!((refused.status, refused.codes()), (400, vec!["nothing_promised"]));
        let order = app.bought(&buyer, &ticket).await;
        let delivery = app.delivery(&buyer, order.id).await.body;
        let nothing = json!({
            "orderId": order.id, "ticketId": ticket.id, "state": "nothing_promised", "checked": false, "codes": [],
        });
        assert_eq!(delivery, nothing);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_or_a_ticket_that_is_not_there_is_not_found() {
        let app = start().await;
        let user = app.user();
        for path in ["/api/deliveries/orders/", "/api/deliveries/tickets/"] {
            for id in ["5f1f77bcf86cd799439011aa", "abc"] {
                for end in ["", "/file"] {
                    let reply = app.get(&format!("{path}{id}{end}")).by(&user).send().await;
                    assert_eq!(reply.status, 404, "{path}{id}{end}");
                }
            }
        }
    }

    /// Whoever changes what is stored gets no part of it passed as a whole.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_that_is_cut_off_breaks_the_answer() {
        use http_body_util::BodyExt;
        use object_store::{ObjectStore, ObjectStoreExt};
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let mut ticket = app.listed(&seller, sealed(0)).await;
        let mut file = pdf("CODE=A1");
        file.resize(1_500_000, b' ');
        assert_eq!(app.upload(&seller, &ticket, file).await.status, 200);
        app.change(&mut ticket, |ticket| ticket.details.delivery = sealed(1)).await;
        let order = app.bought(&buyer, &ticket).await;
        let stored = app.stored().await.pop().expect("one file");
        let listed: Vec<_> = futures_util::TryStreamExt::try_collect(app.files.list(None)).await.expect("lists");
        app.files.put(&listed[0].location, stored[..1_400_000].to_vec().into()).await.expect("writes");
        let path = format!("/api/deliveries/orders/{}/file", order.id);
        let response = app.get(&path).by(&buyer).open().await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-length"]),
            (200, &"1500000".parse().expect("a value"))
        );
        assert!(response.into_body().collect().await.is_err(), "it is not whole");
        app.files.delete(&listed[0].location).await.expect("deletes");
        let gone = app.delivered_file(&buyer, order.id).await;
        assert_eq!((gone.status, gone.codes()), (410, vec!["file_lost"]));
    }
}
