//! Money: whole minor units inside, a JSON number of major units on the wire.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// The price of a ticket: more than zero, in minor units (cents).
///
/// Serialises as a number of major units (`20.5`), which is the wire format. Records keep minor
/// units: see [`minor_units`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(u32);

/// Why something is not a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPrice {
    /// Missing, zero, negative, or not a number at all.
    #[error("Price must be greater than 0")]
    NotPositive,
    /// A fraction of a minor unit, which cannot be paid.
    #[error("Price must have at most 2 decimal places")]
    TooPrecise,
    /// More than [`Price::MAX`].
    #[error("Price must be at most 999999.99")]
    TooLarge,
}

impl Price {
    /// The largest amount Stripe charges: eight digits of minor units
    /// (Stripe's documentation of `PaymentIntent.amount`).
    pub const MAX: Self = Self(99_999_999);

    /// From minor units.
    ///
    /// # Errors
    /// If that is zero, less than zero, or more than [`Price::MAX`].
    pub fn from_minor_units(minor: i64) -> Result<Self, InvalidPrice> {
        match u32::try_from(minor) {
            Ok(0) | Err(_) if minor <= 0 => Err(InvalidPrice::NotPositive),
            Ok(minor) if minor <= Self::MAX.0 => Ok(Self(minor)),
            _ => Err(InvalidPrice::TooLarge),
        }
    }

    /// The amount in minor units.
    pub fn minor_units(self) -> u32 {
        self.0
    }

    /// Reads what a client sent: a number or a decimal string, in major units.
    ///
    /// # Errors
    /// Anything else, by the first rule it breaks.
    pub fn parse(value: &Value) -> Result<Self, InvalidPrice> {
        match value {
            // The shortest decimal that reads back as the number is what the client wrote.
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Self::from_decimal(&whole.to_string()),
                (None, Some(real)) => Self::from_decimal(&format!("{real}")),
                (None, None) => Err(InvalidPrice::TooLarge),
            },
            Value::String(text) => Self::from_decimal(text.trim()),
            _ => Err(InvalidPrice::NotPositive),
        }
    }

    fn from_decimal(text: &str) -> Result<Self, InvalidPrice> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return Err(InvalidPrice::NotPositive);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 2 {
            return Err(InvalidPrice::TooPrecise);
        }
        let minor = format!("{whole}{fraction:0<2}");
        let minor = minor.trim_start_matches('0');
        if minor.is_empty() {
            return Err(InvalidPrice::NotPositive);
        }
        Self::from_minor_units(minor.parse().map_err(|_| InvalidPrice::TooLarge)?)
    }
}

impl std::fmt::Display for Price {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(100) {
            serializer.serialize_u32(self.0 / 100)
        } else {
            serializer.serialize_f64(f64::from(self.0) / 100.0)
        }
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// `#[serde(with = "minor_units")]`: how records keep a price.
pub mod minor_units {
    use super::{Deserialize, Deserializer, Price, Serialize, Serializer};

    #[allow(missing_docs)]
    pub fn serialize<S: Serializer>(price: &Price, serializer: S) -> Result<S::Ok, S::Error> {
        price.0.serialize(serializer)
    }

    #[allow(missing_docs)]
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Price, D::Error> {
        Price::from_minor_units(i64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// The currencies a ticket can be priced in: those with two decimal places, so that a minor unit
/// is always a hundredth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Currency {
    #[default]
    Usd,
    Eur,
    Gbp,
    Cad,
    Aud,
    Chf,
    Sek,
    Nok,
    Dkk,
    Pln,
}

impl Currency {
    /// All of them, the usual one first.
    pub const ALL: [Self; 10] =
        [Self::Usd, Self::Eur, Self::Gbp, Self::Cad, Self::Aud, Self::Chf, Self::Sek, Self::Nok, Self::Dkk, Self::Pln];

    /// The smallest amount that can be paid: Stripe's minimum for a charge in this currency
    /// (its documentation, "Minimum and maximum charge amounts").
    pub fn minimum(self) -> Price {
        Price(match self {
            Self::Usd | Self::Eur | Self::Cad | Self::Aud | Self::Chf => 50,
            Self::Gbp => 30,
            Self::Sek | Self::Nok => 300,
            Self::Dkk => 250,
            Self::Pln => 200,
        })
    }

    /// The ISO 4217 code in lower case, as Stripe takes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Usd => "usd",
            Self::Eur => "eur",
            Self::Gbp => "gbp",
            Self::Cad => "cad",
            Self::Aud => "aud",
            Self::Chf => "chf",
            Self::Sek => "sek",
            Self::Nok => "nok",
            Self::Dkk => "dkk",
            Self::Pln => "pln",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn numbers_and_decimal_strings_are_prices() {
        for (sent, minor) in [
            (json!(20), 2000),
            (json!(20.5), 2050),
            (json!(19.99), 1999),
            (json!("20.00"), 2000),
            (json!("0.1"), 10),
            (json!(999999.99), 99_999_999),
        ] {
            assert_eq!(Price::parse(&sent).map(Price::minor_units), Ok(minor), "{sent}");
        }
    }

    #[test]
    fn the_smallest_amounts_are_those_that_stripe_takes() {
        for (currency, minor) in [(Currency::Usd, 50), (Currency::Gbp, 30), (Currency::Sek, 300), (Currency::Pln, 200)]
        {
            assert_eq!(currency.minimum().minor_units(), minor);
        }
    }

    #[test]
    fn everything_else_is_refused_by_the_rule_it_breaks() {
        for sent in [
            json!(0),
            json!(-1),
            json!(-0.5),
            json!("0.00"),
            json!("NaN"),
            json!("-1"),
            json!(""),
            json!("1e3"),
            json!(null),
            json!(true),
            json!([20]),
            json!({"$ne": null}),
            json!("٢٠"),
            json!("."),
            json!(".5"),
        ] {
            assert_eq!(Price::parse(&sent), Err(InvalidPrice::NotPositive), "{sent}");
        }
        for sent in [json!(0.001), json!("19.999"), json!(1e-300)] {
            assert_eq!(Price::parse(&sent), Err(InvalidPrice::TooPrecise), "{sent}");
        }
        for sent in [json!(1e308), json!(1_000_000), json!("99999999999999999999999999"), json!(u64::MAX)] {
            assert_eq!(Price::parse(&sent), Err(InvalidPrice::TooLarge), "{sent}");
        }
    }

    #[test]
    fn all_currencies_are_listed() {
        let schema = serde_json::to_value(schemars::schema_for!(Currency)).expect("serialises");
        assert_eq!(schema["enum"], json!(Currency::ALL.map(Currency::code)));
    }

    proptest! {
        #[test]
        fn every_price_survives_the_wire(minor in 1u32..=99_999_999) {
            let price = Price::from_minor_units(i64::from(minor)).expect("in range");
            let wire = serde_json::to_string(&price).expect("serialises");
            prop_assert_eq!(serde_json::from_str::<Price>(&wire).expect("reads back"), price);
        }
    }
}
