//! What whoever runs this marketplace says of themselves and of it.

mod lines;
mod own_text;

use std::time::Duration;

use common::email::Email;

pub use lines::{InvalidLine, Line, PostalAddress};
pub(crate) use own_text::Block;
pub use own_text::{InvalidText, OwnText};

/// What there is to say beside what is for sale.
#[derive(Debug, Clone)]
pub struct About {
    /// Who runs it, if they say so.
    pub operator: Option<Operator>,
    /// Their terms.
    pub terms: Option<OwnPage>,
    /// What they say about privacy.
    pub privacy: Option<OwnPage>,
    /// How long a ticket is kept for a buyer.
    pub reservation: Duration,
}

/// Whoever runs it.
#[derive(Debug, Clone)]
pub struct Operator {
    /// Their name.
    pub name: Line,
    /// Where letters reach them.
    pub address: Option<PostalAddress>,
    /// Where mails reach them.
    pub email: Option<Email>,
    /// Where calls reach them.
    pub phone: Option<Line>,
    /// Their own site, which begins with `https://` or `http://`.
    pub url: Option<String>,
}

/// A page of theirs.
#[derive(Debug, Clone)]
pub enum OwnPage {
    /// On another site, at this address.
    Elsewhere(String),
    /// Shown here.
    Here(OwnText),
}

impl Default for About {
    /// Of whom nothing is known, and with the usual time to pay.
    fn default() -> Self {
        Self { operator: None, terms: None, privacy: None, reservation: Duration::from_secs(15 * 60) }
    }
}
