use common::id::Payment;
use ports::store::{Conflict, StoreError};

use super::{Api, Attempt, Reply, answered_elsewhere};
use crate::domain::{
    CaptureMethod, Card, Intent, JsonResponse, NewIntent, Refusal, ReturnUrl, UsedBefore, client_secret,
};
use crate::faults::{Call, Moment};
use crate::idempotency::client_secret_of;

/// What a merchant says about a new intent.
pub(crate) struct CreateIntent {
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) capture_method: CaptureMethod,
    pub(crate) metadata: Vec<(String, String)>,
    /// Refuse instead of asking the holder to authenticate.
    pub(crate) error_on_requires_action: bool,
    /// Where the holder goes after that.
    pub(crate) return_url: Option<ReturnUrl>,
    /// What pays.
    pub(crate) token: String,
}

impl Api {
    /// Creates a confirmed intent.
    pub(crate) async fn create(&self, attempt: Attempt, request: CreateIntent) -> Result<Reply, Refusal> {
        let _in_use = self.enter(&attempt)?;
        let fresh = format!("pi_{}", self.ids.next::<Payment>(self.clock.now()));
        let known = self.remembered(&attempt, fresh).await?;
        if let Some(reply) = self.replay(&attempt, &known).await? {
            return Ok(reply);
        }
        let breakdown = self.faults.take_breakdown(Call::CreateIntent);
        if breakdown == Some(Moment::Before) {
            return self.keep(&attempt, Refusal::broken_down().response()).await;
        }
        let card = self.take_card(&request.token, &known.intent).await?;
        let new = self.new_intent(known.intent, request);
        let mut intent = Intent::confirm(new, card, self.faults.take_slow_bank(), self.now());
        let response = match (breakdown, intent.decline) {
            (Some(_), _) => Refusal::broken_down().response(),
            (None, None) => JsonResponse::ok(&attempt.show(&intent)),
            (None, Some(decline)) => Refusal::declined(decline).response_about(&intent),
        };
        intent.remember(attempt.key.as_deref(), &response);
        self.keep_webhooks_only_if_wanted(&mut intent);
        let id = intent.id.clone();
        match self.intents.insert(intent, &()).await {
            Ok(_) => {}
            // Another instance on the same store was faster with the same request.
            Err(StoreError::Conflict(Conflict::Exists)) => {
                let theirs = self.intents.get(&id).await?.ok_or_else(Refusal::key_in_use)?;
                return answered_elsewhere(&attempt, &theirs.value);
            }
            Err(error) => return Err(error.into()),
        }
        self.wake.notify_one();
        Ok(Reply::first(response))
    }

    fn new_intent(&self, id: String, request: CreateIntent) -> NewIntent {
        let secret = client_secret_of(&id, &self.settings);
        let bank_page = self.settings.bank.page(request.return_url.as_ref(), &client_secret(&id, &secret));
        NewIntent {
            id,
            secret,
            amount: request.amount,
            currency: request.currency,
            capture_method: request.capture_method,
            metadata: request.metadata,
            error_on_requires_action: request.error_on_requires_action,
            return_url: request.return_url,
            bank_page,
        }
    }

    async fn take_card(&self, token: &str, intent: &str) -> Result<Card, Refusal> {
        if let Some(card) = Card::of_test_token(token) {
            return Ok(card);
        }
        let used_before = |UsedBefore| {
            let message = format!("You cannot use a Stripe token more than once: {token}.");
            Refusal::invalid("payment_method_data[card][token]", "token_already_used", &message)
        };
        let claimed = self.tokens.update(token, |stored, _| stored.claim(intent).map_err(used_before)).await?;
        match claimed {
            Some(claimed) => Ok(claimed.aggregate.value.card),
            None => {
                let message = format!("No such token: '{token}'");
                Err(Refusal::invalid("payment_method_data[card][token]", "resource_missing", &message))
            }
        }
    }
}
