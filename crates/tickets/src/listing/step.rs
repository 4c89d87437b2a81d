//! The steps of a search by words. The result of each comes after those of the steps before it, and holds nothing of
//! them, so that together they are one list: first the tickets that have the words as they were written, then those that
//! have words which begin with them, then those in which one typo makes the difference.
//!
//! Where all these are empty, there is what is near: tickets that have most of the words, one of the words, or a
//! word that begins like one of them.

use std::fmt;

use ports::store::{Condition, SoughtText};

use crate::domain::SoughtWord;
use crate::store::fields;

/// Of how many words, the longest, it is tried to do without one.
const LEFT_OUT: usize = 4;
/// How many letters of a word its beginning has at least.
const LEAST_BEGINNING: usize = 4;

/// One of the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Step(pub(super) usize);

impl Step {
    /// The tickets that have all words.
    pub(crate) const WHOLE: Self = Self(0);
    /// The other tickets that have words which begin with them.
    pub(crate) const BEGUN: Self = Self(1);
    /// The other tickets that have them but for typos.
    pub(crate) const MISTYPED: Self = Self(2);
    /// Those that nearly have them: with all words but one, with one word alone, and with its beginning.
    pub(crate) const NEAR: [Self; 3 * LEFT_OUT] = {
        let mut steps = [Self(3); 3 * LEFT_OUT];
        let mut number = 0;
        while number < steps.len() {
            steps[number].0 += number;
            number += 1;
        }
        steps
    };
    /// The last of all.
    pub(super) const LAST: usize = 2 + 3 * LEFT_OUT;

    /// Those of which all results make one list.
    pub(crate) const LISTED: [Self; 3] = [Self::WHOLE, Self::BEGUN, Self::MISTYPED];

    /// Reads its number.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())??;
        (number <= Self::LAST).then_some(Self(number))
    }

    /// Whether what it finds only comes near to what was sought.
    pub(crate) fn is_near(self) -> bool {
        self > Self::MISTYPED
    }

    /// Whether the words have to be known that are like the sought ones.
    pub(crate) fn forgives_typos(self) -> bool {
        self >= Self::MISTYPED
    }

    /// What the tickets have that it finds. `like` are the known words that are like each of the sought ones.
    /// `None` if it finds nothing that another step does not find.
    pub(crate) fn conditions(self, words: &[SoughtWord], like: &[Vec<String>]) -> Option<Vec<Condition>> {
        let mistyped = |number: usize| has_like(&words[number], &like[number]);
        match self {
            Self::WHOLE => Some(words.iter().map(has_whole).collect()),
            Self::BEGUN => Some(but_not(words.iter().map(has_begun), words.iter().map(has_whole))),
            Self::MISTYPED if like.iter().all(Vec::is_empty) => None,
            Self::MISTYPED => Some(but_not((0..words.len()).map(mistyped), words.iter().map(has_begun))),
            Self(near) => {
                let (kind, number) = ((near - 3) / LEFT_OUT, (near - 3) % LEFT_OUT);
                let count = words.len().min(LEFT_OUT);
                match kind {
                    // The shortest says least.
                    0 if number < count && words.len() > 2 => {
                        let others = (0..words.len()).filter(|other| *other != count - 1 - number);
                        Some(others.map(mistyped).collect())
                    }
                    1 if number < count && words.len() > 1 => Some(vec![mistyped(number)]),
                    2 if number < count => Some(vec![has_beginning(&words[number])?]),
                    _ => None,
                }
            }
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn but_not(have: impl Iterator<Item = Condition>, all: impl Iterator<Item = Condition>) -> Vec<Condition> {
    have.chain(std::iter::once(Condition::NotAll(all.collect()))).collect()
}

fn has_whole(word: &SoughtWord) -> Condition {
    Condition::HasAny(fields::WORDS, word.spellings().iter().cloned().map(SoughtText::Whole).collect())
}

fn has_begun(word: &SoughtWord) -> Condition {
    has_like(word, &[])
}

fn has_like(word: &SoughtWord, like: &[String]) -> Condition {
    let begun = word.spellings().iter().cloned().map(SoughtText::Beginning);
    let like = like.iter().cloned().map(SoughtText::Whole);
    Condition::HasAny(fields::WORDS, begun.chain(like).collect())
}

/// Three quarters of it.
fn has_beginning(word: &SoughtWord) -> Option<Condition> {
    let shortened = |word: &String| word.chars().take(word.chars().count() * 3 / 4).collect::<String>();
    let is_long = word.letters() * 3 / 4 >= LEAST_BEGINNING;
    let shortened = word.spellings().iter().map(shortened).map(SoughtText::Beginning);
    is_long.then(|| Condition::HasAny(fields::WORDS, shortened.collect()))
}
