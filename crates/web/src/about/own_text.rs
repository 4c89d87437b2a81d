use std::str::FromStr;

/// A text of several paragraphs, some of which may be headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnText(Vec<Block>);

/// A part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
}

/// Why it is none; the number is that of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// There is nothing.
    #[error("there is nothing in it")]
    Empty,
    /// It is longer than anybody reads.
    #[error("it is longer than {} KiB", OwnText::LONGEST / 1024)]
    TooLong,
    /// It contains a NUL, an escape, …
    #[error("line {line} has a control character (U+{code:04X})", line = .0, code = u32::from(*.1))]
    ControlCharacter(usize, char),
    /// It would show letters in another sequence than they are in.
    #[error("line {line} has a character that turns text round (U+{code:04X})", line = .0, code = u32::from(*.1))]
    TurnsRound(usize, char),
}

impl OwnText {
    /// The longest, in bytes.
    pub const LONGEST: usize = 64 * 1024;

    pub(crate) fn blocks(&self) -> &[Block] {
        &self.0
    }
}

impl FromStr for OwnText {
    type Err = InvalidText;

    /// Empty lines separate paragraphs. A line that begins with `# ` is a heading. Nothing else has a meaning.
    fn from_str(text: &str) -> Result<Self, InvalidText> {
        if text.len() > Self::LONGEST {
            return Err(InvalidText::TooLong);
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (mut blocks, mut paragraph) = (Vec::new(), Vec::new());
        for (number, line) in (1..).zip(text.lines()) {
            check(number, line)?;
            let line = line.trim();
            match line.strip_prefix("# ") {
                Some(heading) => {
                    finish(&mut paragraph, &mut blocks);
                    blocks.push(Block::Heading(heading.trim().to_owned()));
                }
                None if line.is_empty() => finish(&mut paragraph, &mut blocks),
                None => paragraph.push(line),
            }
        }
        finish(&mut paragraph, &mut blocks);
        if blocks.is_empty() { Err(InvalidText::Empty) } else { Ok(Self(blocks)) }
    }
}

/// Ends a paragraph, if one has begun.
fn finish(lines: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    if !lines.is_empty() {
        blocks.push(Block::Paragraph(lines.join(" ")));
        lines.clear();
    }
}

/// Marks and isolates that Arabic and Hebrew need are welcome: what they do ends with their paragraph.
fn check(number: usize, line: &str) -> Result<(), InvalidText> {
    let refused = line.chars().find_map(|c| match c {
        '\t' => None,
        '\u{202a}'..='\u{202e}' => Some(InvalidText::TurnsRound(number, c)),
        c if c.is_control() => Some(InvalidText::ControlCharacter(number, c)),
        _ => None,
    });
    refused.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(text: &str) -> Block {
        Block::Heading(text.to_owned())
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(text.to_owned())
    }

    #[test]
    fn empty_lines_separate_paragraphs_and_a_hash_makes_a_heading() {
        let text = "\u{feff}Before.\r\n\r\n# Terms \nOne\n  two.\n \n\nThree.\n# Law\n#none <b>\n## nor this\n";
        let read: OwnText = text.parse().expect("a text");
        let expected = [
            paragraph("Before."),
            heading("Terms"),
            paragraph("One two."),
            paragraph("Three."),
            heading("Law"),
            paragraph("#none <b> ## nor this"),
        ];
        assert_eq!(read.blocks(), expected);
    }

    #[test]
    fn what_nobody_can_read_is_refused_with_its_line() {
        for (text, error) in [
            (String::new(), InvalidText::Empty),
            ("\u{feff} \n\t\n".to_owned(), InvalidText::Empty),
            ("a".repeat(1024 * 1024), InvalidText::TooLong),
            ("One\nTwo\0".to_owned(), InvalidText::ControlCharacter(2, '\0')),
            ("One\rTwo".to_owned(), InvalidText::ControlCharacter(1, '\r')),
            ("One\n\nt\u{202e}owT".to_owned(), InvalidText::TurnsRound(3, '\u{202e}')),
        ] {
            assert_eq!(text.parse::<OwnText>(), Err(error));
        }
        assert!("a".repeat(OwnText::LONGEST).parse::<OwnText>().is_ok());
        assert!("\u{200f}שלום (12)\u{200f}".parse::<OwnText>().is_ok());
    }
}
