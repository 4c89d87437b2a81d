//! Text without what people leave out when they search: case, accents, the strokes of letters.

use unicode_normalization::UnicodeNormalization;

use crate::search_text;

/// The text without case, accents and strokes.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in search_text(text).chars() {
        match plain(letter) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
    folded
}

/// The folded text with two letters for those that are written so where their keys are missing: "Koeln" for "Köln".
/// `None` if there are no such letters.
pub fn spelled_out(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let composed: Vec<char> = text.nfc().collect();
    if !composed.iter().any(|letter| two_letters(*letter).is_some()) {
        return None;
    }
    let mut spelled = String::with_capacity(text.len() + 4);
    for letter in composed {
        match two_letters(letter) {
            Some(letters) => spelled.push_str(letters),
            None => spelled.push(letter),
        }
    }
    Some(folded(&spelled))
}

/// What people write for a letter whose keyboard they do not have. Unicode takes accents off, but not these.
///
/// The Latin letters are those of CLDR's transform `Latin-ASCII` (unicode.org, `common/transforms/Latin-ASCII.xml`)
/// that have no decomposition and are letters of a living language; and `ə` and `ɔ`, which it leaves out. The Arabic
/// ones are those that Lucene's `ArabicNormalizer` and `PersianNormalizer` take for each other.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ƕ' => "hv",
        'ƣ' => "oi",
        'ⱥ' => "a",
        'ƀ' | 'ƃ' | 'ɓ' => "b",
        'ƈ' | 'ȼ' | 'ɕ' => "c",
        'đ' | 'ð' | 'ɖ' | 'ɗ' | 'ƌ' => "d",
        'ɛ' | 'ɇ' | 'ə' | 'ǝ' => "e",
        'ƒ' => "f",
        'ǥ' | 'ɠ' | 'ɡ' => "g",
        'ħ' | 'ⱨ' | 'ɦ' => "h",
        'ı' | 'ɨ' | 'ɪ' | 'ɩ' => "i",
        'ȷ' | 'ɉ' | 'ɟ' => "j",
        'ƙ' | 'ⱪ' | 'ꝁ' => "k",
        'ł' | 'ƚ' | 'ɫ' | 'ɬ' => "l",
        'ŋ' | 'ƞ' | 'ɲ' => "n",
        'ø' | 'ɔ' => "o",
        'ƥ' => "p",
        'ĸ' => "q",
        'ɍ' | 'ɽ' => "r",
        'ȿ' => "s",
        'ŧ' | 'ƫ' | 'ƭ' | 'ʈ' | 'ⱦ' => "t",
        'ʉ' => "u",
        'ʋ' => "v",
        'ⱳ' => "w",
        'ƴ' | 'ɏ' => "y",
        'ƶ' | 'ȥ' | 'ɀ' | 'ⱬ' => "z",
        'ς' => "σ",
        'ـ' => "",
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ة' => "ه",
        _ => return None,
    })
}

/// In German, Danish, Norwegian, Swedish, Finnish and Serbo-Croatian.
fn two_letters(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ä' | 'Ä' => "ae",
        'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
        'ü' | 'Ü' => "ue",
        'å' | 'Å' => "aa",
        'đ' | 'Đ' => "dj",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_written_without_their_strokes_and_accents() {
        for (written, plain) in [
            ("Łódź", "lodz"),
            ("TROMSØ", "tromso"),
            ("Straße STRASSE", "strasse strasse"),
            ("Ɓaƙi Ŋǥǝ Əliağa", "baki nge eliaga"),
            ("Þórr Œuvre Đà Ħal ıI", "thorr oeuvre da hal ii"),
            ("کنسرت مصطفى قـــاعة", "كنسرت مصطفي قاعه"),
            ("ὈΔΥΣΣΕΎΣ", "οδυσσευσ"),
        ] {
            assert_eq!(folded(written), plain, "{written}");
        }
    }

    #[test]
    fn some_letters_can_be_written_as_two() {
        for (written, spelled) in [
            ("Köln", Some("koeln")),
            ("KO\u{308}LN", Some("koeln")),
            ("Tromsø Ålesund", Some("tromsoe aalesund")),
            ("Đoković ä", Some("djokovic ae")),
            ("Łódź", None),
            ("Koeln", None),
        ] {
            assert_eq!(spelled_out(written).as_deref(), spelled, "{written}");
        }
    }
}
