use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::state::PaymentsState;

/// What a page needs to take a card.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentConfigResponse {
    /// The key to use at Stripe; `null` if cards are not taken by Stripe's own script.
    #[schema(example = "pk_test_simulated")]
    publishable_key: Option<String>,
    /// Whether no real money moves.
    test_mode: bool,
}

/// How cards are taken here.
///
/// With a publishable key, by Stripe's own script, which gives tokens for cards. Without one, the names of Stripe's test
/// cards are tokens as they are, and no money moves.
#[utoipa::path(
    get, path = "/api/payments/config", tag = "payments", operation_id = "getPaymentConfig",
    responses((status = 200, description = "The configuration", body = PaymentConfigResponse))
)]
pub(crate) async fn get_config(State(state): State<PaymentsState>) -> Json<PaymentConfigResponse> {
    let settings = &state.settings;
    Json(PaymentConfigResponse {
        publishable_key: settings.publishable_key.as_ref().map(|key| key.as_str().to_owned()),
        test_mode: settings.stripe_secret_key.is_test(),
    })
}

#[cfg(test)]
mod tests {
    use harness::Harness;
    use serde_json::json;

    use crate::{Settings, definition};

    #[tokio::test(flavor = "multi_thread")]
    async fn pages_learn_the_publishable_key_and_never_the_secret_one() {
        let settings = Settings { publishable_key: Some("pk_test_1".parse().expect("a key")), ..Settings::default() };
        let app = Harness::start(definition(settings)).await;
        let reply = app.get("/api/payments/config").send().await;
        assert_eq!((reply.status, reply.body), (200, json!({"publishableKey": "pk_test_1", "testMode": true})));

        let live = Settings { stripe_secret_key: "sk_live_1".parse().expect("a key"), ..Settings::default() };
        let app = Harness::start(definition(live)).await;
        let reply = app.get("/api/payments/config").send().await;
        assert_eq!(reply.body, json!({"publishableKey": null, "testMode": false}));
    }
}
