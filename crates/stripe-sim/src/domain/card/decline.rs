use serde::{Deserialize, Serialize};

/// Why a card could not be charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decline {
    Generic,
    InsufficientFunds,
    LostCard,
    StolenCard,
    VelocityExceeded,
    ExpiredCard,
    IncorrectCvc,
    ProcessingError,
    Fraudulent,
    /// The holder would have to authenticate, and the merchant does not want that.
    AuthenticationRequired,
    /// The holder did not authenticate.
    AuthenticationFailed,
}

/// What Stripe says about a decline.
pub(crate) struct DeclineWords {
    pub(crate) kind: &'static str,
    pub(crate) code: &'static str,
    pub(crate) decline_code: Option<&'static str>,
    pub(crate) message: &'static str,
}

impl Decline {
    /// Whether the bank was asked for the money. If not, there is no charge, not even a failed one.
    pub(crate) fn is_of_a_charge(self) -> bool {
        !matches!(self, Self::AuthenticationRequired | Self::AuthenticationFailed)
    }

    /// In Stripe's words.
    pub(crate) fn words(self) -> DeclineWords {
        const DECLINED: &str = "Your card was declined.";
        let of_card = |code, decline_code, message| DeclineWords {
            kind: "card_error",
            code,
            decline_code: Some(decline_code),
            message,
        };
        let declined = |decline_code, message| of_card("card_declined", decline_code, message);
        match self {
            Self::Generic => declined("generic_decline", DECLINED),
            Self::InsufficientFunds => declined("insufficient_funds", "Your card has insufficient funds."),
            Self::LostCard => declined("lost_card", DECLINED),
            Self::StolenCard => declined("stolen_card", DECLINED),
            Self::Fraudulent => declined("fraudulent", DECLINED),
            Self::VelocityExceeded => declined(
                "card_velocity_exceeded",
                "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
            ),
            Self::ExpiredCard => of_card("expired_card", "expired_card", "Your card has expired."),
            Self::IncorrectCvc => of_card("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
            Self::ProcessingError => of_card(
                "processing_error",
                "processing_error",
                "An error occurred while processing your card. Try again in a little bit.",
            ),
            Self::AuthenticationRequired => of_card(
                "authentication_required",
                "authentication_required",
                "Your card was declined. This transaction requires authentication.",
            ),
            Self::AuthenticationFailed => DeclineWords {
                kind: "invalid_request_error",
                code: "payment_intent_authentication_failure",
                decline_code: None,
                message: "The provided PaymentMethod has failed authentication. You can provide \
                          payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
            },
        }
    }
}
