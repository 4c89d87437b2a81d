//! What buyers are told about a card that was declined, by Stripe's code. Its own texts are written for developers,
//! and in one language. <https://docs.stripe.com/declines/codes>

/// What a buyer is told if there is nothing better to say.
pub(super) const DECLINED: &str = "Your card was declined. Please use another card.";

/// Our words for each code. Cards that are lost, stolen or suspected are plainly declined: Stripe asks that nobody
/// who holds one be told.
const WORDS: &[(&[&str], &str)] = &[
    (&["insufficient_funds"], "Your card has insufficient funds."),
    (&["expired_card"], "Your card has expired."),
    (&["incorrect_cvc", "invalid_cvc"], "Your card's security code is incorrect."),
    (&["incorrect_number", "invalid_number", "invalid_account"], "Your card number is incorrect."),
    (&["invalid_expiry_month", "invalid_expiry_year"], "Your card's expiry date is incorrect."),
    (&["incorrect_zip", "incorrect_address"], "Your card's billing address is incorrect."),
    (
        &["incorrect_pin", "invalid_pin", "offline_pin_required", "online_or_offline_pin_required"],
        "Your card asks for its PIN, which cannot be entered here. Please use another card.",
    ),
    (&["pin_try_exceeded"], "Your card's PIN was entered wrongly too often. Please use another card."),
    (
        &["authentication_required", "mobile_device_authentication_required"],
        "Your bank asks you to confirm the payment. Please try again and confirm it with your bank.",
    ),
    (
        &["processing_error", "issuer_not_available", "reenter_transaction", "try_again_later"],
        "Your card could not be processed just now. Please try again in a moment, or use another card.",
    ),
    (
        &["card_velocity_exceeded", "withdrawal_count_limit_exceeded"],
        "Your card's limit is reached. Please use another card.",
    ),
    (&["currency_not_supported"], "Your card does not support this currency. Please use another card."),
    (&["card_not_supported"], "Your card does not support this kind of purchase. Please use another card."),
    (&["invalid_amount"], "Your card does not allow a payment of this amount. Please use another card."),
    (
        &["duplicate_transaction"],
        "Your bank has just seen a payment of the same amount. Please wait a moment before you try again.",
    ),
    (
        &[
            "call_issuer",
            "approve_with_id",
            "do_not_honor",
            "no_action_taken",
            "not_permitted",
            "service_not_allowed",
            "transaction_not_allowed",
            "new_account_information_available",
        ],
        "Your bank declined the payment. Please contact your bank, or use another card.",
    ),
    (&["testmode_decline"], "This is a test card, which cannot pay here."),
    (
        &[
            "generic_decline",
            "card_declined",
            "fraudulent",
            "lost_card",
            "stolen_card",
            "pickup_card",
            "restricted_card",
            "merchant_blacklist",
            "security_violation",
            "stop_payment_order",
            "do_not_try_again",
            "revocation_of_all_authorizations",
            "revocation_of_authorization",
        ],
        DECLINED,
    ),
];

/// What a buyer is told about a decline with this code.
pub(super) fn words(code: &str) -> &'static str {
    WORDS.iter().find(|(codes, _)| codes.contains(&code)).map_or(DECLINED, |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_has_one_meaning_and_words_for_its_buyer() {
        let mut seen = HashSet::new();
        for (codes, words) in WORDS {
            assert!(words.ends_with('.') && words.len() < 120, "{words}");
            for code in *codes {
                assert!(seen.insert(code), "{code} is listed twice");
                assert_eq!(super::words(code), *words);
            }
        }
        assert!(seen.len() >= 48, "Stripe documents more codes: {}", seen.len());
    }

    #[test]
    fn nobody_is_told_that_a_card_is_lost_stolen_or_suspected() {
        for code in
            ["lost_card", "stolen_card", "pickup_card", "fraudulent", "merchant_blacklist", "a_code_of_the_future"]
        {
            assert_eq!(words(code), DECLINED, "{code}");
        }
    }
}
