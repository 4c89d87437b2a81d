use serde_json::json;

use super::*;

#[test]
fn documented_tokens_and_numbers_behave_alike() {
    for (token, method, number) in [
        ("tok_visa", "pm_card_visa", "4242 4242 4242 4242"),
        ("tok_mastercard", "pm_card_mastercard", "5555555555554444"),
        ("tok_chargeDeclined", "pm_card_chargeDeclined", "4000000000000002"),
        ("tok_visa_chargeDeclined", "pm_card_visa_chargeDeclined", "4000000000000002"),
        ("tok_chargeDeclinedInsufficientFunds", "pm_card_visa_chargeDeclinedInsufficientFunds", "4000000000009995"),
        (
            "tok_visa_debit_chargeDeclinedInsufficientFunds",
            "pm_card_chargeDeclinedInsufficientFunds",
            "4000000000009995",
        ),
        ("tok_visa_chargeDeclinedLostCard", "pm_card_visa_chargeDeclinedLostCard", "4000000000009987"),
        ("tok_visa_chargeDeclinedStolenCard", "pm_card_visa_chargeDeclinedStolenCard", "4000000000009979"),
        ("tok_chargeDeclinedExpiredCard", "pm_card_chargeDeclinedExpiredCard", "4000000000000069"),
        ("tok_chargeDeclinedIncorrectCvc", "pm_card_chargeDeclinedIncorrectCvc", "4000000000000127"),
        ("tok_chargeDeclinedProcessingError", "pm_card_chargeDeclinedProcessingError", "4000000000000119"),
        (
            "tok_visa_chargeDeclinedVelocityLimitExceeded",
            "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
            "4000000000006975",
        ),
        ("tok_visa_chargeDeclinedFraudulent", "pm_card_radarBlock", "4100000000000019"),
        ("tok_threeDSecure2Required", "pm_card_threeDSecure2Required", "4000000000003220"),
        ("tok_threeDSecureRequired", "pm_card_threeDSecureRequired", "4000000000003220"),
        ("tok_authenticationRequired", "pm_card_authenticationRequired", "4000002760003184"),
        ("tok_threeDSecureRequiredChargeDeclined", "pm_card_threeDSecureRequiredChargeDeclined", "4000008400001629"),
        ("tok_pendingRefund", "pm_card_pendingRefund", "4000000000007726"),
        ("tok_refundFail", "pm_card_refundFail", "4000000000005126"),
        ("tok_createDispute", "pm_card_createDispute", "4000000000000259"),
    ] {
        let card = Card::of_test_token(token);
        assert!(card.is_some(), "{token}");
        assert_eq!(card, Card::of_test_token(method), "{method}");
        assert_eq!(card, Card::of_number(number).ok(), "{number}");
    }
}

#[test]
fn every_documented_number_is_one() {
    for card in TEST_CARDS {
        assert!(Card::of_number(card.number).is_ok(), "{}", card.number);
    }
}

#[test]
fn undocumented_numbers_are_not_test_cards() {
    assert_eq!(Card::of_test_token("tok_unheard_of"), None);
    assert_eq!(Card::of_test_token("tok_unheard_visa"), None);
    assert_eq!(Card::of_test_token("visa"), None);
    assert_eq!(Card::of_number("4242424242424241"), Err(CardNumberError::Incorrect));
    assert_eq!(Card::of_number(""), Err(CardNumberError::Incorrect));
    assert_eq!(Card::of_number("4111111111111111"), Err(CardNumberError::NotATestCard));
}

#[test]
fn the_face_of_a_card_follows_from_its_number() {
    for (token, brand, last4) in [
        ("tok_visa", Brand::Visa, "4242"),
        ("tok_mastercard", Brand::Mastercard, "4444"),
        ("tok_amex", Brand::Amex, "0005"),
        ("tok_discover", Brand::Discover, "1117"),
        ("tok_diners", Brand::Diners, "0004"),
        ("tok_jcb", Brand::Jcb, "0505"),
        ("tok_unionpay", Brand::Unionpay, "0005"),
    ] {
        let card = Card::of_test_token(token).expect("a card");
        assert_eq!((card.brand, card.last4.as_str()), (brand, last4), "{token}");
    }
}

#[test]
fn tokens_stored_before_cards_had_a_face_still_open() {
    for (stored, behaviour) in [
        (json!({"behaviour": "good", "brand": "mastercard"}), Behaviour::Good),
        (json!({"behaviour": "declined", "decline": "lost_card"}), Behaviour::Declined { decline: Decline::LostCard }),
        (json!({"behaviour": "needs_authentication"}), Behaviour::NeedsAuthentication),
    ] {
        let card: Card = serde_json::from_value(stored).expect("opens");
        assert_eq!(card.behaviour, behaviour);
    }
}
