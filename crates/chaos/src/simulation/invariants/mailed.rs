//! What people were told by mail, and what that was about.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use server::services::ServiceName;

use super::run::Run;
use crate::simulation::history::{Committed, HistoryEvent};

/// A mail that the mail server has taken.
pub(super) struct Mailed<'a> {
    pub(super) at: Duration,
    /// Whether whoever has sent it was told so.
    pub(super) is_answered: bool,
    /// What it was about, as mail had it in its records.
    pub(super) message: &'a Committed,
}

impl Mailed<'_> {
    /// What was told to whom, whatever the message was called.
    pub(super) fn news(&self) -> String {
        let fields = ["recipient", "about", "what", "order", "refund", "ticket", "notice", "event"];
        let said = fields.map(|field| self.message.text(field).unwrap_or("-")).join(" ");
        format!("{said} {}", self.message.field("eventVersion"))
    }

    pub(super) fn text(&self, field: &str) -> &str {
        self.message.text(field).unwrap_or_default()
    }
}

/// All of them, in order.
pub(super) fn mails(run: &Run) -> Vec<Mailed<'_>> {
    let messages: BTreeMap<String, &Committed> =
        run.commits_to(ServiceName::Mail, "messages").map(|(_, message)| (mail_id(&message.id), message)).collect();
    let mailed = run.entries.iter().filter_map(|entry| match &entry.what {
        HistoryEvent::Mailed { mail, is_answered } => Some((entry.at, mail, *is_answered)),
        _ => None,
    });
    let of = |(at, mail, is_answered): (Duration, &String, bool)| {
        let message = messages.get(mail.split('@').next()?)?;
        Some(Mailed { at, is_answered, message })
    };
    mailed.filter_map(of).collect()
}

/// How the mail of a message is called: the part of its Message-ID that is its own.
pub(super) fn mail_id(message: &str) -> String {
    hex::encode(&digest(&SHA256, message.as_bytes()).as_ref()[..16])
}
