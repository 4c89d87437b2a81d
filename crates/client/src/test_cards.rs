/// A test card from Stripe's documentation, for payments that move no real money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestCard {
    /// The token to pass to [`crate::Client::pay`].
    pub token: &'static str,
    /// Its number.
    pub number: &'static str,
    /// The outcome of paying with it.
    pub outcome: TestOutcome,
}

/// The outcome of paying with a test card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestOutcome {
    /// The payment succeeds.
    Succeeds,
    /// The bank asks the holder to confirm the payment first.
    AsksTheBank,
    /// The bank declines without a reason.
    Declined,
    /// There is not enough money.
    InsufficientFunds,
    /// The card has expired.
    ExpiredCard,
}

/// The cards that a form can offer without a Stripe account.
pub const TEST_CARDS: [TestCard; 6] = [
    card("tok_visa", "4242 4242 4242 4242", TestOutcome::Succeeds),
    card("tok_mastercard", "5555 5555 5555 4444", TestOutcome::Succeeds),
    card("tok_threeDSecure2Required", "4000 0000 0000 3220", TestOutcome::AsksTheBank),
    card("tok_chargeDeclined", "4000 0000 0000 0002", TestOutcome::Declined),
    card("tok_chargeDeclinedInsufficientFunds", "4000 0000 0000 9995", TestOutcome::InsufficientFunds),
    card("tok_chargeDeclinedExpiredCard", "4000 0000 0000 0069", TestOutcome::ExpiredCard),
];

const fn card(token: &'static str, number: &'static str, outcome: TestOutcome) -> TestCard {
    TestCard { token, number, outcome }
}

impl TestOutcome {
    /// In English.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeds => "succeeds",
            Self::AsksTheBank => "the bank asks first",
            Self::Declined => "declined",
            Self::InsufficientFunds => "declined: insufficient funds",
            Self::ExpiredCard => "declined: expired card",
        }
    }
}
