use serde::{Deserialize, Serialize};

/// How a test card behaves. Stripe's documentation, "Test card numbers".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "behaviour", rename_all = "snake_case")]
pub(crate) enum Card {
    /// Every charge succeeds.
    Good { brand: Brand },
    /// Every charge is declined.
    Declined { decline: Decline },
    /// The bank requires the holder to authenticate.
    NeedsAuthentication,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Brand {
    Visa,
    Mastercard,
    Amex,
    Discover,
}

/// Why a card is declined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decline {
    Generic,
    InsufficientFunds,
    LostCard,
    StolenCard,
    ExpiredCard,
    IncorrectCvc,
    ProcessingError,
    Fraudulent,
    AuthenticationRequired,
}

/// Why a number cannot be turned into a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardNumberError {
    /// No card has this number.
    Incorrect,
    /// It may be a real card, which must not be used here.
    NotATestCard,
}

impl Card {
    /// The card behind one of the documented tokens (`tok_visa`) or payment methods
    /// (`pm_card_visa`).
    pub(crate) fn of_test_token(name: &str) -> Option<Self> {
        let name = name.strip_prefix("pm_card_").or_else(|| name.strip_prefix("tok_"))?;
        let good = |brand| Some(Self::Good { brand });
        match name {
            "visa" | "visa_debit" | "us" => good(Brand::Visa),
            "mastercard" | "mastercard_debit" => good(Brand::Mastercard),
            "amex" => good(Brand::Amex),
            "discover" => good(Brand::Discover),
            "threeDSecure2Required" | "threeDSecureRequired" | "authenticationRequired" => {
                Some(Self::NeedsAuthentication)
            }
            other => {
                let declined = other.trim_start_matches("visa_").strip_prefix("chargeDeclined")?;
                Decline::named(declined).map(|decline| Self::Declined { decline })
            }
        }
    }

    /// The name of its brand. The cards that fail are Visa cards.
    pub(crate) fn brand(self) -> &'static str {
        match self {
            Self::Good { brand } => brand.name(),
            Self::Declined { .. } | Self::NeedsAuthentication => Brand::Visa.name(),
        }
    }

    /// The test card with this number.
    pub(crate) fn of_number(number: &str) -> Result<Self, CardNumberError> {
        let digits: String = number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if !passes_luhn(&digits) {
            return Err(CardNumberError::Incorrect);
        }
        let declined = |decline| Ok(Self::Declined { decline });
        match digits.as_str() {
            "4242424242424242" | "4000056655665556" => Ok(Self::Good { brand: Brand::Visa }),
            "5555555555554444" | "2223003122003222" | "5200828282828210" => Ok(Self::Good { brand: Brand::Mastercard }),
            "378282246310005" | "371449635398431" => Ok(Self::Good { brand: Brand::Amex }),
            "6011111111111117" => Ok(Self::Good { brand: Brand::Discover }),
            "4000000000000002" => declined(Decline::Generic),
            "4000000000009995" => declined(Decline::InsufficientFunds),
            "4000000000009987" => declined(Decline::LostCard),
            "4000000000009979" => declined(Decline::StolenCard),
            "4000000000000069" => declined(Decline::ExpiredCard),
            "4000000000000127" => declined(Decline::IncorrectCvc),
            "4000000000000119" => declined(Decline::ProcessingError),
            "4100000000000019" => declined(Decline::Fraudulent),
            "4000000000003220" | "4000002760003184" | "4000002500003155" => Ok(Self::NeedsAuthentication),
            _ => Err(CardNumberError::NotATestCard),
        }
    }
}

impl Decline {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "" => Self::Generic,
            "InsufficientFunds" => Self::InsufficientFunds,
            "LostCard" => Self::LostCard,
            "StolenCard" => Self::StolenCard,
            "ExpiredCard" => Self::ExpiredCard,
            "IncorrectCvc" => Self::IncorrectCvc,
            "ProcessingError" => Self::ProcessingError,
            "Fraudulent" => Self::Fraudulent,
            _ => return None,
        })
    }

    /// The error's `code`, its `decline_code` and its message, in Stripe's words.
    pub(crate) fn words(self) -> (&'static str, &'static str, &'static str) {
        const DECLINED: &str = "Your card was declined.";
        match self {
            Self::Generic => ("card_declined", "generic_decline", DECLINED),
            Self::InsufficientFunds => ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
            Self::LostCard => ("card_declined", "lost_card", DECLINED),
            Self::StolenCard => ("card_declined", "stolen_card", DECLINED),
            Self::Fraudulent => ("card_declined", "fraudulent", DECLINED),
            Self::ExpiredCard => ("expired_card", "expired_card", "Your card has expired."),
            Self::IncorrectCvc => ("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
            Self::ProcessingError => (
                "processing_error",
                "processing_error",
                "An error occurred while processing your card. Try again in a little bit.",
            ),
            Self::AuthenticationRequired => (
                "authentication_required",
                "authentication_required",
                "Your card was declined. This transaction requires authentication.",
            ),
        }
    }
}

impl Brand {
    fn name(self) -> &'static str {
        match self {
            Self::Visa => "Visa",
            Self::Mastercard => "MasterCard",
            Self::Amex => "American Express",
            Self::Discover => "Discover",
        }
    }
}

/// The check digit rule of ISO/IEC 7812.
fn passes_luhn(digits: &str) -> bool {
    if !(12..=19).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(position, byte)| {
            let digit = u32::from(byte - b'0') * if position % 2 == 1 { 2 } else { 1 };
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_tokens_and_numbers_behave_alike() {
        for (token, method, number) in [
            ("tok_visa", "pm_card_visa", "4242 4242 4242 4242"),
            ("tok_mastercard", "pm_card_mastercard", "5555555555554444"),
            ("tok_chargeDeclined", "pm_card_chargeDeclined", "4000000000000002"),
            ("tok_chargeDeclinedInsufficientFunds", "pm_card_visa_chargeDeclinedInsufficientFunds", "4000000000009995"),
            ("tok_chargeDeclinedExpiredCard", "pm_card_chargeDeclinedExpiredCard", "4000000000000069"),
            ("tok_chargeDeclinedIncorrectCvc", "pm_card_chargeDeclinedIncorrectCvc", "4000000000000127"),
            ("tok_chargeDeclinedProcessingError", "pm_card_chargeDeclinedProcessingError", "4000000000000119"),
            ("tok_threeDSecure2Required", "pm_card_threeDSecure2Required", "4000000000003220"),
        ] {
            let card = Card::of_test_token(token);
            assert!(card.is_some(), "{token}");
            assert_eq!(card, Card::of_test_token(method), "{method}");
            assert_eq!(card, Card::of_number(number).ok(), "{number}");
        }
    }

    #[test]
    fn undocumented_numbers_are_not_test_cards() {
        assert_eq!(Card::of_test_token("tok_unheard_of"), None);
        assert_eq!(Card::of_test_token("visa"), None);
        assert_eq!(Card::of_number("4242424242424241"), Err(CardNumberError::Incorrect));
        assert_eq!(Card::of_number(""), Err(CardNumberError::Incorrect));
        assert_eq!(Card::of_number("4111111111111111"), Err(CardNumberError::NotATestCard));
    }
}
