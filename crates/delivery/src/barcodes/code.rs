use rxing::BarcodeFormat;
use serde::{Deserialize, Serialize};

use crate::files::Refusal;

/// How many codes a file may have. No ticket has as many; of a file with more, no listing could claim all.
pub const MAX_CODES: usize = 20;
/// How long a code's text may be, in bytes. The largest QR code has less.
pub const MAX_TEXT: usize = 8 * 1024;

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
