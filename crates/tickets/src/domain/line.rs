use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest title, name of a venue and so on, in characters.
const MAX_CHARS: usize = 200;

/// One line of text: trimmed, not empty, at most 200 characters, nothing that controls a
/// terminal or breaks a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Line(String);

/// Why something is no line. Each names what the line was meant to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidLine {
    /// It is missing or blank.
    #[error("{0} is required")]
    Missing(&'static str),
    /// It is a number, an object, …
    #[error("{0} must be text")]
    NotText(&'static str),
    /// It is too long.
    #[error("{0} must be at most {MAX_CHARS} characters")]
    TooLong(&'static str),
    /// It contains a line break, a tab, a NUL, …
    #[error("{0} must not contain control characters")]
    ControlCharacter(&'static str),
}

impl Line {
    /// Reads a line that must be there; `what` it is meant to be begins the messages.
    pub(crate) fn required(what: &'static str, value: &Value) -> Result<Self, InvalidLine> {
        Self::optional(what, value)?.ok_or(InvalidLine::Missing(what))
    }

    /// Reads a line that may be left out: `null` and blank text are none.
    pub(crate) fn optional(what: &'static str, value: &Value) -> Result<Option<Self>, InvalidLine> {
        match value {
            Value::Null => Ok(None),
            Value::String(text) => Self::from_text(what, text),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(InvalidLine::NotText(what)),
        }
    }

    /// Reads a line out of text; blank text is none.
    pub(crate) fn from_text(what: &'static str, text: &str) -> Result<Option<Self>, InvalidLine> {
        let text = text.trim();
        if text.is_empty() {
            Ok(None)
        } else if text.chars().any(char::is_control) {
            Err(InvalidLine::ControlCharacter(what))
        } else if text.chars().count() > MAX_CHARS {
            Err(InvalidLine::TooLong(what))
        } else {
            Ok(Some(Self(text.to_owned())))
        }
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_is_trimmed_and_counted_in_characters() {
        let line = Line::required("Title", &json!("  Łódź 🎸 \n")).expect("a line");
        assert_eq!(line.as_str(), "Łódź 🎸");
        assert!(Line::required("Title", &json!("é".repeat(200))).is_ok());
        let too_long = Line::required("Title", &json!("é".repeat(201))).expect_err("too long");
        assert_eq!(too_long.to_string(), "Title must be at most 200 characters");
    }

    #[test]
    fn nothing_and_blank_text_are_no_line() {
        for nothing in [json!(null), json!(""), json!(" \t\u{a0}")] {
            assert_eq!(Line::optional("Venue", &nothing), Ok(None), "{nothing}");
            assert_eq!(Line::required("Title", &nothing), Err(InvalidLine::Missing("Title")), "{nothing}");
        }
    }

    #[test]
    fn other_types_and_control_characters_are_refused() {
        for value in [json!(1), json!(true), json!(["a"]), json!({"$ne": null})] {
            assert_eq!(Line::optional("Title", &value), Err(InvalidLine::NotText("Title")), "{value}");
        }
        for text in ["a\nb", "a\0b", "a\u{1b}[31mb", "a\u{85}b"] {
            let parsed = Line::from_text("Title", text);
            assert_eq!(parsed, Err(InvalidLine::ControlCharacter("Title")), "{text:?}");
        }
    }
}
