//! What an intent records besides its money: the responses it gave, and the webhooks still to be delivered.

use super::{Intent, IntentStatus};
use crate::domain::event::WebhookEvent;
use crate::domain::render::render_intent;
use crate::domain::response::JsonResponse;

impl Intent {
    /// The response to an earlier request with this idempotency key.
    pub(crate) fn response_to(&self, key: &str) -> Option<&JsonResponse> {
        self.responses.iter().find(|(known, _)| known == key).map(|(_, response)| response)
    }

    pub(crate) fn remember(&mut self, key: Option<&str>, response: &JsonResponse) {
        self.responses.extend(key.map(|key| (key.to_owned(), response.clone())));
    }

    /// Removes a delivered webhook.
    pub(crate) fn delivered(&mut self, event: &str) {
        self.undelivered.retain(|waiting| waiting.id != event);
        self.update_unfinished();
    }

    /// Removes all webhooks, for accounts without a webhook endpoint.
    pub(crate) fn forget_webhooks(&mut self) {
        self.undelivered.clear();
        self.update_unfinished();
    }

    /// The id of its charge, should it have one.
    pub(crate) fn charge_id(&self) -> String {
        self.id.replacen("pi_", "ch_", 1)
    }

    /// What browsers prove with that the intent is theirs.
    pub(crate) fn client_secret(&self) -> String {
        client_secret(&self.id, &self.secret)
    }

    pub(super) fn update_unfinished(&mut self) {
        self.is_unfinished = !self.undelivered.is_empty() || self.settlements().next().is_some();
    }

    pub(super) fn queue_status_webhook(&mut self, now: i64) {
        let kind = match self.status {
            IntentStatus::RequiresPaymentMethod => "payment_intent.payment_failed",
            IntentStatus::RequiresAction => "payment_intent.requires_action",
            IntentStatus::Processing => "payment_intent.processing",
            IntentStatus::RequiresCapture => "payment_intent.amount_capturable_updated",
            IntentStatus::Succeeded => "payment_intent.succeeded",
            IntentStatus::Canceled => "payment_intent.canceled",
        };
        self.queue_webhook(kind, now);
    }

    pub(super) fn queue_webhook(&mut self, kind: &str, now: i64) {
        self.queue_webhook_about(kind, &render_intent(self), now);
    }

    pub(super) fn queue_webhook_about(&mut self, kind: &str, object: &serde_json::Value, now: i64) {
        let id = format!("evt_{}_{}", self.id.trim_start_matches("pi_"), self.events);
        self.undelivered.push(WebhookEvent::new(id, kind, object, now));
        self.events += 1;
        self.update_unfinished();
    }
}

/// The client secret of the intent `id`, whose secret is `secret`.
pub(crate) fn client_secret(id: &str, secret: &str) -> String {
    format!("{id}_secret_{secret}")
}

/// The intent that a client secret belongs to.
pub(crate) fn intent_of_client_secret(client_secret: &str) -> Option<&str> {
    client_secret.split_once("_secret_").map(|(id, _)| id)
}
