//! E-mail addresses, compared without regard to case, and to the alphabet in which a domain is written.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::shown_text::check_shown;

/// An e-mail address in lower case, with its domain as mail servers know it: `ada@xn--mnchen-3ya.example` for
/// `Ada@München.example`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = String, format = "email", examples("ada@example.com"))
)]
#[serde(try_from = "String")]
pub struct Email(String);

/// The text was not an address.
#[derive(Debug, thiserror::Error)]
#[error("Email must be valid")]
pub struct InvalidEmail;

impl Email {
    /// Reads an address. Whether mail is read there, only a message can show, so this checks what
    /// typing mistakes break: one `@`, a plain local part, a dotted host name.
    ///
    /// # Errors
    /// If it is not of that form, or longer than the 254 characters SMTP allows (RFC 5321).
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let email = Self::of_form(text)?;
        if email.says_what_it_shows() { Ok(email) } else { Err(InvalidEmail) }
    }

    fn of_form(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, host) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let host = ascii(host)?;
        let length = local.len() + 1 + host.len();
        if length <= 254 && is_local_part(local) && is_host(&host) {
            Ok(Self(format!("{local}@{host}").to_lowercase()))
        } else {
            Err(InvalidEmail)
        }
    }

    /// The address as its owner reads it: with the domain in its own alphabet.
    pub fn shown(&self) -> String {
        let Some((local, host)) = self.0.rsplit_once('@') else { return self.0.clone() };
        match idna::domain_to_unicode(host) {
            (host, Ok(())) => format!("{local}@{host}"),
            (_, Err(_)) => self.0.clone(),
        }
    }

    /// Whether every label that says that it stands for one in another alphabet does.
    fn says_what_it_shows(&self) -> bool {
        let host = self.0.rsplit_once('@').map_or("", |(_, host)| host);
        let is_plain = host.split('.').all(|label| !label.starts_with("xn--"));
        is_plain || idna::domain_to_unicode(host).1.is_ok()
    }

    /// The address, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The form of a domain in which one can ask where it is. What is in it already stays as it is.
fn ascii(host: &str) -> Result<Cow<'_, str>, InvalidEmail> {
    if host.is_ascii() {
        return Ok(Cow::Borrowed(host));
    }
    // The standard would leave out what cannot be seen.
    check_shown(host).map_err(|_| InvalidEmail)?;
    idna::domain_to_ascii_strict(host).map(Cow::Owned).map_err(|_| InvalidEmail)
}

fn is_local_part(local: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    (1..=64).contains(&local.len()) && local.chars().all(allowed) && local.split('.').all(|atom| !atom.is_empty())
}

fn is_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = labels.last().copied().unwrap_or_default();
    labels.len() >= 2 && labels.iter().all(is_label) && top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit())
}

/// What is kept or was signed: earlier versions did not look into labels in other alphabets.
impl TryFrom<String> for Email {
    type Error = InvalidEmail;
    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        Self::of_form(&text)
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_read_without_regard_to_case() {
        for text in ["a@b.co", "Ada.Lovelace+tickets@Example.COM", " o'neil@sub.domain.org "] {
            assert_eq!(Email::parse(text).expect(text).as_str(), text.trim().to_lowercase());
        }
    }

    #[test]
    fn a_domain_in_any_alphabet_has_one_form() {
        for (text, form, shown) in [
            ("ada@münchen.de", "ada@xn--mnchen-3ya.de", "ada@münchen.de"),
            ("Ada@MÜNCHEN.DE", "ada@xn--mnchen-3ya.de", "ada@münchen.de"),
            ("ada@mu\u{308}nchen.de", "ada@xn--mnchen-3ya.de", "ada@münchen.de"),
            ("ada@XN--MNCHEN-3YA.de", "ada@xn--mnchen-3ya.de", "ada@münchen.de"),
            ("ada@straße.de", "ada@xn--strae-oqa.de", "ada@straße.de"),
            ("ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah", "ada@例え.テスト"),
            ("ada@例え。テスト", "ada@xn--r8jz45g.xn--zckzah", "ada@例え.テスト"),
            ("ada@ｅｘａｍｐｌｅ．ｃｏｍ", "ada@example.com", "ada@example.com"),
            ("ada@мойпочта.рф", "ada@xn--80ariibfw3b.xn--p1ai", "ada@мойпочта.рф"),
            ("ada@مثال.إختبار", "ada@xn--mgbh0fb.xn--kgbechtv", "ada@مثال.إختبار"),
        ] {
            let email = Email::parse(text).expect(text);
            assert_eq!((email.as_str(), email.shown().as_str()), (form, shown), "{text}");
            assert_eq!(Email::parse(form).expect(form), email, "both spellings are one address");
            assert_eq!(Email::parse(&email.shown()).expect(shown), email);
        }
        // Kept by versions that did not look into it.
        let kept: Email = serde_json::from_str("\"ada@xn--zzzzzz.example\"").expect("opens");
        assert_eq!(kept.shown(), "ada@xn--zzzzzz.example");
    }

    #[test]
    fn what_is_no_domain_in_any_alphabet_is_refused() {
        let long = format!("ada@{}.de", "ü".repeat(64));
        for text in [
            "ada@münchen",
            "ada@münchen..de",
            "ada@-münchen.de",
            "ada@mün_chen.de",
            "ada@mün chen.de",
            "ada@münchen.de/x",
            "ada@mün\nchen.de",
            "ada@münchen.de\u{200B}",
            "ada@exam\u{AD}ple.com",
            "ada@exam\u{202E}ple.com",
            "ada@１.２.３.４",
            "ada@☃\u{3164}.de",
            "ada@xn--a.com",
            "ada@XN--A.com",
            "ada@mail.xn--zzzzzz",
            "ada@xn--example-.com",
            "ada@xn--MNCHEN-3YA.xn--a.de",
            "jörg@münchen.de",
            "аda@example.com",
            &long,
        ] {
            assert!(Email::parse(text).is_err(), "{text:?} was accepted");
        }
    }

    proptest! {
        #[test]
        fn an_address_read_again_is_the_same(text in "[a-zA-Z.]{1,8}@[a-zA-ZäöüßéłñБжשα日本-]{1,12}[.][a-zäрф]{2,5}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert!(email.as_str().is_ascii());
                prop_assert_eq!(&Email::parse(email.as_str()).expect("its own form"), &email);
                prop_assert_eq!(&Email::parse(&email.shown()).expect("as it is shown"), &email);
            }
        }
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "@",
            "a",
            "a@b",
            "a@b.c",
            "a@@b.co",
            "a b@c.de",
            "a@b..co",
            ".a@b.co",
            "a@-b.co",
            "a@1.2.3.4",
            "ü@b.co",
            "a@b.co\n.x",
            &long,
        ] {
            assert!(Email::parse(text).is_err(), "{text:?} was accepted");
        }
    }
}
