use std::sync::Arc;

use common::id::UserId;
use common::time::Timestamp;
use ports::clock::Clock;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::Store;
use runtime::{Deps, Peers, trace};
use tokio::sync::Notify;

use crate::Settings;
use crate::domain::{Event, Message, News, Order, RefusedAddress};
use crate::letter::Letters;

/// What the listeners and tasks work with.
#[derive(Clone)]
pub(crate) struct MailState {
    pub(crate) messages: Store<Message>,
    pub(crate) orders: Store<Order>,
    /// Those that were moved or cancelled.
    pub(crate) events: Store<Event>,
    pub(crate) refused: Store<RefusedAddress>,
    pub(crate) peers: Peers,
    pub(crate) clock: Clock,
    pub(crate) letters: Arc<Letters>,
    pub(crate) settings: Settings,
    /// Wakes the task that sends.
    pub(crate) there_is_mail: Arc<Notify>,
}

impl MailState {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        Self {
            messages: deps.store(),
            orders: deps.store(),
            events: deps.store(),
            refused: deps.store(),
            peers: deps.platform.peers.clone(),
            clock: deps.platform.clock.clone(),
            letters: Arc::new(Letters::new(&settings)),
            settings,
            there_is_mail: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Makes sure that somebody is told this, once. What was heard of before is not told again.
    ///
    /// # Errors
    /// If the database fails.
    pub(crate) async fn tell(&self, recipient: UserId, news: News) -> Result<(), StoreError> {
        let mut message = Message::new(recipient, news, self.now());
        message.traceparent = trace::current();
        match self.messages.insert(message, &()).await {
            Ok(_) => {
                crash_point(CrashPoint::MessageKept);
                self.there_is_mail.notify_one();
                Ok(())
            }
            Err(StoreError::Conflict(Conflict::Exists)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
