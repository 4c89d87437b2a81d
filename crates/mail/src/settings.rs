use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;

use crate::letter::Templates;
use crate::transport::{KeptMails, Transport};
use crate::words::Words;

/// How the service is set up.
#[derive(Clone)]
pub struct Settings {
    /// What takes the mails on.
    pub transport: Arc<dyn Transport>,
    /// Whom they are from.
    pub sender: Sender,
    /// Which language they are in.
    pub language: Language,
    /// What they say instead of what we would.
    pub templates: Arc<Templates>,
    /// The address that visitors use, to which links lead.
    pub public_url: String,
    /// How often the store is searched for what is due, in real time, whatever else is known.
    pub poll_every: Duration,
    /// How long messages are remembered that were told or could not be: until then nobody is told again.
    pub keep_finished: Duration,
}

impl Default for Settings {
    /// Without a mail server: what would be sent is kept in memory.
    fn default() -> Self {
        Self {
            transport: Arc::new(KeptMails::default()),
            sender: Sender::default(),
            language: Language::English,
            templates: Arc::default(),
            public_url: "http://localhost:3000".into(),
            poll_every: Duration::from_secs(2),
            keep_finished: Duration::from_secs(90 * 24 * 60 * 60),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("sender", &self.sender)
            .field("language", &self.language)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}

/// Whom mails are from: an address, with a name or without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(pub(crate) Mailbox);

/// The text is no sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an address, such as tickets@example.com or \"Tickets <tickets@example.com>\"")]
pub struct InvalidSender;

impl FromStr for Sender {
    type Err = InvalidSender;

    fn from_str(text: &str) -> Result<Self, InvalidSender> {
        let mailbox: Mailbox = text.parse().map_err(|_| InvalidSender)?;
        // Other servers would have to know how to write other letters.
        let is_plain = mailbox.email.to_string().is_ascii() && !text.contains(char::is_control);
        if is_plain { Ok(Self(mailbox)) } else { Err(InvalidSender) }
    }
}

impl Sender {
    /// The part behind the `@`.
    pub(crate) fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl Default for Sender {
    /// For where nothing leaves the machine.
    fn default() -> Self {
        "Ticketing <ticketing@ticketing.invalid>".parse().expect("an address")
    }
}

/// A language that mails can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its tag.
    pub fn tag(self) -> &'static str {
        self.words().language
    }

    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::English => &crate::words::ENGLISH,
            Self::German => &crate::words::GERMAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_addresses_with_a_name_or_without() {
        for text in
            ["tickets@example.com", "Tickets <tickets@example.com>", "\"A, B\" <a@example.com>", "Ö <o@example.com>"]
        {
            let sender: Sender = text.parse().expect(text);
            assert_eq!(sender.domain(), "example.com", "{text}");
        }
        for text in
            ["", "tickets", "@example.com", "Tickets", "a@b@c", "a@example.com\r\nBcc: b@example.com", "ö@example.com"]
        {
            assert_eq!(text.parse::<Sender>(), Err(InvalidSender), "{text:?}");
        }
        assert_eq!(Sender::default().domain(), "ticketing.invalid");
    }

    #[test]
    fn no_two_languages_have_the_same_tag() {
        assert_ne!(Language::ALL[0].tag(), Language::ALL[1].tag());
    }
}
