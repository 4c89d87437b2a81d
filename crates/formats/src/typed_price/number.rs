//! The number of a price, without its currency.

use common::money::{InvalidPrice, Price};
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

use super::UnreadPrice;

/// More digits than the highest price has.
const MOST_DIGITS: usize = 12;

/// The marks in a locale's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marks {
    thousands: Option<char>,
    cents: Option<char>,
}

impl Marks {
    /// As they stand in a number with thousands and cents.
    pub(crate) fn of(number: &str) -> Self {
        let mut marks = number.chars().filter(|c| !c.is_ascii_digit());
        match (marks.next(), marks.next_back()) {
            (first, Some(last)) => Self { thousands: first, cents: Some(last) },
            (only, None) => Self { thousands: None, cents: only },
        }
    }
}

/// Reads digits with marks between them.
pub(super) fn read(body: &str, locale: Marks) -> Result<Price, UnreadPrice> {
    let groups: Vec<&str> = body.split(|c: char| !c.is_ascii_digit()).collect();
    let marks: Vec<char> = body.chars().filter(|c| !c.is_ascii_digit()).map(alike).collect();
    let Some((&last, others)) = marks.split_last() else { return price(body, "") };
    let Some((fraction, whole)) = groups.split_last() else { return Err(UnreadPrice::NotANumber) };
    match others.first() {
        Some(mark) if others.iter().any(|other| other != mark) => Err(UnreadPrice::NotANumber),
        Some(mark) if *mark == last => grouped(&groups, last),
        Some(mark) => {
            are_thousands(whole, *mark)
                .and_then(|()| if is_decimal(last) { Ok(()) } else { Err(UnreadPrice::NotANumber) })?;
            price(&whole.concat(), fraction)
        }
        None if !is_decimal(last) => grouped(&groups, last),
        None if may_be_thousands(&groups) && last != '٫' => one_mark(body, &groups, last, locale),
        None => price(&whole.concat(), fraction),
    }
}

/// One mark with three digits behind it: nobody writes tenths of a cent, but some would mean thousands.
fn one_mark(body: &str, groups: &[&str], mark: char, locale: Marks) -> Result<Price, UnreadPrice> {
    let [whole, fraction] = groups else { return Err(UnreadPrice::NotANumber) };
    let is = |known: Option<char>| known.map(alike) == Some(mark);
    if is(locale.thousands) {
        return grouped(groups, mark);
    }
    if is(locale.cents) && !fraction.ends_with('0') {
        return price(whole, fraction);
    }
    let decimal = format!("{whole}.{}", &fraction[..2]);
    Err(UnreadPrice::Ambiguous(body.to_owned(), groups.concat(), decimal))
}

fn grouped(groups: &[&str], mark: char) -> Result<Price, UnreadPrice> {
    are_thousands(groups, mark)?;
    price(&groups.concat(), "")
}

fn are_thousands(groups: &[&str], mark: char) -> Result<(), UnreadPrice> {
    let is_mark = matches!(mark, '.' | ',' | ' ' | '\'' | '٬');
    if is_mark && may_be_thousands(groups) { Ok(()) } else { Err(UnreadPrice::NotANumber) }
}

/// Groups of three; or in India of two, and of three at the end.
fn may_be_thousands(groups: &[&str]) -> bool {
    let Some((first, rest)) = groups.split_first() else { return false };
    let Some((last, middle)) = rest.split_last() else { return true };
    let are_all = |digits: usize| middle.iter().all(|group| group.len() == digits);
    (1..=3).contains(&first.len()) && !first.starts_with('0') && last.len() == 3 && (are_all(3) || are_all(2))
}

fn price(whole: &str, fraction: &str) -> Result<Price, UnreadPrice> {
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if fraction.len() > 2 {
        return Err(InvalidPrice::TooPrecise.into());
    }
    if whole.len() > MOST_DIGITS {
        return Err(InvalidPrice::TooLarge.into());
    }
    let minor = format!("0{whole}{fraction:0<2}").parse().map_err(|_| InvalidPrice::TooLarge)?;
    Ok(Price::from_minor_units(minor)?)
}

fn is_decimal(mark: char) -> bool {
    matches!(mark, '.' | ',' | '٫')
}

/// One mark for those that are written for each other.
fn alike(mark: char) -> char {
    match mark {
        '’' | '‘' | '`' | '´' | 'ʼ' => '\'',
        '،' => ',',
        mark => mark,
    }
}

/// The digit, in the digits of any script.
pub(super) fn ascii_digit(c: char) -> Option<char> {
    if !is_digit(c) || c.is_ascii() {
        return None;
    }
    // Each script has its ten digits in a row, and some have several such rows behind each other.
    let before = (1..).map_while(|distance| char::from_u32(u32::from(c) - distance)).take_while(|c| is_digit(*c));
    char::from_digit(u32::try_from(before.count() % 10).unwrap_or_default(), 10)
}

fn is_digit(c: char) -> bool {
    category(c) == GeneralCategory::DecimalNumber
}

/// Fractions, numbers in circles, small numbers above the line: their digits do not count as the same digits do.
pub(super) fn is_no_digit(c: char) -> bool {
    matches!(category(c), GeneralCategory::OtherNumber | GeneralCategory::LetterNumber)
}

/// Marks of direction, joiners and so on.
pub(super) fn is_format(c: char) -> bool {
    category(c) == GeneralCategory::Format
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}
