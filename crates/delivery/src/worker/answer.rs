use serde::{Deserialize, Serialize};

use crate::files::Refusal;
use crate::inspection::Inspection;

/// How long an answer may be: more than [`MAX_CODES`](crate::barcodes::MAX_CODES) codes take, whatever they say.
pub const MAX_ANSWER: u64 = 2 * 1024 * 1024;

/// What a worker says of its file, once, as JSON: `{"inspected":{...}}` or `{"refused":"..."}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is taken.
    Inspected(Inspection),
    /// It is not.
    Refused(Refusal),
}

impl From<Result<Inspection, Refusal>> for Answer {
    fn from(inspected: Result<Inspection, Refusal>) -> Self {
        inspected.map_or_else(Self::Refused, Self::Inspected)
    }
}

impl From<Answer> for Result<Inspection, Refusal> {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Inspected(inspection) => Ok(inspection),
            Answer::Refused(refusal) => Err(refusal),
        }
    }
}

impl Answer {
    /// The answer in what a worker wrote; `None` if it is anything else.
    pub(super) fn read(written: &[u8]) -> Option<Self> {
        serde_json::from_slice(written).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcodes::{Code, MAX_CODES, MAX_TEXT, Symbology};
    use crate::files::Kind;

    fn inspected(text: &str, codes: usize) -> Answer {
        let code = Code { symbology: Symbology::Pdf417, text: text.to_owned() };
        Answer::Inspected(Inspection { kind: Kind::Pkpass, codes: vec![code; codes] })
    }

    #[test]
    fn the_format_stays() {
        let json = r#"{"inspected":{"kind":"pkpass","codes":[{"symbology":"pdf417","text":"A\u0000\"ł"}]}}"#;
        assert_eq!(Answer::read(json.as_bytes()), Some(inspected("A\0\"ł", 1)));
        assert_eq!(serde_json::to_string(&inspected("A\0\"ł", 1)).expect("is JSON"), json);
        let json = r#"{"refused":"too_many_pixels"}"#;
        assert_eq!(Answer::read(json.as_bytes()), Some(Answer::Refused(Refusal::TooManyPixels)));
    }

    #[test]
    fn the_longest_answer_is_no_flood() {
        let longest = serde_json::to_vec(&inspected(&"\u{1}".repeat(MAX_TEXT), MAX_CODES)).expect("is JSON");
        assert!((longest.len() as u64) < MAX_ANSWER, "{}", longest.len());
    }

    #[test]
    fn anything_else_is_no_answer() {
        for written in ["", "{}", "[]", r#"{"refused":"no"}"#, r#"{"refused":"empty"}{"refused":"empty"}"#, "panic"] {
            assert_eq!(Answer::read(written.as_bytes()), None, "{written}");
        }
    }
}
