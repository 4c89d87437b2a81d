//! How a typo is forgiven: of a word that is looked for, the known words are found that one typo makes it of.
//!
//! Two words that are one typo apart (a letter too few, too many or another one, or two letters in each other's
//! place) have a remainder in common: what is left of them without one letter, or the whole of one. So known words are
//! kept with their remainders, and looked up by those of the word that is sought.

use unicode_normalization::UnicodeNormalization;

use super::search_words::{LETTERS, is_unspaced};

/// How many letters a word has at least in which a typo is forgiven: shorter ones are too much alike.
const LEAST: usize = 5;

/// Whether a typo in the word is forgiven. Other numbers are no typos, and whoever writes without spaces selects words
/// from a list.
pub(crate) fn forgives_typos(word: &str) -> bool {
    // Korean is composed: its syllables count, as in other scripts the letters do.
    let has_length = (LEAST..LETTERS).contains(&word.nfc().count());
    has_length && !word.chars().any(|letter| letter.is_numeric() || is_unspaced(letter))
}

/// The word, and what is left of it without one of its letters.
pub(crate) fn remainders(word: &str) -> Vec<String> {
    let without = word.char_indices().map(|(at, letter)| [&word[..at], &word[at + letter.len_utf8()..]].concat());
    let mut remainders: Vec<String> = std::iter::once(word.to_owned()).chain(without).collect();
    remainders.sort_unstable();
    remainders.dedup();
    remainders
}

/// Whether the words are the same but for one typo.
pub(crate) fn is_one_typo_apart(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&one[..one.len() - end], &other[..other.len() - end]) {
        ([a, b], [c, d]) => a == d && b == c,
        (one, other) => one.len() <= 1 && other.len() <= 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_typo_is_a_letter_more_or_less_or_another_or_two_in_each_others_place() {
        for (one, other) in
            [("radiohead", "radiohed"), ("derby", "debry"), ("aida", "aidas"), ("тоска", "доска"), ("opera", "opera")]
        {
            assert!(is_one_typo_apart(one, other) && is_one_typo_apart(other, one), "{one} {other}");
        }
        for (one, other) in [("derby", "ybred"), ("abc", "cba"), ("opera", "opeaar"), ("", "ab"), ("тоска", "маска")]
        {
            assert!(!is_one_typo_apart(one, other) && !is_one_typo_apart(other, one), "{one} {other}");
        }
    }

    #[test]
    fn typos_are_forgiven_in_words_of_five_letters_and_more() {
        for word in ["derby", "москва", "beyonce", "הופעה", "안녕하세요"] {
            let word: String = word.nfkd().collect();
            assert!(forgives_typos(&word), "{word}");
        }
        for word in ["gala", "2027", "n0000017", "서울", "東京ドーム", "กรุงเทพ", ""] {
            let word: String = word.nfkd().collect();
            assert!(!forgives_typos(&word), "{word}");
        }
    }

    fn typo(word: &str, at: usize, kind: u8, letter: char) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        let at = at % letters.len();
        match kind % 4 {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letter),
            2 => letters[at] = letter,
            _ => letters.swap(at, (at + 1) % word.chars().count()),
        }
        letters.into_iter().collect()
    }

    proptest! {
        #[test]
        fn words_that_are_one_typo_apart_have_a_remainder_in_common(
            word in "[abcé]{5,9}", at in 0..9_usize, kind in 0..4_u8, letter in "[abd]",
        ) {
            // The last letter and the first are not beside each other.
            prop_assume!(kind != 3 || at % word.chars().count() + 1 < word.chars().count());
            let letter = letter.chars().next().expect("one letter");
            let mistyped = typo(&word, at, kind, letter);
            prop_assert!(is_one_typo_apart(&word, &mistyped));
            let known = remainders(&word);
            prop_assert!(remainders(&mistyped).iter().any(|remainder| known.contains(remainder)));
        }
    }
}
