use icu_properties::props::Script;
use proptest::prelude::*;

use super::*;

fn checked(text: &str) -> Result<(), HiddenText> {
    check_shown(text)
}

/// All characters with a property.
fn all(is: impl Fn(char) -> bool) -> impl Iterator<Item = char> {
    ('\u{0}'..=char::MAX).filter(move |c| is(*c))
}

#[test]
fn names_in_every_script_are_kept() {
    for name in [
        "Motörhead – “Ace of Spades” (40th)",
        "!!!",
        "Łódź, Tromsø, Straße, Ærø",
        "e\u{301}te\u{301}",
        "Аквариум",
        "Καίτη Γαρμπή",
        "Երևան",
        "თბილისი",
        "שָׁלוֹם חֲנוֹך",
        "أم كلثوم – حفلة ٢٠٢٧",
        "مُحَمَّد عبده",
        // A year sign, which encloses the digits after it.
        "\u{601}٢٠٢٧",
        "می\u{200C}خواهم کتاب\u{200C}ها",
        "DVD\u{200C}های کنسرت",
        "مِی\u{200C}رَود",
        "ه\u{200D} ق",
        "लता मंगेशकर – क्\u{200D}ष क्\u{200C}ष",
        "র\u{200D}্যাব",
        "അവന\u{0D4D}\u{200D}",
        "ශ්\u{200D}රී ලංකා",
        "எஸ். பி. பாலசுப்பிரமணியம்",
        "ភាសា\u{200B}ខ្មែរ",
        "วง\u{200B}คาราบาว",
        "ຫຼວງ\u{200B}ພະບາງ",
        "မြန်မာ\u{200B}စာ",
        "བོད་སྐད་",
        "አዲስ አበባ",
        "ᠮᠣᠩᠭᠣᠯ ᠠ\u{180B}ᠠ\u{180E}ᠠ",
        "東京ドーム",
        "葛\u{E0100}城 辻\u{E0101}",
        "방탄소년단",
        "\u{1112}\u{119E}\u{11AB}",
        "ߒߞߏ",
        "𞤀𞤣𞤤𞤢𞤥",
        "⠓⠑⠇⠇⠕\u{2800}⠺⠕⠗⠇⠙",
        "𓀀\u{13430}𓀁",
        "𛰀\u{1BCA0}𛰃",
    ] {
        assert_eq!(checked(name), Ok(()), "{name:?}");
    }
}

#[test]
fn emoji_are_kept() {
    for emoji in [
        "🎸",
        "❤️",
        "❤\u{FE0E}",
        "©\u{FE0F}",
        "★\u{FE0F}",
        "1\u{FE0F}\u{20E3} #\u{FE0F}\u{20E3} *\u{20E3}",
        "🇵🇱🇪🇺",
        "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
        "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} – 🏴",
        "👍🏽",
        "👨\u{200D}👩\u{200D}👧\u{200D}👦",
        "👩🏽\u{200D}🚀",
        "🏳️\u{200D}🌈",
        "🏴\u{200D}☠️",
        "🕵️\u{200D}♀️",
        "❤️\u{200D}🔥",
        "🧑🏻\u{200D}❤️\u{200D}💋\u{200D}🧑🏿",
        "🏃🏽\u{200D}♀️\u{200D}➡️",
        "👁\u{FE0F}\u{200D}🗨\u{FE0F}",
    ] {
        assert_eq!(checked(emoji), Ok(()), "{emoji:?}");
        assert_eq!(checked(&format!("Live {emoji} now")), Ok(()), "{emoji:?}");
    }
}

/// `c` alone, in Latin text, and between signs that some of its kind are allowed after.
fn around(c: char) -> [String; 4] {
    [c.to_string(), format!("Radio{c}head"), format!("{c}Gala"), format!("Gala {c}")]
}

#[test]
fn what_a_machine_reads_has_nothing_that_cannot_be_seen() {
    for text in ["A1", "A 1/b-\\#", "№ 12", "Köln", "אבג", "票 7"] {
        assert!(is_all_seen(text), "{text:?}");
    }
    for hidden in [
        '\u{0}',
        '\t',
        '\n',
        '\u{7F}',
        '\u{85}',
        '\u{A0}',
        '\u{AD}',
        '\u{600}',
        '\u{2003}',
        '\u{200B}',
        '\u{200D}',
        '\u{200E}',
        '\u{2028}',
        '\u{202E}',
        '\u{2066}',
        '\u{3164}',
        '\u{FE0F}',
        '\u{FEFF}',
        '\u{FFFF}',
        '\u{E000}',
        '\u{E0041}',
    ] {
        for text in [format!("{hidden}A1"), format!("A{hidden}1"), format!("A1{hidden}")] {
            assert!(!is_all_seen(&text), "{text:?}");
        }
    }
}

#[test]
fn what_shows_nothing_is_refused() {
    let hangul = ['\u{115F}', '\u{1160}', '\u{3164}', '\u{FFA0}'];
    let spaces = ['\u{200B}', '\u{2060}', '\u{FEFF}', '\u{AD}', '\u{34F}', '\u{180E}', '\u{2800}', '\u{FFFC}'];
    let joiners = ['\u{200C}', '\u{200D}'];
    let other = ['\u{2061}', '\u{2063}', '\u{206A}', '\u{206F}', '\u{17B4}', '\u{17B5}', '\u{1D159}', '\u{1D173}'];
    let selectors = ['\u{FE00}', '\u{FE0E}', '\u{FE0F}', '\u{E0100}', '\u{E01EF}', '\u{180B}'];
    let tags = ['\u{E0001}', '\u{E0020}', '\u{E0041}', '\u{E0061}', '\u{E007F}'];
    let never = ['\u{FFF9}', '\u{FFFB}', '\u{FFFE}', '\u{FDD0}', '\u{10FFFF}', '\u{1BCA0}', '\u{16FE4}', '\u{13441}'];
    for c in hangul.into_iter().chain(spaces).chain(joiners).chain(other).chain(selectors).chain(tags).chain(never) {
        for text in around(c) {
            assert_eq!(checked(&text), Err(HiddenText::Invisible(c)), "{text:?}");
        }
    }
}

#[test]
fn nothing_that_unicode_calls_ignorable_is_kept_in_latin_text() {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let (mut tried, turning) = (0, CodePointSetData::new::<BidiControl>());
    for c in all(|c| ignorable.contains(c)) {
        for text in around(c) {
            let refused = if turning.contains(c) { HiddenText::TurnsRound(c) } else { HiddenText::Invisible(c) };
            assert_eq!(checked(&text), Err(refused), "{text:?}");
        }
        tried += 1;
    }
    assert!(tried > 4_000, "{tried}");
}

#[test]
fn what_turns_text_round_is_refused_everywhere() {
    let turning = CodePointSetData::new::<BidiControl>();
    let turning: Vec<char> = all(|c| turning.contains(c)).collect();
    assert_eq!(turning.len(), 12, "{turning:?}");
    for c in turning {
        for text in around(c).into_iter().chain([format!("أم {c}كلثوم"), format!("אב{c}ג")]) {
            assert_eq!(checked(&text), Err(HiddenText::TurnsRound(c)), "{text:?}");
        }
    }
}

#[test]
fn lines_and_private_characters_are_refused() {
    for c in ['\u{2028}', '\u{2029}'] {
        for text in around(c) {
            assert_eq!(checked(&text), Err(HiddenText::SeveralLines), "{text:?}");
        }
    }
    for c in ['\u{E000}', '\u{F8FF}', '\u{F0000}', '\u{10FFFD}'] {
        for text in around(c) {
            assert_eq!(checked(&text), Err(HiddenText::Private(c)), "{text:?}");
        }
    }
}

#[test]
fn what_is_out_of_its_place_is_refused() {
    for text in [
        // Twice, at the beginning, after a space, or with nothing to join.
        "می\u{200C}\u{200C}خواهم",
        "\u{200C}می",
        "می \u{200C}خواهم",
        "لا\u{FE0F}",
        "🎸\u{200D}",
        "🎸\u{200D} 🎸",
        "🎸\u{200D}\u{200D}🎸",
        "❤\u{FE0F}\u{FE0F}",
        "a\u{301}\u{FE00}",
        "ภา \u{200B}",
        "ภา\u{200B}\u{200B}ษา",
        "⠓\u{2800}\u{2800}⠓",
        "🎵\u{FFFC}",
        "葛\u{E0100}\u{E0101}",
        // A flag without an end, without letters, of too many, and a secret in invisible letters behind a smile.
        "🏴\u{E0067}\u{E0062}",
        "🏴\u{E007F}",
        "🏴\u{E0061}\u{E0061}\u{E0061}\u{E0061}\u{E0061}\u{E0061}\u{E0061}\u{E007F}",
        "😀\u{E0073}\u{E0065}\u{E007F}",
    ] {
        assert!(matches!(checked(text), Err(HiddenText::Invisible(_))), "{text:?}: {:?}", checked(text));
    }
}

#[test]
fn marks_and_spaces_alone_are_no_name() {
    for text in ["\u{301}", " \u{301}\u{302} ", "\u{20E3}", "\u{94D}", "\u{A0}\u{3000}"] {
        assert_eq!(checked(text), Err(HiddenText::ShowsNothing), "{text:?}");
    }
}

/// Of each kind of character that is nothing alone, some.
const NOTHING_ALONE: [(&str, &[char]); 9] = [
    ("unassigned", &['\u{378}', '\u{2FFF0}', '\u{50005}', '\u{E1000}']),
    ("placing hieroglyphs", &['\u{13430}', '\u{13437}', '\u{1343F}']),
    ("enclosing the next", &['\u{600}', '\u{601}', '\u{6DD}', '\u{70F}', '\u{110BD}']),
    ("written at the next letter", &['\u{D4E}', '\u{111C2}', '\u{11D46}', '\u{11F02}']),
    ("at the letter before", &['\u{300}', '\u{94D}', '\u{11F00}', '\u{1D165}']),
    ("beside the letter before", &['\u{903}', '\u{11F03}', '\u{1D166}']),
    ("around the letter before", &['\u{488}', '\u{20DD}', '\u{A670}']),
    ("spaces", &['\u{A0}', '\u{1680}', '\u{2003}', '\u{202F}', '\u{205F}', '\u{3000}']),
    ("controls", &['\u{0}', '\u{7}', '\u{1B}', '\u{7F}', '\u{85}']),
];

#[test]
fn what_is_nothing_alone_is_no_name_however_often_it_stands_there() {
    for (kind, characters) in NOTHING_ALONE {
        for c in characters {
            for text in [c.to_string(), format!("{c}{c}{c}"), format!(" {c} {c}"), format!("{c}\u{301}\u{378}")] {
                assert_eq!(checked(&text), Err(HiddenText::ShowsNothing), "{kind}: {text:?}");
            }
            assert_eq!(checked(&format!("Gala {c}1")), Ok(()), "{kind}: U+{:04X}", u32::from(*c));
        }
    }
    let mixed: String = NOTHING_ALONE.iter().flat_map(|(_, characters)| characters.iter()).collect();
    assert_eq!(checked(&mixed), Err(HiddenText::ShowsNothing));
}

#[test]
fn no_kind_of_character_but_letters_numbers_punctuation_and_symbols_is_a_name() {
    for c in all(|c| checked(&c.to_string()).is_ok()) {
        let category = category(c);
        let signs = [
            GeneralCategoryGroup::Letter,
            GeneralCategoryGroup::Number,
            GeneralCategoryGroup::Punctuation,
            GeneralCategoryGroup::Symbol,
        ];
        assert!(signs.iter().any(|group| group.contains(category)), "U+{:04X} is {category:?}", u32::from(c));
    }
}

#[test]
fn the_character_in_the_way_is_named() {
    let said = |text: &str| checked(text).expect_err("is refused").to_string();
    assert_eq!(said("a\u{200B}"), "must not contain invisible characters (U+200B)");
    assert_eq!(said("a\u{202E}b"), "must not contain characters that turn text round (U+202E)");
    assert_eq!(said("a\u{F8FF}"), "must not contain characters of private fonts (U+F8FF)");
    assert_eq!(said("a\u{2029}b"), "must be one line");
}

#[test]
fn every_letter_number_and_symbol_can_be_a_name() {
    let is_sign = |c: char| {
        let groups = [GeneralCategoryGroup::Letter, GeneralCategoryGroup::Number, GeneralCategoryGroup::Punctuation];
        let is_one = groups.iter().any(|group| group.contains(category(c)));
        is_one || GeneralCategoryGroup::Symbol.contains(category(c))
    };
    let mut scripts = std::collections::HashSet::new();
    // What is only ever part of the next letter is no letter alone: a few rephas.
    let leaning: Vec<char> = all(is_sign).filter(|c| leans_on_the_next(*c)).collect();
    assert!(leaning.len() < 20 && leaning.iter().all(|c| category(*c) == GeneralCategory::OtherLetter), "{leaning:?}");
    for c in all(is_sign).filter(|c| !is_blank(*c) && !is_ignorable(*c) && !leaning.contains(c)) {
        assert_eq!(checked(&c.to_string()), Ok(()), "U+{:04X}", u32::from(c));
        scripts.insert(script(c));
    }
    assert!(scripts.len() > 160 && scripts.contains(&Script::Osage), "{}", scripts.len());
}

proptest! {
    /// Whatever passes has no run of invisible characters longer than a flag's.
    #[test]
    fn nothing_long_can_be_hidden(text in "[a\u{200C}\u{200D}\u{200B}\u{FE0F}\u{E0061}\u{E007F}🏴🎸یकภ\u{2800}⠓ ]{1,24}") {
        if checked(&text).is_ok() {
            let hidden = text.split(|c| !is_invisible(c)).map(|run| run.chars().count()).max().unwrap_or(0);
            prop_assert!(hidden <= MOST_HIDDEN, "{text:?}");
            prop_assert!(text.chars().any(shows));
        }
    }
}

/// A flag's six letters and its end; and a joiner after a selector.
const MOST_HIDDEN: usize = 7;
