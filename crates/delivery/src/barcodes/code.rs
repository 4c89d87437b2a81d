use rxing::BarcodeFormat;
use serde::{Deserialize, Serialize};

use crate::files::Refusal;

/// How many codes a file may have. No ticket has as many; of a file with more, no listing could claim all.
pub const MAX_CODES: usize = 20;
/// How long a code's text may be, in bytes. The largest QR code has less.
pub const MAX_TEXT: usize = 8 * 1024;

/// How many bytes the largest QR code has.
const MAX_QR: usize = 2_953;
/// How many letters the page of an order draws of a code with more than one row; more would not be read from a screen.
const MAX_ROWS: usize = 500;
/// How many letters a code of one row has. One with more is wider than any reader takes.
const MAX_LINE: usize = 80;

/// How a code is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Symbology {
    /// QR.
    Qr,
    /// Aztec.
    Aztec,
    /// PDF417.
    Pdf417,
    /// Code 128.
    Code128,
}

/// One code that was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Code {
    /// How it is drawn.
    pub symbology: Symbology,
    /// What it says.
    pub text: String,
}

impl Code {
    /// Whether the page of an order can draw it again. Of other letters than these nobody knows with which bytes a code
    /// other than QR was written, so the page draws none with them.
    pub(crate) fn can_be_drawn(&self) -> bool {
        let most = match self.symbology {
            Symbology::Qr => return self.text.len() <= MAX_QR,
            Symbology::Aztec | Symbology::Pdf417 => MAX_ROWS,
            Symbology::Code128 => MAX_LINE,
        };
        self.text.len() <= most && self.text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    }
}

/// The codes of one file: each once.
#[derive(Default)]
pub(super) struct Codes(Vec<Code>);

impl Symbology {
    pub(crate) const ALL: [Self; 4] = [Self::Qr, Self::Aztec, Self::Pdf417, Self::Code128];

    pub(crate) fn format(self) -> BarcodeFormat {
        match self {
            Self::Qr => BarcodeFormat::QR_CODE,
            Self::Aztec => BarcodeFormat::AZTEC,
            Self::Pdf417 => BarcodeFormat::PDF_417,
            Self::Code128 => BarcodeFormat::CODE_128,
        }
    }

    pub(super) fn of_format(format: BarcodeFormat) -> Option<Self> {
        Self::ALL.into_iter().find(|symbology| symbology.format() == format)
    }
}

impl Codes {
    /// Adds a code that is not there yet. One that is empty or too long is none. What is more than one too many changes
    /// nothing.
    pub(super) fn add(&mut self, code: Code) {
        let is_code = !code.text.is_empty() && code.text.len() <= MAX_TEXT;
        if is_code && self.0.len() <= MAX_CODES && !self.0.contains(&code) {
            self.0.push(code);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them. A code that is left out could be the one that somebody sold already.
    pub(super) fn all(self) -> Result<Vec<Code>, Refusal> {
        if self.0.len() > MAX_CODES { Err(Refusal::TooManyCodes) } else { Ok(self.0) }
    }
}

impl IntoIterator for Codes {
    type Item = Code;
    type IntoIter = std::vec::IntoIter<Code>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Extend<Code> for Codes {
    fn extend<T: IntoIterator<Item = Code>>(&mut self, codes: T) {
        codes.into_iter().for_each(|code| self.add(code));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    #[test]
    fn the_longest_text_that_is_taken_is_drawn() {
        let code =
            |symbology, letters: &str, length| Code { symbology, text: letters.chars().cycle().take(length).collect() };
        // Letters of one kind, and those that make a code longest since they change from kind to kind.
        for letters in ["A", "aA0~"] {
            for (symbology, most) in Symbology::ALL.into_iter().zip([MAX_QR, MAX_ROWS, MAX_ROWS, MAX_LINE]) {
                assert!(!code(symbology, letters, most + 1).can_be_drawn(), "{symbology:?}");
                let longest = code(symbology, letters, most);
                assert!(longest.can_be_drawn(), "{symbology:?}");
                let _ = drawn(&longest, 1);
            }
        }
    }

    #[test]
    fn what_the_page_does_not_draw_is_not_taken() {
        for text in ["Stra\u{df}e", "A\u{1d}B", "\u{141}"] {
            for symbology in Symbology::ALL {
                let code = Code { symbology, text: text.to_owned() };
                assert_eq!(code.can_be_drawn(), symbology == Symbology::Qr, "{symbology:?} {text}");
            }
        }
    }
}
