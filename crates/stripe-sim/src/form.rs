//! Form parameters as Stripe takes them: `payment_method_data[card][token]=tok_visa`.

use common::money::Currency;

use crate::domain::Refusal;

/// The parameters of one request, in the order they were sent.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// The parameter's value, if it has one.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing(name))
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// Whether an object is wanted in place of its id: `expand[]=latest_charge`.
    pub(crate) fn expands(&self, field: &str) -> bool {
        self.0.iter().any(|(key, value)| key.starts_with("expand[") && value == field)
    }

    /// An amount in minor units.
    pub(crate) fn amount(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let parse = |text: &str| {
            text.parse()
                .map_err(|_| Refusal::invalid(name, "parameter_invalid_integer", &format!("Invalid integer: {text}")))
        };
        self.get(name).map(parse).transpose()
    }

    /// The amount to charge, within the limits of its currency.
    pub(crate) fn charge(&self) -> Result<(i64, String), Refusal> {
        let amount = self.amount("amount")?.ok_or_else(|| Refusal::missing("amount"))?;
        let code = self.required("currency")?.to_lowercase();
        let Some(currency) = currency(&code) else {
            return Err(Refusal::invalid("currency", "parameter_invalid_string", &format!("Invalid currency: {code}")));
        };
        if amount < minimum(currency) {
            let message = format!("Amount must be at least {} minor units of {code}", minimum(currency));
            return Err(Refusal::invalid("amount", "amount_too_small", &message));
        }
        if amount > 99_999_999 {
            return Err(Refusal::invalid(
                "amount",
                "amount_too_large",
                "Amount must be no more than 99999999 minor units",
            ));
        }
        Ok((amount, code))
    }

    /// `metadata[key]=value`.
    pub(crate) fn metadata(&self) -> Vec<(String, String)> {
        let entry = |(name, value): &(String, String)| {
            let key = name.strip_prefix("metadata[")?.strip_suffix(']')?;
            Some((key.to_owned(), value.clone()))
        };
        self.0.iter().filter_map(entry).collect()
    }

    /// The parameters in an order that does not depend on how they were sent.
    pub(crate) fn canonical(&self) -> String {
        let mut sorted = self.0.clone();
        sorted.sort();
        form_urlencoded::Serializer::new(String::new()).extend_pairs(sorted).finish()
    }
}

fn currency(code: &str) -> Option<Currency> {
    serde_json::from_value(code.into()).ok()
}

/// <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>
fn minimum(currency: Currency) -> i64 {
    match currency {
        Currency::Usd | Currency::Eur | Currency::Cad | Currency::Aud | Currency::Chf => 50,
        Currency::Gbp => 30,
        Currency::Pln => 200,
        Currency::Dkk => 250,
        Currency::Sek | Currency::Nok => 300,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_read_encoded_or_not() {
        let form = Form::parse(b"metadata[order_id]=1&metadata%5Bb%5D=x+y&card%5Btoken%5D=tok_visa&empty=");
        assert_eq!(form.metadata(), [("order_id".into(), "1".into()), ("b".into(), "x y".into())]);
        assert_eq!(form.get("card[token]"), Some("tok_visa"));
        assert_eq!(form.get("empty"), None);
    }

    #[test]
    fn amounts_have_a_currency_with_a_minimum() {
        for (text, allowed) in [
            ("amount=50&currency=usd", true),
            ("amount=49&currency=usd", false),
            ("amount=299&currency=SEK", false),
            ("amount=99999999&currency=eur", true),
            ("amount=100000000&currency=eur", false),
            ("amount=-5&currency=eur", false),
            ("amount=5.5&currency=eur", false),
            ("amount=500&currency=xxx", false),
            ("amount=500", false),
            ("currency=usd", false),
        ] {
            assert_eq!(Form::parse(text.as_bytes()).charge().is_ok(), allowed, "{text}");
        }
    }
}
