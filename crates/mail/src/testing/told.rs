//! What people have been told, and what the service keeps.

use std::time::Duration;

use common::id::UserId;
use harness::within;
use ports::store::{Query, Record};
use runtime::erasure::Erasure;
use runtime::store::Stored;
use serde_json::json;

use super::App;
use crate::COLLECTIONS;
use crate::domain::Message;
use crate::transport::Mail;

/// How often a test looks whether its condition has come true.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Whoever is written to.
pub(crate) fn recipient(message: &str) -> UserId {
    message.rsplit('.').next().expect("a part").parse().expect("a user")
}

impl App {
    /// The mails that were taken on, once there are so many.
    pub(crate) async fn until_told(&self, count: usize) -> Vec<Mail> {
        within(async {
            loop {
                let mails = self.server.mails();
                if mails.len() >= count {
                    return mails;
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await
    }

    /// Nothing is left to be sent, and so many mails have been.
    pub(crate) async fn told_no_more(&self, count: usize) {
        let unsent = || async {
            let messages = self.deps.records.find(Message::COLLECTION, &Query::default()).await.expect("reads");
            messages.into_iter().any(|message| message.field("state") == "due")
        };
        within(async {
            while unsent().await {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
        assert_eq!(self.until_told(count).await.len(), count);
    }

    /// How many messages there are, however they stand.
    pub(crate) async fn messages(&self) -> usize {
        self.deps.records.find(Message::COLLECTION, &Query::default()).await.expect("reads").len()
    }

    /// How a message stands, if it is there.
    pub(crate) async fn state(&self, message: &str) -> Option<String> {
        let record = self.record(message).await?;
        Some(record.field("state").as_str().expect("a state").to_owned())
    }

    pub(crate) async fn record(&self, message: &str) -> Option<Record> {
        self.deps.records.get(Message::COLLECTION, message).await.expect("reads")
    }

    /// Waits until a message stands like this.
    pub(crate) async fn until_state(&self, message: &str, state: &str) {
        within(async {
            while self.state(message).await.as_deref() != Some(state) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// Waits until so many attempts to send a message have failed, and it is known when the next one is made.
    pub(crate) async fn until_attempts(&self, message: &str, count: u64) {
        // Each is claimed, and then put off.
        let revision = 2 * count;
        within(async {
            while self.record(message).await.is_none_or(|record| record.revision.0 < revision) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// Waits until a message that was there is dropped, or is cleared away for that: within the hour, which may be over
    /// by a test's clock before anybody looks.
    pub(crate) async fn until_dropped(&self, message: &str) {
        within(async {
            while !matches!(self.state(message).await.as_deref(), Some("dropped") | None) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// Waits until a message has been cleared away.
    pub(crate) async fn until_gone(&self, message: &str) {
        within(async {
            while self.state(message).await.is_some() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// Waits until nothing that is kept says who somebody was.
    pub(crate) async fn until_forgotten(&self, person: UserId) {
        within(async {
            while self.everything_kept().await.contains(&person.to_string()) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
    }

    /// All that the service has in its database, as text, but for the reminders of whom it has to forget.
    pub(crate) async fn everything_kept(&self) -> String {
        let mut kept = String::new();
        for collection in COLLECTIONS.iter().filter(|collection| collection.name != Erasure::COLLECTION.name) {
            let records = self.deps.records.find(collection, &Query::default()).await.expect("reads");
            kept.extend(records.into_iter().map(|record| format!("{} {}\n", record.id, json!(record.body))));
        }
        kept
    }
}
