//! How an intent comes by its money: the card, and what the bank says about it.

use super::{Authentication, CaptureMethod, Intent, IntentStatus, NewIntent, Processed};
use crate::domain::card::{Behaviour, Card, Decline};
use crate::domain::challenge::Challenge;
use crate::domain::refusal::Refusal;

/// What the bank says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Granted,
    Declined(Decline),
    AsksTheBuyer,
    IsThinking,
}

impl Intent {
    /// A new intent, confirmed at once with `card`. While the bank thinks about it, it is `processing`.
    pub(crate) fn confirm(new: NewIntent, card: Card, bank_thinks: bool, now: i64) -> Self {
        let verdict = if bank_thinks { Verdict::IsThinking } else { first_verdict(&card, &new) };
        let asks = verdict == Verdict::AsksTheBuyer;
        let challenge = asks.then_some(Challenge { url: new.bank_page, return_url: new.return_url });
        let mut intent = Self {
            id: new.id,
            created: now,
            amount: new.amount,
            currency: new.currency,
            capture_method: new.capture_method,
            metadata: new.metadata,
            status: IntentStatus::RequiresPaymentMethod,
            decline: None,
            captured: 0,
            canceled_at: None,
            cancellation_reason: None,
            refunds: Vec::new(),
            responses: Vec::new(),
            events: 0,
            undelivered: Vec::new(),
            is_unfinished: false,
            secret: new.secret,
            card: Some(card),
            challenge,
            has_charge: false,
            dispute: None,
        };
        intent.queue_webhook("payment_intent.created", now);
        intent.apply(verdict, now);
        intent
    }

    /// The buyer has told the bank.
    pub(crate) fn authenticate(&mut self, told: Authentication, now: i64) -> Result<(), Refusal> {
        if self.status != IntentStatus::RequiresAction {
            return Err(Refusal::unexpected_state("authenticated", self.status));
        }
        let behaviour = self.card.as_ref().map(|card| card.behaviour);
        let verdict = match (told, behaviour) {
            (Authentication::Refused, _) => Verdict::Declined(Decline::AuthenticationFailed),
            (_, Some(Behaviour::DeclinedAfterAuthentication { decline })) => Verdict::Declined(decline),
            (Authentication::Approved, _) => Verdict::Granted,
        };
        self.apply(verdict, now);
        Ok(())
    }

    /// The bank has thought about it.
    pub(crate) fn finish_processing(&mut self, processed: Processed, now: i64) -> Result<(), Refusal> {
        if self.status != IntentStatus::Processing {
            return Err(Refusal::unexpected_state("processed", self.status));
        }
        let verdict = match processed {
            Processed::Granted => Verdict::Granted,
            Processed::Declined => Verdict::Declined(Decline::Generic),
        };
        self.apply(verdict, now);
        Ok(())
    }

    fn apply(&mut self, verdict: Verdict, now: i64) {
        self.status = match (verdict, self.capture_method) {
            (Verdict::Granted, CaptureMethod::Manual) => IntentStatus::RequiresCapture,
            (Verdict::Granted, CaptureMethod::Automatic) => IntentStatus::Succeeded,
            (Verdict::Declined(_), _) => IntentStatus::RequiresPaymentMethod,
            (Verdict::AsksTheBuyer, _) => IntentStatus::RequiresAction,
            (Verdict::IsThinking, _) => IntentStatus::Processing,
        };
        match verdict {
            Verdict::Granted => self.has_charge = true,
            Verdict::Declined(decline) => {
                self.has_charge = decline.is_of_a_charge();
                self.decline = Some(decline);
            }
            Verdict::AsksTheBuyer | Verdict::IsThinking => {}
        }
        match self.status {
            IntentStatus::Succeeded => self.take(self.amount, now),
            _ => self.queue_status_webhook(now),
        }
    }
}

fn first_verdict(card: &Card, new: &NewIntent) -> Verdict {
    match card.behaviour {
        Behaviour::Good | Behaviour::RefundsPend | Behaviour::RefundsFail | Behaviour::IsDisputed => Verdict::Granted,
        Behaviour::Declined { decline } => Verdict::Declined(decline),
        Behaviour::NeedsAuthentication | Behaviour::DeclinedAfterAuthentication { .. } => {
            if new.error_on_requires_action {
                Verdict::Declined(Decline::AuthenticationRequired)
            } else {
                Verdict::AsksTheBuyer
            }
        }
    }
}
