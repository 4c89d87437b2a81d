//! Where characters that show nothing belong.

use icu_properties::props::{
    Emoji, EmojiModifier, ExtendedPictographic, GeneralCategoryGroup, IndicSyllabicCategory, JoiningType, LineBreak,
    Script, VariationSelector,
};
use icu_properties::{CodePointMapData, CodePointSetData};

use super::{category, is_blank, is_ignorable, script};

const ZERO_WIDTH_SPACE: char = '\u{200B}';
const NON_JOINER: char = '\u{200C}';
const JOINER: char = '\u{200D}';
const MONGOLIAN_SEPARATOR: char = '\u{180E}';
const TEXT_STYLE: char = '\u{FE0E}';
const EMOJI_STYLE: char = '\u{FE0F}';
/// The flags of England, Scotland and Wales begin with it; their letters are invisible.
const BLACK_FLAG: char = '\u{1F3F4}';
const LAST_TAG: char = '\u{E007F}';
/// As many letters as a part of a country has in ISO 3166-2.
const MOST_TAGS: usize = 6;

/// Whether a character that shows nothing does something between these.
pub(super) fn is_in_its_place(before: &[char], c: char, after: &[char]) -> bool {
    let Some(last) = before.last().copied().filter(|last| !last.is_whitespace()) else { return false };
    match c {
        JOINER if joins_emoji(before, after) => true,
        JOINER | NON_JOINER => !is_ignorable(last) && (ends_joined(before) || after.first().is_some_and(|c| joins(*c))),
        ZERO_WIDTH_SPACE => CodePointMapData::<LineBreak>::new().get(last) == LineBreak::ComplexContext,
        MONGOLIAN_SEPARATOR => script(last) == Script::Mongolian,
        // Shorthand.
        '\u{1BCA0}'..='\u{1BCA3}' => script(last) == Script::Duployan,
        '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}' | LAST_TAG => is_in_flag(before, c, after),
        _ if CodePointSetData::new::<VariationSelector>().contains(c) => may_vary(last, c),
        _ if is_blank(c) => !is_blank(last) && script(c) != Script::Common && script(c) == script(last),
        _ => false,
    }
}

/// Whether what is written so far ends in a letter that joins, with marks on it or without.
fn ends_joined(before: &[char]) -> bool {
    before.iter().rev().find(|c| script(**c) != Script::Inherited).is_some_and(|c| joins(*c))
}

/// Whether it is a letter of a script in which letters change their form beside others.
fn joins(c: char) -> bool {
    let joining = CodePointMapData::<JoiningType>::new().get(c);
    let syllabic = CodePointMapData::<IndicSyllabicCategory>::new().get(c);
    let is_cursive = matches!(
        joining,
        JoiningType::DualJoining | JoiningType::RightJoining | JoiningType::LeftJoining | JoiningType::JoinCausing
    );
    let is_indic = syllabic != IndicSyllabicCategory::Other && !is_european(c) && script(c) != Script::Common;
    !is_ignorable(c) && (is_cursive || is_indic)
}

/// One picture of two: `👩‍🚀`.
fn joins_emoji(before: &[char], after: &[char]) -> bool {
    let is_picture = |c: &char| CodePointSetData::new::<ExtendedPictographic>().contains(*c);
    let is_style = |c: &char| *c == EMOJI_STYLE || CodePointSetData::new::<EmojiModifier>().contains(*c);
    before.iter().rev().find(|c| !is_style(c)).is_some_and(is_picture) && after.first().is_some_and(is_picture)
}

/// `🏴`, some invisible letters, and an invisible end.
fn is_in_flag(before: &[char], c: char, after: &[char]) -> bool {
    let is_tag = |c: &char| ('\u{E0020}'..LAST_TAG).contains(c);
    let tags = before.iter().rev().take_while(|c| is_tag(c)).count();
    let begins = before.iter().rev().nth(tags) == Some(&BLACK_FLAG);
    let goes_on = match c {
        LAST_TAG => tags > 0,
        _ => tags < MOST_TAGS && after.first().is_some_and(|next| is_tag(next) || *next == LAST_TAG),
    };
    begins && goes_on
}

/// Whether a variant of it can be asked for: emoji and symbols in text or in colour, and the other forms of signs and of
/// characters. Letters of European scripts have none.
fn may_vary(last: char, selector: char) -> bool {
    let is_in = |group: GeneralCategoryGroup| group.contains(category(last));
    match selector {
        _ if is_ignorable(last) => false,
        TEXT_STYLE | EMOJI_STYLE => {
            CodePointSetData::new::<Emoji>().contains(last) || is_in(GeneralCategoryGroup::Symbol)
        }
        '\u{180B}'..='\u{180F}' => script(last) == Script::Mongolian,
        _ => {
            let letter = is_in(GeneralCategoryGroup::Letter) || is_in(GeneralCategoryGroup::Mark);
            let sign = is_in(GeneralCategoryGroup::MathSymbol) || is_in(GeneralCategoryGroup::Punctuation);
            sign || (letter && !is_european(last))
        }
    }
}

fn is_european(c: char) -> bool {
    matches!(script(c), Script::Latin | Script::Greek | Script::Cyrillic | Script::Inherited)
}
