use proptest::prelude::*;
use proptest::sample::Index;

/// Characters that are special in some syntax.
const SPECIAL: &[char] = &[
    '0', '1', '9', 'a', 'z', 'A', 'f', 'T', 'Z', '-', '+', '_', '.', ',', ':', ';', '=', '/', '\\', '%', '&', '?', '#',
    '@', '"', '\'', '`', '<', '>', '(', ')', '[', ']', '{', '}', '$', '*', '|', '~', ' ', '\t', '\r', '\n', '\0',
    '\u{7f}', '\u{85}', '\u{a0}', 'é', 'İ', 'ß', '٣', '\u{301}', '\u{200d}', '\u{202e}', '\u{feff}', '\u{ffff}', '🎸',
];

/// One change to a text.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    Insert(Index, char),
    Replace(Index, char),
    Remove(Index, Index),
    Repeat(Index, Index, usize),
    Swap(Index, Index),
    CutAt(Index),
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let place = any::<Index>;
    let character = || prop_oneof![6 => prop::sample::select(SPECIAL), 1 => any::<char>()];
    prop_oneof![
        4 => (place(), character()).prop_map(|(at, c)| Edit::Insert(at, c)),
        4 => (place(), character()).prop_map(|(at, c)| Edit::Replace(at, c)),
        3 => (place(), place()).prop_map(|(from, to)| Edit::Remove(from, to)),
        2 => (place(), place(), 1_usize..5).prop_map(|(from, to, times)| Edit::Repeat(from, to, times)),
        1 => (place(), place()).prop_map(|(one, other)| Edit::Swap(one, other)),
        1 => place().prop_map(Edit::CutAt),
    ]
}

impl Edit {
    pub(super) fn apply(self, mut text: Vec<char>) -> Vec<char> {
        if text.is_empty() {
            text.push('0');
        }
        let range = |from: Index, to: Index| {
            let (from, to) = (from.index(text.len()), to.index(text.len()));
            from.min(to)..from.max(to) + 1
        };
        match self {
            Self::Insert(at, c) => text.insert(at.index(text.len() + 1), c),
            Self::Replace(at, c) => {
                let at = at.index(text.len());
                text[at] = c;
            }
            Self::Remove(from, to) => drop(text.drain(range(from, to))),
            Self::Repeat(from, to, times) => {
                let range = range(from, to);
                let repeated = text[range.clone()].repeat(times);
                text.splice(range.end..range.end, repeated);
            }
            Self::Swap(one, other) => {
                let (one, other) = (one.index(text.len()), other.index(text.len()));
                text.swap(one, other);
            }
            Self::CutAt(at) => text.truncate(at.index(text.len())),
        }
        text
    }
}
