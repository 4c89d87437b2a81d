//! Fuzz inputs for parsers: text that is almost valid. Random text alone seldom gets beyond the first byte
//! of a grammar.
//!
//! Each parser is tested next to its source; `docs/CHAOS.md` has the list. `PROPTEST_CASES=100000` tries
//! harder than the tests do.

mod edit;
mod json;

use proptest::prelude::*;

use edit::{Edit, edit};

pub use json::{json, json_like};

/// The maximum number of changes made to an example.
const EDITS: usize = 6;

/// Text like one of `examples`, with some changes; now and then any text at all.
pub fn text_like(examples: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        8 => (prop::sample::select(examples), edits()).prop_map(|(example, edits)| apply(example, edits)),
        1 => any::<String>(),
        1 => "[ -~]{0,40}",
    ]
}

/// `text` with at least one edit, which may have no effect.
pub fn edited(text: String) -> impl Strategy<Value = String> {
    edits().prop_map(move |edits| apply(&text, edits))
}

/// Bytes like those of one of `examples`, not always valid UTF-8.
pub fn bytes_like(examples: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let strays = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3);
    (text_like(examples), strays).prop_map(|(text, strays)| {
        let mut bytes = text.into_bytes();
        for (at, stray) in strays {
            bytes.insert(at.index(bytes.len() + 1), stray);
        }
        bytes
    })
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec(edit(), 1..=EDITS)
}

fn apply(text: &str, edits: Vec<Edit>) -> String {
    edits.into_iter().fold(text.chars().collect(), |text: Vec<char>, edit| edit.apply(text)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    use super::*;

    #[test]
    fn most_texts_are_like_the_example_and_not_it() {
        let (mut runner, strategy) = (TestRunner::deterministic(), text_like(&["0123456789abcdef"]));
        let texts: Vec<String> = (0..200).map(|_| strategy.new_tree(&mut runner).expect("a text").current()).collect();
        let alike = texts.iter().filter(|text| text.contains("012") || text.contains("def")).count();
        let changed = texts.iter().filter(|text| *text != "0123456789abcdef").count();
        assert!(alike > 100 && changed > 150, "{alike} alike, {changed} changed");
    }
}
