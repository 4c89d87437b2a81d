//! `POST /v1/refunds`

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use crate::api::{Api, Attempt, Reply};
use crate::domain::{NewRefund, Refusal, render_refund};
use crate::faults::Call;
use crate::form::Form;

pub(crate) async fn create(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Response {
    let faults = api.faults.clone();
    faults.afflict(Call::Refund, async move { perform(&api, &headers, &body).await.into_response() }).await
}

async fn perform(api: &Api, headers: &HeaderMap, body: &[u8]) -> Result<Reply, Refusal> {
    api.authorize(headers)?;
    let form = Form::parse(body);
    let attempt = Attempt::new(headers, "/v1/refunds", &form);
    let (amount, now) = (form.amount("amount")?, api.now());
    let id = form.required("payment_intent")?;
    // Taken once the request turns out to be none of the kind that is answered as before.
    let mut fate = None;
    api.change(Call::Refund, attempt, id, |intent, _| {
        let fate = *fate.get_or_insert_with(|| api.faults.take_refund_fate());
        let new = NewRefund { amount, reason: form.owned("reason"), metadata: form.metadata(), fate };
        let refund = intent.refund(new, now)?;
        Ok(render_refund(intent, &refund))
    })
    .await
}
