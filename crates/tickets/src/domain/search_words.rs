//! The words by which tickets are found.
//!
//! A ticket keeps the words of its texts; whoever searches for the beginnings of all of some words finds it.
//! Case, accents and the strokes of letters do not matter, and "Köln" is found by "Koln" and by "Koeln". Where a script puts no spaces between words, a word
//! begins at every letter, so that any part of the text is found.

use wording::{folded, spelled_out};

/// How many words of a ticket are kept: more than its fields have in sensible texts.
const KEPT: usize = 128;
/// How many words are looked for; what is written beyond them cannot make a result much smaller.
const SOUGHT: usize = 12;
/// How many letters of a word count.
pub(super) const LETTERS: usize = 32;
/// How many letters of a text without spaces count from each of them; one may look for longer parts, in pieces.
const PIECE: usize = 8;

/// Which rule the words of a ticket were made by, its day at the venue, which it has since the third, and what its venue
/// can be called, since the fourth. Whoever changes what [`search_words`] makes of a text counts up.
pub(crate) const WORDS_RULE: u32 = 4;

/// A word that is looked for: the ways to spell it, as it is written first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SoughtWord(Vec<String>);

impl SoughtWord {
    /// The ways to spell it.
    pub(crate) fn spellings(&self) -> &[String] {
        &self.0
    }

    /// How long it is as it is written.
    pub(crate) fn letters(&self) -> usize {
        self.0.first().map_or(0, |word| word.chars().count())
    }

    /// Whether a text with the beginning `other` has this one, too.
    fn is_implied_by(&self, other: &Self) -> bool {
        other.0.iter().all(|longer| self.0.iter().any(|word| longer.starts_with(word)))
    }
}

/// The words that a ticket with these texts is found by; those of the first texts come first.
pub(crate) fn search_words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let texts: Vec<&str> = texts.into_iter().collect();
    let mut words = Vec::new();
    for text in &texts {
        keep_words(&mut words, &folded(text));
    }
    for spelled in texts.into_iter().filter_map(spelled_out) {
        keep_words(&mut words, &spelled);
    }
    words.truncate(KEPT);
    words
}

/// The beginnings of words that must all be found for a text to be found, the longest first: they are likely to
/// be the rarest.
pub(crate) fn sought_words(text: &str) -> Vec<SoughtWord> {
    let mut sought: Vec<SoughtWord> = text.split_whitespace().flat_map(words_of).collect();
    sought.sort_by_key(|word| std::cmp::Reverse(word.letters()));
    let mut words: Vec<SoughtWord> = Vec::new();
    for word in sought {
        // Where "hamilton" is found, so is "ham".
        if !words.iter().any(|longer| word.is_implied_by(longer)) {
            words.push(word);
        }
    }
    words.truncate(SOUGHT);
    words
}

/// The words in a text without spaces.
fn words_of(text: &str) -> Vec<SoughtWord> {
    let parts = |folded: &str| -> Vec<String> {
        let parts = chunks(folded).flat_map(|chunk| chunk.split(is_apostrophe)).filter(|part| !part.is_empty());
        parts.flat_map(pieces).collect()
    };
    let written = parts(&folded(text));
    let spelled = spelled_out(text).map(|spelled| parts(&spelled)).filter(|spelled| spelled.len() == written.len());
    let Some(spelled) = spelled else { return written.into_iter().map(|word| SoughtWord(vec![word])).collect() };
    let both = written.into_iter().zip(spelled);
    both.map(|(word, spelled)| SoughtWord(if word == spelled { vec![word] } else { vec![word, spelled] })).collect()
}

fn keep_words(words: &mut Vec<String>, folded: &str) {
    for chunk in chunks(folded) {
        let parts: Vec<&str> = chunk.split(is_apostrophe).filter(|part| !part.is_empty()).collect();
        for part in &parts {
            keep_word(words, part);
        }
        if parts.len() > 1 {
            // Also as one writes it in a hurry: "rocknroll".
            keep_word(words, &parts.concat());
        }
    }
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

/// Whether the letter's script puts no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests;
