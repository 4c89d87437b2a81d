//! Sends what is due.
//!
//! The store is the authority: it is searched at the start, at a fixed interval, whenever something was heard of, and
//! when the next message is due. Several processes may do this at once: the revision of the message lets one of them
//! have it.

use std::time::Duration;

use common::time::Timestamp;
use futures::StreamExt;
use ports::store::StoreError;
use runtime::BackgroundTask;
use tokio_util::sync::CancellationToken;

use crate::sending;
use crate::state::MailState;
use crate::store::{due, due_by};

/// How many messages are sent at the same time.
const CONCURRENCY: usize = 16;
/// How soon what failed because of the database is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(500);

pub(super) fn task(state: MailState) -> BackgroundTask {
    BackgroundTask::new("send-due", move |shutdown| run(state, shutdown))
}

async fn run(state: MailState, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        // What is being sent when the process ends is sent to its end: if it were cut off, it might be sent twice.
        let next = match send_all_due(&state, &shutdown).await {
            Ok(next) => next.unwrap_or(Timestamp::MAX),
            Err(error) => {
                tracing::warn!(%error, "sending what is due failed; trying again");
                tokio::time::sleep(RETRY_AFTER).await;
                continue;
            }
        };
        let wake = async {
            tokio::select! {
                // Remembers that it was called while we were searching.
                () = state.there_is_mail.notified() => {}
                () = state.clock.sleep_until(next) => {}
                () = tokio::time::sleep(state.settings.poll_every) => {}
            }
        };
        shutdown.run_until_cancelled(wake).await;
    }
}

/// Sends everything that is due. Returns when something is due next.
async fn send_all_due(state: &MailState, shutdown: &CancellationToken) -> Result<Option<Timestamp>, StoreError> {
    while !shutdown.is_cancelled() {
        let due = state.messages.find(&due_by(state.now(), CONCURRENCY)).await?;
        if due.is_empty() {
            break;
        }
        let sent = futures::stream::iter(due).map(|message| sending::send(state, message.value));
        // All are tried even if one fails; that one is found again by a later search.
        let sent: Vec<_> = sent.buffer_unordered(CONCURRENCY).collect().await;
        sent.into_iter().collect::<Result<(), _>>()?;
    }
    let next = state.messages.find(&due(1)).await?;
    Ok(next.first().and_then(|message| message.due_at()))
}
