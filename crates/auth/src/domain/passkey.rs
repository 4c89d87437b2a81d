use common::id::PasskeyId;
use common::shown_text::{HiddenText, check_shown};
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
const MAX_CHARACTERS: usize = 64;

/// A key pair of which the owner's device has the private half, and we the public one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Passkey {
    pub(crate) id: PasskeyId,
    pub(crate) name: PasskeyName,
    pub(crate) created_at: Timestamp,
    #[serde(default)]
    pub(crate) last_used_at: Option<Timestamp>,
    #[serde(flatten)]
    pub(crate) credential: Credential,
}

/// What an authenticator has made for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Credential {
    /// What the authenticator calls it.
    pub(crate) credential_id: String,
    /// The public key, how often it has signed, and what else is needed to check a signature.
    pub(crate) public_key: String,
}

/// What its owner calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PasskeyName(String);

/// It is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidPasskeyName {
    /// It is empty, too long, or holds control characters.
    #[error("Name must be between 1 and {MAX_CHARACTERS} characters")]
    Length,
    /// It does not show what it says.
    #[error("Name {0}")]
    Hidden(HiddenText),
}

impl PasskeyName {
    /// Reads a request's field. White space is as good as a blank, and of several as good as one.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidPasskeyName> {
        // What is far too long is not even looked at.
        if text.len() > 16 * MAX_CHARACTERS {
            return Err(InvalidPasskeyName::Length);
        }
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_named = (1..=MAX_CHARACTERS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if !is_named {
            return Err(InvalidPasskeyName::Length);
        }
        check_shown(&name).map_err(InvalidPasskeyName::Hidden)?;
        Ok(Self(name))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_line_of_some_length() {
        let name = |text: &str| PasskeyName::parse(text).map(|name| name.as_str().to_owned());
        assert_eq!(name("  My \t phone\n"), Ok("My phone".to_owned()));
        assert_eq!(name(&"é".repeat(64)), Ok("é".repeat(64)));
        for refused in ["", " \n", "a\u{0}b", &"é".repeat(65), &" ".repeat(5000)] {
            assert_eq!(name(refused), Err(InvalidPasskeyName::Length), "{refused:?}");
        }
    }

    #[test]
    fn a_name_shows_what_it_says() {
        let said = |text: &str| PasskeyName::parse(text).map_err(|error| error.to_string()).map(|name| name.0);
        assert_eq!(said("\u{3164}"), Err("Name must not contain invisible characters (U+3164)".into()));
        assert_eq!(said("a\u{202E}b"), Err("Name must not contain characters that turn text round (U+202E)".into()));
        assert_eq!(said("a\u{2028}b"), Ok("a b".into()), "a line break is white space");
        assert_eq!(said("📱\u{FE0F} می\u{200C}خواهم"), Ok("📱\u{FE0F} می\u{200C}خواهم".into()));
    }
}
