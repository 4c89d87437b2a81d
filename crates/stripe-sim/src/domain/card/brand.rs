use serde::{Deserialize, Serialize};

/// Whose network a card belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Brand {
    #[default]
    Visa,
    Mastercard,
    Amex,
    Discover,
    Diners,
    Jcb,
    Unionpay,
}

impl Brand {
    /// The brand that numbers beginning like this belong to.
    pub(super) const fn of_number(number: &str) -> Self {
        match number.as_bytes() {
            [b'3', b'4' | b'7', ..] => Self::Amex,
            [b'3', b'5', ..] => Self::Jcb,
            [b'3', ..] => Self::Diners,
            [b'6', b'2', ..] => Self::Unionpay,
            [b'6', ..] => Self::Discover,
            [b'2' | b'5', ..] => Self::Mastercard,
            _ => Self::Visa,
        }
    }

    /// Its name in the `card` of a token.
    pub(crate) fn display_name(self) -> &'static str {
        match self {
            Self::Visa => "Visa",
            Self::Mastercard => "MasterCard",
            Self::Amex => "American Express",
            Self::Discover => "Discover",
            Self::Diners => "Diners Club",
            Self::Jcb => "JCB",
            Self::Unionpay => "UnionPay",
        }
    }

    /// Its name in the details of a charge.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
            Self::Amex => "amex",
            Self::Discover => "discover",
            Self::Diners => "diners",
            Self::Jcb => "jcb",
            Self::Unionpay => "unionpay",
        }
    }
}
