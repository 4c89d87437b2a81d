//! Prices as people write them: `20,50`, `$20`, `1.234,50 €`, `٢٠`.

use common::money::{Currency, InvalidPrice, Price};
use unicode_normalization::UnicodeNormalization;

use crate::Formats;

mod number;
mod sign;

pub(crate) use number::Marks;
use sign::Written;

/// Why a text is not read as a price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadPrice {
    /// It is no number, or something stands beside the number that is no currency.
    #[error("Price must be a number like 20.50")]
    NotANumber,
    /// It has a plus, a minus, or brackets around it.
    #[error("Price must be without a sign")]
    Signed,
    /// Some people would read a larger number than others.
    #[error("Price {0} can be read in two ways: write {1}, or {2}")]
    Ambiguous(String, String, String),
    /// It names another currency than the one that is chosen.
    #[error("Price is written in {0}, but the currency chosen is {1}")]
    OtherCurrency(String, String),
    /// It is a number that no price can be.
    #[error(transparent)]
    Invalid(#[from] InvalidPrice),
}

impl Formats {
    /// Reads a price in any digits, with the marks and the sign of a currency that people write with it. Where one mark
    /// could stand before thousands as well as before cents, the locale decides, unless a wrong guess would be a
    /// price a thousand times too high or too low.
    ///
    /// # Errors
    /// If it is none, or would not be a price in the currency that is `chosen`.
    pub fn read_price(&self, text: &str, chosen: Option<Currency>) -> Result<Price, UnreadPrice> {
        let plain = plain(text).ok_or(UnreadPrice::NotANumber)?;
        let (before, body, after) = split(&plain).ok_or(UnreadPrice::NotANumber)?;
        if [before, after].iter().any(|text| text.contains(['+', '-', '−', '±', '(', ')'])) {
            return Err(UnreadPrice::Signed);
        }
        for word in [before, after].into_iter().filter(|word| !word.is_empty()) {
            self.check_sign(word, chosen)?;
        }
        number::read(body, self.marks())
    }

    fn check_sign(&self, word: &str, chosen: Option<Currency>) -> Result<(), UnreadPrice> {
        let written = match sign::written(word) {
            Written::Unknown => self.own_sign(word),
            written => written,
        };
        match (written, chosen) {
            (Written::Unknown, _) | (Written::Foreign, None) => Err(UnreadPrice::NotANumber),
            (Written::OneOf(currencies), Some(chosen)) if !currencies.contains(&chosen) => Err(other(word, chosen)),
            (Written::Foreign, Some(chosen)) => Err(other(word, chosen)),
            (Written::OneOf(_), _) => Ok(()),
        }
    }

    /// What this locale's own sign stands for.
    fn own_sign(&self, word: &str) -> Written {
        let is_sign = |currency: &Currency| self.sign(*currency).is_some_and(|sign| sign == word);
        let signed: Vec<Currency> = Currency::ALL.into_iter().filter(is_sign).collect();
        if signed.is_empty() { Written::Unknown } else { Written::OneOf(signed) }
    }

    /// The sign that this locale writes beside an amount.
    fn sign(&self, currency: Currency) -> Option<String> {
        let written = plain(&self.money(Price::MAX, currency))?;
        let (before, _, after) = split(&written)?;
        Some(if before.is_empty() { after } else { before }.to_owned())
    }

    /// The marks that this locale writes in numbers.
    fn marks(&self) -> Marks {
        let written = plain(&self.money(Price::MAX, Currency::Usd)).unwrap_or_default();
        Marks::of(split(&written).map_or("", |(_, body, _)| body))
    }
}

fn other(word: &str, chosen: Currency) -> UnreadPrice {
    UnreadPrice::OtherCurrency(word.to_uppercase(), chosen.code().to_uppercase())
}

/// A whole number, such as that of a seat, in the digits of any script; none if there is anything else in the text.
pub fn whole_number(text: &str) -> Option<u32> {
    let visible = text.trim().chars().filter(|c| !number::is_format(*c));
    let digits = visible.map(|c| if c.is_ascii_digit() { Some(c) } else { number::ascii_digit(c) });
    digits.collect::<Option<String>>()?.parse().ok()
}

/// The text in lower case, with plain digits, spaces and signs, and without characters that show nothing; none if it has
/// numbers that are not written digit by digit.
fn plain(text: &str) -> Option<String> {
    if text.chars().any(number::is_no_digit) {
        return None;
    }
    let visible = text.nfkc().filter(|c| !number::is_format(*c));
    let plain: String = visible.map(|c| number::ascii_digit(c).unwrap_or(c)).flat_map(char::to_lowercase).collect();
    Some(plain.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What stands before the number, the number, and what stands after it. A number may begin with its decimal mark, and end
/// as whole amounts do on price tags: `20,-`.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let (mut first, last) = (text.find(is_digit)?, text.rfind(is_digit)? + 1);
    let before = &text[..first];
    if before.ends_with(['.', ',', '٫']) && !before.contains(char::is_alphabetic) {
        first -= before.chars().next_back().map_or(0, char::len_utf8);
    }
    let after = &text[last..];
    let tag = after.trim_start_matches(['.', ',', ':']);
    let whole = tag.trim_start_matches(['-', '–', '—']);
    // A minus behind a number is no price tag.
    let after = if tag.len() < after.len() { whole } else { after };
    Some((text[..first].trim(), &text[first..last], after.trim()))
}

#[cfg(test)]
mod tests;
