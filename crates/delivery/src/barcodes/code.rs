use rxing::BarcodeFormat;
use serde::{Deserialize, Serialize};

/// How many codes of one file are told of.
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

/// The codes of one file: each once, and no more than [`MAX_CODES`].
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
    /// Adds a code that is not there yet. One that is empty or too long is none.
    pub(super) fn add(&mut self, code: Code) {
        let is_code = !code.text.is_empty() && code.text.len() <= MAX_TEXT;
        if is_code && self.0.len() < MAX_CODES && !self.0.contains(&code) {
            self.0.push(code);
        }
    }

    pub(super) fn into_vec(self) -> Vec<Code> {
        self.0
    }
}

impl Extend<Code> for Codes {
    fn extend<T: IntoIterator<Item = Code>>(&mut self, codes: T) {
        codes.into_iter().for_each(|code| self.add(code));
    }
}
