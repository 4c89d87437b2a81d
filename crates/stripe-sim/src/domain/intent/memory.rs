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
        self.has_undelivered = !self.undelivered.is_empty();
    }

    /// Removes all webhooks, for accounts without a webhook endpoint.
    pub(crate) fn forget_webhooks(&mut self) {
        self.undelivered.clear();
        self.has_undelivered = false;
    }

    pub(super) fn queue_status_webhook(&mut self, now: i64) {
        let kind = match self.status {
            IntentStatus::RequiresPaymentMethod => "payment_intent.payment_failed",
            IntentStatus::RequiresAction => "payment_intent.requires_action",
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
        self.has_undelivered = true;
    }
}
