use std::fmt;
use std::str::FromStr;

use common::shown_text::{HiddenText, check_shown};

/// The longest line, in characters.
const LONGEST: usize = 200;
/// The most lines of an address.
const MOST_LINES: usize = 12;

/// One line that shows what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(String);

/// The lines of a postal address, of which there is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalAddress(Vec<Line>);

/// Why a text is no such line, or no such lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLine {
    /// There is nothing.
    #[error("must not be blank")]
    Blank,
    /// It is too long.
    #[error("a line must be at most {LONGEST} characters")]
    TooLong,
    /// There are too many.
    #[error("must be at most {MOST_LINES} lines")]
    TooMany,
    /// It contains a tab, a NUL, …
    #[error("must not contain control characters")]
    ControlCharacter,
    /// It does not show what it says.
    #[error("{0}")]
    Hidden(#[from] HiddenText),
}

impl Line {
    /// What it says.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Line {
    type Err = InvalidLine;

    fn from_str(text: &str) -> Result<Self, InvalidLine> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidLine::Blank);
        }
        if text.chars().any(char::is_control) {
            return Err(InvalidLine::ControlCharacter);
        }
        if text.chars().count() > LONGEST {
            return Err(InvalidLine::TooLong);
        }
        check_shown(text)?;
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PostalAddress {
    /// Its lines.
    pub fn lines(&self) -> &[Line] {
        &self.0
    }
}

impl FromStr for PostalAddress {
    type Err = InvalidLine;

    /// A line ends with a line break, or with the two characters `\n`: many files of settings have no line breaks in
    /// values.
    fn from_str(text: &str) -> Result<Self, InvalidLine> {
        let text = text.replace("\\n", "\n");
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let lines = lines.map(str::parse).collect::<Result<Vec<Line>, _>>()?;
        match lines.len() {
            0 => Err(InvalidLine::Blank),
            count if count > MOST_LINES => Err(InvalidLine::TooMany),
            _ => Ok(Self(lines)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_that_shows_what_it_says() {
        for (text, line) in [(" Ada & Co. ", "Ada & Co."), ("<b>Ada</b>", "<b>Ada</b>"), ("עדה", "עדה")] {
            assert_eq!(text.parse::<Line>().expect(text).as_str(), line);
        }
        for (text, error) in [
            (" ".to_owned(), InvalidLine::Blank),
            ("Ada\nCo.".to_owned(), InvalidLine::ControlCharacter),
            ("A".repeat(201), InvalidLine::TooLong),
            ("Ada\u{202e}".to_owned(), InvalidLine::Hidden(HiddenText::TurnsRound('\u{202e}'))),
            ("\u{3164}".to_owned(), InvalidLine::Hidden(HiddenText::Invisible('\u{3164}'))),
        ] {
            assert_eq!(text.parse::<Line>(), Err(error), "{text}");
        }
    }

    #[test]
    fn an_address_has_lines_however_they_are_separated() {
        for text in ["1 Quay Street\nPort", "1 Quay Street\\nPort\\n", "\r\n1 Quay Street\r\n\r\n Port"] {
            let address: PostalAddress = text.parse().expect(text);
            let lines: Vec<_> = address.lines().iter().map(Line::as_str).collect();
            assert_eq!(lines, ["1 Quay Street", "Port"], "{text:?}");
        }
        assert_eq!("\\n \n".parse::<PostalAddress>(), Err(InvalidLine::Blank));
        assert_eq!("a\n".repeat(13).parse::<PostalAddress>(), Err(InvalidLine::TooMany));
        let turned = "Port\n\u{202e}teertS".parse::<PostalAddress>();
        assert_eq!(turned, Err(InvalidLine::Hidden(HiddenText::TurnsRound('\u{202e}'))));
    }
}
