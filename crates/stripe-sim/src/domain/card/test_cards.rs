//! The test cards of Stripe's documentation, by number, token and payment method.

use super::{Behaviour, Brand, Card, Decline};

/// A documented card: the names of its token and payment method without `tok_` and `pm_card_`, and its number.
struct TestCard {
    names: &'static [&'static str],
    number: &'static str,
    behaviour: Behaviour,
}

/// Why a number cannot be turned into a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardNumberError {
    /// No card has this number.
    Incorrect,
    /// It may be a real card, which must not be used here.
    NotATestCard,
}

const fn good(names: &'static [&'static str], number: &'static str) -> TestCard {
    TestCard { names, number, behaviour: Behaviour::Good }
}

const fn declined(names: &'static [&'static str], number: &'static str, decline: Decline) -> TestCard {
    TestCard { names, number, behaviour: Behaviour::Declined { decline } }
}

const fn secured(names: &'static [&'static str], number: &'static str) -> TestCard {
    TestCard { names, number, behaviour: Behaviour::NeedsAuthentication }
}

const fn secured_then(names: &'static [&'static str], number: &'static str, decline: Decline) -> TestCard {
    TestCard { names, number, behaviour: Behaviour::DeclinedAfterAuthentication { decline } }
}

const fn later(names: &'static [&'static str], number: &'static str, behaviour: Behaviour) -> TestCard {
    TestCard { names, number, behaviour }
}

const TEST_CARDS: &[TestCard] = &[
    good(&["visa", "us"], "4242424242424242"),
    good(&["visa_debit"], "4000056655665556"),
    good(&["mastercard"], "5555555555554444"),
    good(&[], "2223003122003222"),
    good(&["mastercard_debit"], "5200828282828210"),
    good(&["mastercard_prepaid"], "5105105105105100"),
    good(&["amex"], "378282246310005"),
    good(&[], "371449635398431"),
    good(&["discover"], "6011111111111117"),
    good(&["diners"], "3056930009020004"),
    good(&["jcb"], "3566002020360505"),
    good(&["unionpay"], "6200000000000005"),
    good(&["riskLevelElevated"], "4000000000009235"),
    good(&["threeDSecureOptional"], "4000000000003055"),
    good(&[], "4000000032200000"),
    declined(&["chargeDeclined"], "4000000000000002", Decline::Generic),
    declined(&["chargeDeclinedInsufficientFunds"], "4000000000009995", Decline::InsufficientFunds),
    declined(&["chargeDeclinedLostCard"], "4000000000009987", Decline::LostCard),
    declined(&["chargeDeclinedStolenCard"], "4000000000009979", Decline::StolenCard),
    declined(&["chargeDeclinedExpiredCard"], "4000000000000069", Decline::ExpiredCard),
    declined(&["chargeDeclinedIncorrectCvc"], "4000000000000127", Decline::IncorrectCvc),
    declined(&["chargeDeclinedProcessingError"], "4000000000000119", Decline::ProcessingError),
    declined(&["chargeDeclinedVelocityLimitExceeded"], "4000000000006975", Decline::VelocityExceeded),
    declined(&["radarBlock", "chargeDeclinedFraudulent"], "4100000000000019", Decline::Fraudulent),
    declined(&["riskLevelHighest"], "4000000000004954", Decline::Fraudulent),
    declined(&["chargeCustomerFail"], "4000000000000341", Decline::Generic),
    declined(&["threeDSecureRequiredProcessingError"], "4000008400001280", Decline::Generic),
    secured(&["threeDSecure2Required", "threeDSecureRequired"], "4000000000003220"),
    secured(&["authenticationRequired"], "4000002760003184"),
    secured(&["authenticationRequiredOnSetup"], "4000002500003155"),
    secured(&["authenticationRequiredSetupForOffSession"], "4000003800000446"),
    secured_then(&["threeDSecureRequiredChargeDeclined"], "4000008400001629", Decline::Generic),
    secured_then(
        &["authenticationRequiredChargeDeclinedInsufficientFunds"],
        "4000008260003178",
        Decline::InsufficientFunds,
    ),
    later(&["pendingRefund"], "4000000000007726", Behaviour::RefundsPend),
    later(&["refundFail"], "4000000000005126", Behaviour::RefundsFail),
    later(&["createDispute"], "4000000000000259", Behaviour::IsDisputed),
];

impl Card {
    /// The card behind one of the documented tokens (`tok_visa`) or payment methods
    /// (`pm_card_visa`).
    pub(crate) fn of_test_token(name: &str) -> Option<Self> {
        let name = name.strip_prefix("pm_card_").or_else(|| name.strip_prefix("tok_"))?;
        // `visa_chargeDeclined`, `visa_debit_chargeDeclinedInsufficientFunds`
        let plain = name.rsplit_once('_').map_or(name, |(_, last)| last);
        let with_name = |name| TEST_CARDS.iter().find(|card| card.names.contains(&name));
        let is_failure = plain.starts_with("chargeDeclined") || plain.starts_with("chargeCustomerFail");
        with_name(name).or_else(|| with_name(plain).filter(|_| is_failure)).map(Self::from)
    }

    /// The test card with this number.
    pub(crate) fn of_number(number: &str) -> Result<Self, CardNumberError> {
        let digits: String = number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if !passes_luhn(&digits) {
            return Err(CardNumberError::Incorrect);
        }
        let card = TEST_CARDS.iter().find(|card| card.number == digits);
        card.map(Self::from).ok_or(CardNumberError::NotATestCard)
    }
}

impl From<&TestCard> for Card {
    fn from(card: &TestCard) -> Self {
        let (_, last4) = card.number.split_at(card.number.len() - 4);
        Self { brand: Brand::of_number(card.number), last4: last4.to_owned(), behaviour: card.behaviour }
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
mod tests;
