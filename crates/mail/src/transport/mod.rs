//! What takes mails on. A port like the store and the bus, so that a test or a simulation can stand in for a server.

mod kept;
mod smtp;

pub use kept::{KeptMail, KeptMails};
pub use smtp::{InvalidServer, NoTls, Smtp, SmtpServer};

use async_trait::async_trait;
use common::email::Email;
use common::id::UserId;
use common::time::Timestamp;

use crate::settings::Sender;

/// A mail, complete.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its Message-ID, without the angle brackets: the same whenever the same is sent again.
    pub id: String,
    /// Whose it is.
    pub recipient: UserId,
    /// Whom it is from.
    pub from: Sender,
    /// Where it goes.
    pub to: Email,
    /// When what it tells was heard of.
    pub date: Timestamp,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says, as text.
    pub text: String,
    /// What it says, as HTML.
    pub html: String,
}

/// Shows nothing of what it says, which may be a secret, nor to whom.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail({})", self.id)
    }
}

/// Why a mail was not taken on, in words that name nobody: they are logged and kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// It may be another time: the server is away or busy, or does not want us at the moment. It is not known whether
    /// a mail whose answer was lost has been taken on.
    #[error("not now: {0}")]
    Later(String),
    /// This mail never will be.
    #[error("refused: {0}")]
    Never(String),
    /// Nor will any other to this address.
    #[error("nobody there: {0}")]
    NobodyThere(String),
}

/// Takes mails on. When it has taken one, it is responsible for it.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Has the mail taken on, or says why not. It comes to an end in a minute or two at the most.
    ///
    /// # Errors
    /// If it was not taken on, or that is not known.
    async fn send(&self, mail: &Mail) -> Result<(), NotSent>;

    /// Forgets somebody, if it has kept anything of theirs.
    fn forget(&self, _person: UserId) {}
}
