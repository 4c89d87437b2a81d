//! The signs and words for currencies.

use common::money::Currency;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

/// What stands beside a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Written {
    /// One of these currencies: `kr` is that of three countries.
    OneOf(Vec<Currency>),
    /// A currency in which nothing is sold here.
    Foreign,
    /// No currency that we know.
    Unknown,
}

/// What a sign or word in lower case says.
pub(super) fn written(word: &str) -> Written {
    use Currency::{Aud, Cad, Chf, Dkk, Eur, Gbp, Nok, Pln, Sek, Usd};
    let joined: String = word.split([' ', '.']).collect();
    let named = match joined.as_str() {
        "$" | "dollar" | "dollars" => vec![Usd, Cad, Aud],
        "us$" | "$us" | "usd$" | "$usd" => vec![Usd],
        "ca$" | "c$" | "can$" | "$ca" | "cad$" | "$cad" => vec![Cad],
        "a$" | "au$" | "$au" | "aud$" | "$aud" => vec![Aud],
        "€" | "euro" | "euros" | "€uro" => vec![Eur],
        "£" | "£gb" | "gb£" | "pound" | "pounds" => vec![Gbp],
        "kr" | "krone" | "kroner" | "krona" | "kronor" => vec![Sek, Nok, Dkk],
        "skr" => vec![Sek],
        "nkr" => vec![Nok],
        "dkr" => vec![Dkk],
        "zł" | "zl" | "złoty" | "złotych" => vec![Pln],
        "fr" | "sfr" | "franken" | "francs" => vec![Chf],
        code => Currency::ALL.into_iter().filter(|currency| currency.code() == code).collect(),
    };
    let is_sign = |c| CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::CurrencySymbol;
    match named {
        named if !named.is_empty() => Written::OneOf(named),
        _ if word.chars().all(is_sign) => Written::Foreign,
        _ => Written::Unknown,
    }
}
