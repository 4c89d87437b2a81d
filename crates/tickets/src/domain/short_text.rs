use common::shown_text::{HiddenText, check_shown};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest title, name of a venue and so on, in characters.
pub(super) const MAX_CHARS: usize = 200;

/// One line of text: trimmed, not empty, at most 200 characters, without control characters (so
/// without line breaks), and such that it shows what it says. Those of before may not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ShortText(String);

/// Why a value is not such a text. Each holds the name of the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidText {
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
    /// It does not show what it says.
    #[error("{0} {1}")]
    Hidden(&'static str, HiddenText),
}

impl ShortText {
    /// Reads a text that must be there. The message of an error begins with `field`.
    pub(crate) fn required(field: &'static str, value: &Value) -> Result<Self, InvalidText> {
        Self::optional(field, value)?.ok_or(InvalidText::Missing(field))
    }

    /// Reads a text that may be left out: `null` and blank text are none.
    pub(crate) fn optional(field: &'static str, value: &Value) -> Result<Option<Self>, InvalidText> {
        match value {
            Value::Null => Ok(None),
            Value::String(text) => Self::from_text(field, text),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(InvalidText::NotText(field)),
        }
    }

    /// Checks a text; blank text is none.
    fn from_text(field: &'static str, text: &str) -> Result<Option<Self>, InvalidText> {
        let Some(text) = sought_text(field, text)? else { return Ok(None) };
        check_shown(text).map_err(|hidden| InvalidText::Hidden(field, hidden))?;
        Ok(Some(Self(text.to_owned())))
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

/// Checks a text that is looked for, which nobody is shown: it may hold what texts of before do. Blank text is none.
pub(crate) fn sought_text<'a>(field: &'static str, text: &'a str) -> Result<Option<&'a str>, InvalidText> {
    let text = text.trim();
    if text.is_empty() {
        Ok(None)
    } else if text.chars().any(char::is_control) {
        Err(InvalidText::ControlCharacter(field))
    } else if text.chars().count() > MAX_CHARS {
        Err(InvalidText::TooLong(field))
    } else {
        Ok(Some(text))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_trimmed_and_counted_in_characters() {
        let text = ShortText::required("Title", &json!("  Łódź 🎸 \n")).expect("a text");
        assert_eq!(text.as_str(), "Łódź 🎸");
        assert!(ShortText::required("Title", &json!("é".repeat(200))).is_ok());
        let too_long = ShortText::required("Title", &json!("é".repeat(201))).expect_err("too long");
        assert_eq!(too_long.to_string(), "Title must be at most 200 characters");
    }

    #[test]
    fn null_and_blank_text_are_no_text() {
        for empty in [json!(null), json!(""), json!(" \t\u{a0}")] {
            assert_eq!(ShortText::optional("Venue", &empty), Ok(None), "{empty}");
            assert_eq!(ShortText::required("Title", &empty), Err(InvalidText::Missing("Title")), "{empty}");
        }
    }

    #[test]
    fn other_types_and_control_characters_are_refused() {
        for value in [json!(1), json!(true), json!(["a"]), json!({"$ne": null})] {
            assert_eq!(ShortText::optional("Title", &value), Err(InvalidText::NotText("Title")), "{value}");
        }
        for text in ["a\nb", "a\0b", "a\u{1b}[31mb", "a\u{85}b"] {
            let parsed = ShortText::from_text("Title", text);
            assert_eq!(parsed, Err(InvalidText::ControlCharacter("Title")), "{text:?}");
        }
    }

    #[test]
    fn a_text_shows_what_it_says() {
        for (text, said) in [
            ("\u{3164}", "Title must not contain invisible characters (U+3164)"),
            ("Row A\u{200B}", "Title must not contain invisible characters (U+200B)"),
            ("a\u{202E}b", "Title must not contain characters that turn text round (U+202E)"),
            ("a\u{2028}b", "Title must be one line"),
            ("\u{301}", "Title must contain something that can be seen"),
        ] {
            let refused = [ShortText::required("Title", &json!(text)), ShortText::required("Title", &json!(text))];
            assert_eq!(
                refused.map(|text| text.map_err(|error| error.to_string())),
                [Err(said.into()), Err(said.into())]
            );
        }
        let family = "می\u{200C}خواهم 👨\u{200D}👩\u{200D}👧";
        assert_eq!(ShortText::required("Title", &json!(family)).expect("a text").as_str(), family);
    }

    #[test]
    fn texts_of_before_can_be_read_and_looked_for() {
        let kept: ShortText = serde_json::from_value(json!("Gala\u{200B}")).expect("a record of before");
        assert_eq!(kept.as_str(), "Gala\u{200B}");
        assert_eq!(sought_text("q", " Gala\u{200B} "), Ok(Some("Gala\u{200B}")));
        assert_eq!(sought_text("q", "a\nb"), Err(InvalidText::ControlCharacter("q")));
    }
}
