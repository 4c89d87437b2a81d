/// A card of Stripe's documentation, for paying where no real money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestCard {
    /// What [`crate::Client::pay`] takes for it.
    pub token: &'static str,
    /// Its number.
    pub number: &'static str,
    /// What comes of paying with it.
    pub outcome: TestOutcome,
}

/// What comes of paying with a test card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestOutcome {
    /// The money is taken.
    Succeeds,
    /// The bank refuses, and does not say why.
    Declined,
    /// There is not enough money.
    InsufficientFunds,
    /// The card is too old.
    ExpiredCard,
}

/// What a form without a Stripe account can pay with.
pub const TEST_CARDS: [TestCard; 5] = [
    card("tok_visa", "4242 4242 4242 4242", TestOutcome::Succeeds),
    card("tok_mastercard", "5555 5555 5555 4444", TestOutcome::Succeeds),
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
            Self::Declined => "declined",
            Self::InsufficientFunds => "declined: insufficient funds",
            Self::ExpiredCard => "declined: expired card",
        }
    }
}
