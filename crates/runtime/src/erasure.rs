//! How a service forgets somebody: by one event it learns whom, and looks for their traces again and again for a while,
//! so that what was still under way, or comes late, is found, too.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::deps::Deps;
use crate::listener::{Handled, Listener};
use crate::service::BackgroundTask;
use crate::store::{Store, Stored};
use common::events::{Event, UserErased, stream_of};
use common::id::UserId;
use common::time::Timestamp;
use ports::clock::Clock;
use ports::store::{Collection, Condition, Conflict, Index, Query, StoreError};

/// How often it is looked for traces.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// How soon again after a failure.
const RETRY_AFTER: Duration = Duration::from_secs(5);
/// For how long: longer than any service is away.
const LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const UNTIL: &str = "until";

/// Somebody whose traces are being removed. Their id is kept for that long, and no longer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Erasure {
    id: UserId,
    until: Timestamp,
}

impl Stored for Erasure {
    const COLLECTION: &'static Collection = &Collection {
        name: "erasures",
        indexes: &[Index { name: "until", fields: &[UNTIL], unique: false, only: None }],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

/// Whom a service has to forget. Its collections include that of [`Erasure`]. Clones share it.
#[derive(Clone)]
pub struct Erasures {
    store: Store<Erasure>,
    wanted: Arc<Notify>,
    clock: Clock,
}

impl Erasures {
    /// Those of the service that is built with `deps`.
    pub fn new(deps: &Deps) -> Self {
        Self { store: deps.store(), wanted: Arc::default(), clock: deps.platform.clock.clone() }
    }

    /// Hears of them.
    pub fn listener(&self, service: &'static str) -> Listener {
        let erasures = self.clone();
        Listener::new(service, stream_of(UserErased::TYPE))
            .on(move |UserErased { user_id }| erasures.clone().begin(user_id))
    }

    async fn begin(self, id: UserId) -> Handled {
        let erasure = Erasure { id, until: self.clock.now() + LIFE };
        match self.store.insert(erasure, &()).await {
            Ok(_) | Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error.into()),
        }
        self.wanted.notify_one();
        Ok(())
    }

    /// Lets `forget` remove what there is of somebody by now. It leaves what is still under way for the next time.
    pub fn task<Fut, E>(&self, forget: impl Fn(UserId) -> Fut + Send + Sync + 'static) -> BackgroundTask
    where
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Display + Send,
    {
        let erasures = self.clone();
        BackgroundTask::new("erase", move |shutdown| async move {
            let repeat = async {
                loop {
                    let pause = if erasures.forget_all(&forget).await { EVERY } else { RETRY_AFTER };
                    tokio::select! {
                        () = erasures.wanted.notified() => {}
                        () = tokio::time::sleep(pause) => {}
                    }
                }
            };
            shutdown.run_until_cancelled(repeat).await;
        })
    }

    /// Returns whether nothing has failed.
    async fn forget_all<Fut, E>(&self, forget: &(impl Fn(UserId) -> Fut + Sync)) -> bool
    where
        Fut: Future<Output = Result<(), E>> + Send,
        E: Display + Send,
    {
        let over = [Condition::AtMost(UNTIL, self.clock.now().to_string().into())];
        let found = match self.store.purge(&over).await {
            Ok(_) => self.store.find(&Query::default()).await,
            Err(error) => Err(error),
        };
        let erasures = match found {
            Ok(erasures) => erasures,
            Err(error) => {
                tracing::warn!(%error, "it is not known who is to be forgotten; trying again");
                return false;
            }
        };
        let mut is_done = true;
        for erasure in erasures {
            if let Err(error) = forget(erasure.id).await {
                tracing::warn!(%error, "somebody was not forgotten; trying again");
                is_done = false;
            }
        }
        is_done
    }
}
