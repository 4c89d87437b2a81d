//! What people may call things: one line that shows what it says.
//!
//! Of the characters that show nothing, some scripts and emoji need a few, each in its place: a joiner inside a Persian
//! word or a family of emoji, a break inside a Thai sentence. There they are kept, and nowhere else: elsewhere they
//! make two names look the same, or a link that nobody can see.

use icu_properties::props::{
    BidiControl, DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, GraphemeClusterBreak,
    NoncharacterCodePoint, PrependedConcatenationMark, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

mod placed;

/// Why a text does not show what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HiddenText {
    /// It has more than one line.
    #[error("must be one line")]
    SeveralLines,
    /// It changes the direction of what stands around it.
    #[error("must not contain characters that turn text round (U+{:04X})", u32::from(*.0))]
    TurnsRound(char),
    /// It has a character that only looks like something on some machines.
    #[error("must not contain characters of private fonts (U+{:04X})", u32::from(*.0))]
    Private(char),
    /// It has a character that shows nothing.
    #[error("must not contain invisible characters (U+{:04X})", u32::from(*.0))]
    Invisible(char),
    /// It has nothing but spaces, characters that nobody knows, and marks for letters that are not there.
    #[error("must contain something that can be seen")]
    ShowsNothing,
}

/// Checks that a text shows what it says. Empty text, and control characters, are for others to judge.
///
/// # Errors
/// If it does not, with the first character that is in the way.
pub fn check_shown(text: &str) -> Result<(), HiddenText> {
    let chars: Vec<char> = text.chars().collect();
    for (position, c) in chars.iter().enumerate() {
        check_character(&chars[..position], *c, &chars[position + 1..])?;
    }
    if chars.iter().any(|c| shows(*c)) { Ok(()) } else { Err(HiddenText::ShowsNothing) }
}

/// Whether all of a text can be seen, but for single spaces of the usual kind: what a machine compares letter by letter
/// has nothing else, or what looks the same could be another.
pub fn is_all_seen(text: &str) -> bool {
    let can_be_seen = |c: char| match category(c) {
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::Unassigned
        | GeneralCategory::PrivateUse => false,
        _ => c == ' ' || !(c.is_whitespace() || is_invisible(c)),
    };
    text.chars().all(can_be_seen)
}

fn check_character(before: &[char], c: char, after: &[char]) -> Result<(), HiddenText> {
    if c.is_ascii() {
        return Ok(());
    }
    match category(c) {
        GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => Err(HiddenText::SeveralLines),
        GeneralCategory::PrivateUse => Err(HiddenText::Private(c)),
        _ if CodePointSetData::new::<BidiControl>().contains(c) => Err(HiddenText::TurnsRound(c)),
        _ if is_invisible(c) && !placed::is_in_its_place(before, c, after) => Err(HiddenText::Invisible(c)),
        _ => Ok(()),
    }
}

/// Whether it is enough for a name: anything but spaces, marks that need a letter to be on, what only places or joins
/// others, and what is no character yet, for which fonts have nothing.
fn shows(c: char) -> bool {
    let is_sign = match category(c) {
        GeneralCategory::Control | GeneralCategory::Format | GeneralCategory::Unassigned => false,
        category => !GeneralCategoryGroup::Mark.contains(category),
    };
    is_sign && !c.is_whitespace() && !is_invisible(c) && !leans_on_the_next(c)
}

/// Whether it is written at the letter after it, as marks are at the one before: a repha, whose category is that of a
/// letter.
fn leans_on_the_next(c: char) -> bool {
    CodePointMapData::<GraphemeClusterBreak>::new().get(c) == GraphemeClusterBreak::Prepend
}

fn is_invisible(c: char) -> bool {
    is_ignorable(c)
        || is_blank(c)
        || is_common_format(c)
        || CodePointSetData::new::<NoncharacterCodePoint>().contains(c)
}

/// Whether nothing is shown for it even by fonts that do not know it.
fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Letters and symbols by their category, of which no property says that they are empty: the braille cell without
/// dots, the note without a head, the filler of Khitan, the blanks of hieroglyphs, and the place of an object.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{1D159}' | '\u{16FE4}' | '\u{13441}' | '\u{13442}' | '\u{FFFC}')
}

/// A format character of no script. Those of a script, such as the sign for a year in Arabic, and those that place
/// hieroglyphs, can be seen by what they do.
fn is_common_format(c: char) -> bool {
    category(c) == GeneralCategory::Format
        && !CodePointSetData::new::<PrependedConcatenationMark>().contains(c)
        && matches!(script(c), Script::Common | Script::Inherited)
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

fn script(c: char) -> Script {
    CodePointMapData::<Script>::new().get(c)
}

#[cfg(test)]
mod tests;
