//! What a mail says, written once and rendered twice: as text and as HTML.

mod html;
mod letters;
mod templates;
mod text;

pub(crate) use letters::Letters;
pub use templates::{InvalidTemplates, Templates};

use common::email::Email;

use crate::Settings;
use crate::domain::Message;
use crate::transport::Mail;

/// A letter, before it has an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    /// The tag of its language.
    pub(crate) language: &'static str,
    pub(crate) subject: String,
    pub(crate) heading: String,
    pub(crate) paragraphs: Vec<String>,
    /// What it is about, by name.
    pub(crate) facts: Vec<Fact>,
    /// Where to go on.
    pub(crate) link: Option<Link>,
    /// Why it was sent, and by whom.
    pub(crate) footer: String,
}

/// One line about what a letter is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

/// Where to go on. Of secret ones nothing is left when the mail is sent.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) label: &'static str,
    pub(crate) url: String,
}

/// Never shows where it leads, which may be a secret.
impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Link({})", self.label)
    }
}

impl Letter {
    /// The mail that takes it to this address.
    pub(crate) fn into_mail(self, message: &Message, to: &Email, settings: &Settings) -> Mail {
        let (templates, kind) = (&settings.templates, message.news.kind());
        Mail {
            id: format!("{}@{}", message.mail_id(), settings.sender.domain()),
            recipient: message.recipient,
            from: settings.sender.clone(),
            to: to.clone(),
            date: message.since,
            subject: one_line(&templates.subject(kind, &self)),
            text: templates.text(kind, &self),
            html: templates.html(kind, &self),
        }
    }
}

/// Without line breaks and other controls: what people have typed must not end a line of a mail's head.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests;
