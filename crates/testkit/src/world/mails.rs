use std::time::Duration;

use mail::{KeptMails, Mail, Sender, Smtp};
use ports::store::{Collection, Query, Record};
use server::services::{ServiceName, ServicesSettings};

use super::{World, WorldSettings, within};

/// How long a mail server may take for a mail.
const SMTP_PATIENCE: Duration = Duration::from_secs(20);

impl WorldSettings {
    /// Mails are kept, unless there is a server; links lead to the world.
    pub(super) fn mail(&self, kept: &KeptMails, public_url: String) -> mail::Settings {
        let sender: Sender = "Tickets <tickets@example.com>".parse().expect("a sender");
        let settings = mail::Settings { sender, public_url, ..mail::Settings::default() };
        match &self.smtp_url {
            None => mail::Settings { transport: std::sync::Arc::new(kept.clone()), ..settings },
            Some(url) => {
                let smtp = Smtp::new(url.parse().expect("a mail server"), SMTP_PATIENCE).expect("TLS can be set up");
                mail::Settings { transport: std::sync::Arc::new(smtp), ..settings }
            }
        }
    }
}

impl World {
    /// The mails so far, in order, if there is no mail server. Returns when nothing is left to be sent.
    ///
    /// # Panics
    /// If something stays to be sent.
    pub async fn mails(&self) -> Vec<Mail> {
        self.settle().await;
        self.until_messages("due", |count| count == 0).await;
        self.kept_mails.all().into_iter().rev().map(|kept| kept.mail).collect()
    }

    /// Waits until as many messages are in this state as wanted: `due`, `sent`, `refused`, `given-up` or `dropped`.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn until_messages(&self, state: &str, is_wanted: impl Fn(usize) -> bool) {
        let count = || async { self.messages().await.iter().filter(|message| message.field("state") == state).count() };
        self.wait_for_messages(count, is_wanted).await;
    }

    /// Waits until so many messages could not be sent, and wait for another attempt.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn until_put_off(&self, count: usize) {
        // Each attempt is claimed, and then put off.
        let waits = |message: &Record| {
            message.field("state") == "due" && message.revision.0 > 0 && message.revision.0.is_multiple_of(2)
        };
        let count_now = || async { self.messages().await.iter().filter(|message| waits(message)).count() };
        self.wait_for_messages(count_now, |now| now == count).await;
    }

    async fn wait_for_messages<F: Future<Output = usize>>(
        &self,
        count: impl Fn() -> F,
        is_wanted: impl Fn(usize) -> bool,
    ) {
        within(async {
            while !is_wanted(count().await) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// The messages as mail keeps them.
    ///
    /// # Panics
    /// If the store does not answer.
    pub async fn messages(&self) -> Vec<Record> {
        let host = self.host.as_ref().expect("the world has not ended");
        let records = host.records(ServiceName::Mail.as_str()).expect("mail runs here");
        records.find(collection(), &Query::default()).await.expect("the store answers")
    }
}

/// Where mail keeps its messages.
fn collection() -> &'static Collection {
    let mail = ServiceName::Mail.definition(&ServicesSettings::default());
    mail.collections.iter().find(|collection| collection.name == "messages").expect("mail has messages")
}
