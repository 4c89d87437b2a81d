//! A letter as plain text.

use std::fmt::Write;

use super::templates::Value;
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
    for fact in &letter.facts {
        write!(text, "\n{}", line(fact)).expect("a string takes everything");
    }
    if let Some(Link { label, url }) = &letter.link {
        // On a line of its own and whole, so that mail programs make a link of it.
        write!(text, "\n\n{label}:\n{url}").expect("a string takes everything");
    }
    // What is below this mark is known to be a signature.
    write!(text, "\n\n-- \n{}\n", wrapped(&letter.footer)).expect("a string takes everything");
    text
}

/// What the letter says in one place of a template.
pub(super) fn value(letter: &Letter, value: Value) -> String {
    match value {
        Value::Subject => one_line(&letter.subject),
        Value::Heading => wrapped(&letter.heading),
        Value::Paragraphs => {
            letter.paragraphs.iter().map(|paragraph| wrapped(paragraph)).collect::<Vec<_>>().join("\n\n")
        }
        Value::Facts => letter.facts.iter().map(line).collect::<Vec<_>>().join("\n"),
        Value::Link => letter.link.as_ref().map(|link| link.url.clone()).unwrap_or_default(),
        Value::Label => letter.link.as_ref().map(|link| link.label.to_owned()).unwrap_or_default(),
        Value::Footer => wrapped(&letter.footer),
    }
}

fn line(Fact { name, value }: &Fact) -> String {
    format!("{name}: {}", one_line(value))
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
