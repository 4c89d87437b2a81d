use std::collections::HashSet;
use std::fmt;
use std::iter::once;
use std::sync::LazyLock;

use common::email::Email;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// The shortest password we accept, in characters: NIST SP 800-63B asks for 8 at least.
const MIN_CHARACTERS: usize = 8;
/// The longest, in characters: room for a passphrase.
const MAX_CHARACTERS: usize = 128;
/// The first thing that is guessed of us.
const OUR_NAME: &str = "ticketing";
/// How many letters and digits a password must have beside the address and our name.
const OF_ITS_OWN: usize = 5;
/// Parts of an address that are shorter are found in too many good passwords.
const SHORTEST_LOCAL_PART: usize = 4;

/// The passwords an attacker tries first, in lower case, 8 characters and longer: of the 10,000
/// most common ones in the frequency list of the crate `zxcvbn` 3.1.1 (MIT licence; it is Dropbox's
/// list). That list leaves repetitions and straight runs to its own code; the most common of those
/// (`aaaaaaaa`, `abcdefgh`, ...) are added.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// A password as somebody typed it to prove who they are.
#[derive(Clone)]
pub(crate) struct Password(String);

/// A password somebody chose and we accept, in its normal form.
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
    #[error("Password must not be made of your email address or our name")]
    Guessable,
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

    /// The form that is hashed: the same characters are the same password, however a keyboard composes them (NFKC).
    pub(crate) fn normal_form(&self) -> String {
        self.0.nfkc().collect()
    }

    /// The forms in which it may have been hashed: the normal one, and where it is another, the one that was typed,
    /// as earlier versions did.
    pub(crate) fn forms(&self) -> impl Iterator<Item = String> {
        let normal = self.normal_form();
        let typed = (normal != self.0).then(|| self.0.clone());
        once(normal).chain(typed)
    }
}

impl NewPassword {
    /// Reads a request's field and applies the rules for new passwords.
    pub(crate) fn parse(field: &Value) -> Result<Self, WeakPassword> {
        let typed = field.as_str().unwrap_or_default();
        // In both forms: what is too long is not even normalised.
        if !has_good_length(typed) || typed.trim().is_empty() {
            return Err(WeakPassword::Length);
        }
        let password = typed.nfkc().collect::<String>();
        if !has_good_length(&password) {
            return Err(WeakPassword::Length);
        }
        if COMMON.contains(password.to_lowercase().as_str()) {
            return Err(WeakPassword::Common);
        }
        Ok(Self(Password(password)))
    }

    /// The password for the account with this address, unless it is made of little else than what everybody knows
    /// of it.
    pub(crate) fn for_account(self, email: &Email) -> Result<Self, WeakPassword> {
        let address = email.as_str();
        let local = address.split('@').next().filter(|local| local.chars().count() >= SHORTEST_LOCAL_PART);
        let password = self.0.0.to_lowercase();
        let known = [Some(address), local, Some(OUR_NAME)].into_iter().flatten();
        let rest = known.fold(password.clone(), |rest, known| rest.replace(known, ""));
        let of_its_own = rest.chars().filter(|character| character.is_alphanumeric()).count();
        if rest != password && of_its_own < OF_ITS_OWN { Err(WeakPassword::Guessable) } else { Ok(self) }
    }

    pub(crate) fn into_password(self) -> Password {
        self.0
    }
}

fn has_good_length(text: &str) -> bool {
    (MIN_CHARACTERS..=MAX_CHARACTERS).contains(&text.chars().count())
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
    fn both_the_typed_and_the_normal_form_have_to_be_of_good_length() {
        // One character stands for two in the first, for eighteen in the second.
        for bad in ["ﬁxtures".to_owned(), "ﷺ".repeat(8), "e\u{301}".repeat(65)] {
            assert_eq!(refusal(json!(bad)), Some(WeakPassword::Length), "{bad}");
        }
        assert_eq!(refusal(json!("e\u{301}".repeat(64))), None);
        assert_eq!(refusal(json!("ｐａｓｓｗｏｒｄ")), Some(WeakPassword::Common));
    }

    #[test]
    fn what_looks_the_same_is_the_same_password() {
        let typed = Password::parse(&json!("cafe\u{301} ﬁrst ①")).expect("present");
        assert_eq!(typed.normal_form(), "caf\u{e9} first 1");
        assert_eq!(typed.forms().collect::<Vec<_>>(), ["caf\u{e9} first 1", "cafe\u{301} ﬁrst ①"]);
        let plain = Password::parse(&json!("lantern by the quay")).expect("present");
        assert_eq!(plain.forms().collect::<Vec<_>>(), ["lantern by the quay"]);
    }

    #[test]
    fn the_address_and_our_name_make_no_password() {
        let email = Email::parse("ada.lovelace@example.com").expect("an address");
        let refusal = |text: &str| NewPassword::parse(&json!(text)).expect("long enough").for_account(&email).err();
        for bad in [
            "ada.lovelace@example.com",
            "Ada.Lovelace",
            "ADA.LOVELACE@EXAMPLE.COM!",
            "ada.lovelace1815",
            "Ticketing",
            "ticketing!!!!!!!!!!!!",
            "ticketing2027",
            "ｔｉｃｋｅｔｉｎｇ1",
            "ada.lovelaceticketing",
        ] {
            assert_eq!(refusal(bad), Some(WeakPassword::Guessable), "{bad}");
        }
        for good in ["lantern by the quay", "ada lovelace by the quay", "ticketing is fun", "!!!!!!!!", "1 2 3 4 !"] {
            assert_eq!(refusal(good), None, "{good}");
        }
        let short = Email::parse("an@example.com").expect("an address");
        let fruit = NewPassword::parse(&json!("an-an-as")).expect("long enough");
        assert!(fruit.for_account(&short).is_ok());
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
