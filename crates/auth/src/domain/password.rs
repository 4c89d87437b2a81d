use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use serde_json::Value;

/// The shortest password we accept, in characters: NIST SP 800-63B asks for 8 at least.
const MIN_CHARACTERS: usize = 8;
/// The longest, in characters: room for a passphrase.
const MAX_CHARACTERS: usize = 128;

/// The passwords an attacker tries first, in lower case, 8 characters and longer: of the 10,000
/// most common ones in the frequency list of the crate `zxcvbn` 3.1.1 (MIT licence; it is Dropbox's
/// list). That list leaves repetitions and straight runs to its own code; the most common of those
/// (`aaaaaaaa`, `abcdefgh`, ...) are added.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// A password as somebody typed it to prove who they are.
#[derive(Clone)]
pub(crate) struct Password(String);

/// A password somebody chose and we accept.
pub(crate) struct NewPassword(Password);

/// There was no password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("You must supply a password")]
pub(crate) struct MissingPassword;

/// Why a chosen password is not accepted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WeakPassword {
    #[error("Password must be between {MIN_CHARACTERS} and {MAX_CHARACTERS} characters")]
    Length,
    #[error("Password is too common")]
    Common,
}

impl Password {
    /// Reads a request's field. No rule but its presence is checked, so that the response to
    /// a sign-in reveals nothing about the rules in force when the password was chosen.
    pub(crate) fn parse(field: &Value) -> Result<Self, MissingPassword> {
        match field.as_str() {
            Some(text) if !text.trim().is_empty() => Ok(Self(text.to_owned())),
            _ => Err(MissingPassword),
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl NewPassword {
    /// Reads a request's field and applies the rules for new passwords.
    pub(crate) fn parse(field: &Value) -> Result<Self, WeakPassword> {
        let text = field.as_str().unwrap_or_default();
        if !(MIN_CHARACTERS..=MAX_CHARACTERS).contains(&text.chars().count()) || text.trim().is_empty() {
            return Err(WeakPassword::Length);
        }
        if COMMON.contains(text.to_lowercase().as_str()) {
            return Err(WeakPassword::Common);
        }
        Ok(Self(Password(text.to_owned())))
    }

    pub(crate) fn into_password(self) -> Password {
        self.0
    }
}

/// Never shows the password, wherever it ends up.
impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(field: Value) -> Option<WeakPassword> {
        NewPassword::parse(&field).err()
    }

    #[test]
    fn a_new_password_has_8_to_128_characters_counted_as_characters() {
        for good in ["lantern4".to_owned(), "ü".repeat(128), "correct horse".into()] {
            assert_eq!(refusal(json!(good)), None, "{good}");
        }
        for bad in ["lantern", "", "        ", &"ü".repeat(129)] {
            assert_eq!(refusal(json!(bad)), Some(WeakPassword::Length), "{bad}");
        }
        for bad in [json!(null), json!(12_345_678), json!({"$ne": null}), json!(["lantern4"])] {
            assert_eq!(refusal(bad.clone()), Some(WeakPassword::Length), "{bad}");
        }
    }

    #[test]
    fn common_passwords_are_refused_in_any_case() {
        for bad in ["password", "PassWord1", "12345678", "qwertyuiop", "aaaaaaaa", "abcdefgh"] {
            assert_eq!(refusal(json!(bad)), Some(WeakPassword::Common), "{bad}");
        }
    }

    #[test]
    fn a_password_is_present_or_missing_and_never_shown() {
        for missing in [json!(null), json!(""), json!("  "), json!(1), json!({"$ne": null})] {
            assert_eq!(Password::parse(&missing).err(), Some(MissingPassword), "{missing}");
        }
        let password = Password::parse(&json!("x")).expect("present");
        assert_eq!(format!("{password:?}"), "Password(..)");
    }
}
