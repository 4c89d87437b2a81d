//! A letter as plain text.

use std::fmt::Write;

use super::{Fact, Letter, Link, one_line};

/// How wide lines are, where words allow it.
const WIDTH: usize = 72;

/// The letter in lines that any mail program can show.
pub(super) fn render(letter: &Letter) -> String {
    let mut text = wrapped(&letter.heading);
    for paragraph in &letter.paragraphs {
        write!(text, "\n\n{}", wrapped(paragraph)).expect("a string takes everything");
    }
    if !letter.facts.is_empty() {
        text.push('\n');
    }
    for Fact { name, value } in &letter.facts {
        write!(text, "\n{name}: {}", one_line(value)).expect("a string takes everything");
    }
    if let Some(Link { label, url }) = &letter.link {
        // On a line of its own and whole, so that mail programs make a link of it.
        write!(text, "\n\n{label}:\n{url}").expect("a string takes everything");
    }
    // What is below this mark is known to be a signature.
    write!(text, "\n\n-- \n{}\n", wrapped(&letter.footer)).expect("a string takes everything");
    text
}

/// Broken into lines between words, but not where a space is meant to hold: `75,50 €`.
fn wrapped(text: &str) -> String {
    let (mut lines, mut length) = (String::new(), 0);
    for word in text.split_ascii_whitespace() {
        let width = word.chars().count();
        if length > 0 && length + 1 + width > WIDTH {
            lines.push('\n');
            length = 0;
        } else if length > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += width;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_only() {
        assert_eq!(wrapped("  one\ttwo\nthree "), "one two three");
        assert_eq!(wrapped("75,50\u{a0}€"), "75,50\u{a0}€");
        let long = "x".repeat(WIDTH + 1);
        assert_eq!(wrapped(&format!("one {long} two")), format!("one\n{long}\ntwo"));
        let lines = wrapped(&"word ".repeat(98));
        assert!(lines.lines().all(|line| line.len() <= WIDTH && line.len() > WIDTH - 5), "{lines}");
    }
}
