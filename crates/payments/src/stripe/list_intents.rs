use std::time::Duration;

use serde::Serialize;
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::authorize::Authorize;
use super::failure::CallError;
use super::objects::{Intent, Intents};

/// How far Stripe's clock may be behind ours.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);

/// `GET /v1/payment_intents`, the newest first.
#[derive(Serialize)]
struct ListIntents<'a> {
    created: From,
    /// The most that Stripe gives at once.
    limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a str>,
    expand: [&'static str; 1],
}

/// In seconds since 1970.
#[derive(Serialize)]
struct From {
    gte: i64,
}

impl Stripe {
    /// The intent that was made for this attempt, if there is one. For attempts whose call Stripe has ended with a
    /// failure: one that may still be on its way could come later. Stripe's search by metadata lags behind; the list
    /// does not.
    pub(super) async fn find_made(&self, request: &Authorize<'_>) -> Result<Option<Intent>, CallError> {
        let (payment, attempt) = (request.payment_id.to_string(), request.attempt.to_string());
        let is_made_for = |intent: &Intent| {
            intent.note("payment_id") == Some(payment.as_str()) && intent.note("attempt") == Some(attempt.as_str())
        };
        let gte = (request.since - CLOCKS_DIFFER).as_secs();
        let mut after: Option<String> = None;
        loop {
            let page = ListIntents {
                created: From { gte },
                limit: 100,
                starting_after: after.as_deref(),
                expand: ["data.latest_charge"],
            };
            let Intents { data, has_more } = self.read("stripe find attempt", &page).await?;
            let last = data.last().map(|intent| intent.id.clone());
            if let Some(found) = data.into_iter().find(is_made_for) {
                return Ok(Some(found));
            }
            after = match last {
                Some(last) if has_more => Some(last),
                Some(_) | None => return Ok(None),
            };
        }
    }
}

impl StripeRequest for ListIntents<'_> {
    type Output = Intents;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Get, "/payment_intents").query(self)
    }
}
