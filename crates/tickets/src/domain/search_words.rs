//! The words by which tickets are found.
//!
//! A ticket keeps the words of its texts; whoever searches for the beginnings of all of some words finds it.
//! Case, accents and the strokes of letters do not matter. Where a script puts no spaces between words, a word
//! begins at every letter, so that any part of the text is found.

use super::search_text::search_text;

/// How many words of a ticket are kept: more than its fields have in sensible texts.
const KEPT: usize = 128;
/// How many words are looked for; what is written beyond them cannot make a result much smaller.
const SOUGHT: usize = 12;
/// How many letters of a word count.
const LETTERS: usize = 32;
/// How many letters of a text without spaces count from each of them; one may look for longer parts, in pieces.
const PIECE: usize = 8;

/// The words that a ticket with these texts is found by; those of the first texts come first.
pub(crate) fn search_words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut words = Vec::new();
    for text in texts {
        for chunk in chunks(&folded(text)) {
            let parts: Vec<&str> = chunk.split(is_apostrophe).filter(|part| !part.is_empty()).collect();
            for part in &parts {
                keep_word(&mut words, part);
            }
            if parts.len() > 1 {
                // Also as one writes it in a hurry: "rocknroll".
                keep_word(&mut words, &parts.concat());
            }
        }
    }
    words.truncate(KEPT);
    words
}

/// The beginnings of words that must all be found for a text to be found, the longest first: they are likely to
/// be the rarest.
pub(crate) fn sought_words(text: &str) -> Vec<String> {
    let folded = folded(text);
    let parts = chunks(&folded).flat_map(|chunk| chunk.split(is_apostrophe)).filter(|part| !part.is_empty());
    let mut sought: Vec<String> = parts.flat_map(pieces).collect();
    sought.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut words: Vec<String> = Vec::new();
    for word in sought {
        // Where "hamilton" is found, so is "ham".
        if !words.iter().any(|longer| longer.starts_with(&word)) {
            words.push(word);
        }
    }
    words.truncate(SOUGHT);
    words
}

fn keep_word(words: &mut Vec<String>, part: &str) {
    if !part.chars().any(is_unspaced) {
        return keep_once(words, start(part, LETTERS));
    }
    for (position, _) in part.char_indices() {
        keep_once(words, start(&part[position..], PIECE));
    }
}

fn keep_once(words: &mut Vec<String>, word: &str) {
    if words.len() < KEPT && !words.iter().any(|kept| kept == word) {
        words.push(word.to_owned());
    }
}

/// A part of what is looked for, in pieces that [`keep_word`] keeps words for.
fn pieces(part: &str) -> Vec<String> {
    if !part.chars().any(is_unspaced) {
        return vec![start(part, LETTERS).to_owned()];
    }
    let letters: Vec<char> = part.chars().collect();
    letters.chunks(PIECE).map(|piece| piece.iter().collect()).collect()
}

fn start(word: &str, letters: usize) -> &str {
    word.char_indices().nth(letters).map_or(word, |(end, _)| &word[..end])
}

/// The words with their apostrophes.
fn chunks(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|letter: char| !letter.is_alphanumeric() && !is_apostrophe(letter))
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | 'ʼ')
}

/// The text without case, accents and strokes.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in search_text(text).chars() {
        match without_stroke(letter) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
    folded
}

/// What people write for a letter whose keyboard they do not have. Unicode takes accents off, but not these.
fn without_stroke(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' => "o",
        'ł' | 'ƚ' => "l",
        'đ' | 'ð' | 'ɖ' => "d",
        'ħ' => "h",
        'ı' | 'ɨ' => "i",
        'ŧ' => "t",
        'ŋ' => "n",
        'ƀ' => "b",
        'ǥ' => "g",
        'ƶ' => "z",
        'ς' => "σ",
        _ => return None,
    })
}

/// Whether the letter's script puts no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests;
