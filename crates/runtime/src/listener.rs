//! Listeners: the handlers of one durable consumer, and the loop that feeds them.
//!
//! Messages about the same aggregate are handled one after the other; those about different
//! aggregates at the same time, so that a slow one does not delay the others.

mod observed;
mod queues;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::Instrument;

use crate::crash_point::{CrashPoint, crash_point};
use crate::store::Applied;
use crate::trace::{self, Span, SpanKind};
use common::events::UnknownValue;
use common::events::{Envelope, Event, WholeState};
use common::version::Gaps;
use observed::{about, measure};
use ports::bus::{Bus, BusError, Consumer, Delivery};
use ports::store::StoreError;
use queues::Queues;

/// The pauses between two calls of a handler while the database is unavailable: the longest is short
/// enough to continue soon after it is back.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The outcome of an event that will not be tried again.
const REJECTED: &str = "rejected";

/// Why an event was not processed.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// An event that it builds on has not arrived yet: deliver it again later.
    #[error("not yet: {0}")]
    NotYet(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No later try will succeed: put it among the dead letters.
    #[error("{0}")]
    Impossible(String),
}

/// A reader that needs a value of an event cannot do without: a newer one will know it.
impl From<UnknownValue> for ListenError {
    fn from(unknown: UnknownValue) -> Self {
        Self::Impossible(unknown.to_string())
    }
}

/// What a handler returns.
pub type Handled = Result<(), ListenError>;

/// Whether something has just happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// It has happened while this consumer was there, which may have been away for a while.
    News,
    /// It had happened before the consumer was made.
    History,
}

impl Age {
    /// What is history may have gaps.
    fn of(gaps: Gaps) -> Self {
        match gaps {
            Gaps::Awaited => Self::News,
            Gaps::Superseded => Self::History,
        }
    }
}

type Handler = Arc<dyn Fn(&Envelope, Gaps) -> Pin<Box<dyn Future<Output = Handled> + Send>> + Send + Sync>;

/// The handlers of one service for one stream.
#[derive(Clone)]
pub struct Listener {
    service: &'static str,
    stream: &'static str,
    handlers: HashMap<&'static str, Handler>,
}

impl Listener {
    /// A listener of `service` to `stream`, without handlers yet.
    pub fn new(service: &'static str, stream: &'static str) -> Self {
        Self { service, stream, handlers: HashMap::new() }
    }

    /// Handles events of type `E` with `handle`, which must have the same effect when it is
    /// called again with the same event.
    #[must_use]
    pub fn on<E, F, Fut>(self, handle: F) -> Self
    where
        E: Event,
        F: Fn(E) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Handled> + Send + 'static,
    {
        self.insert(move |event, _| handle(event))
    }

    /// The same for an event of which somebody is told: `handle` is told, too, whether it is news.
    #[must_use]
    pub fn on_news<E, F, Fut>(self, handle: F) -> Self
    where
        E: Event,
        F: Fn(E, Age) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Handled> + Send + 'static,
    {
        self.insert(move |event, gaps| handle(event, Age::of(gaps)))
    }

    /// The same for an event that says all of its aggregate. `handle` is told, too, whether what it supersedes may be
    /// gone: then nothing will fill a gap before it.
    #[must_use]
    pub fn on_state<E, F, Fut>(self, handle: F) -> Self
    where
        E: WholeState,
        F: Fn(E, Gaps) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Handled> + Send + 'static,
    {
        self.insert(handle)
    }

    fn insert<E, F, Fut>(mut self, handle: F) -> Self
    where
        E: Event,
        F: Fn(E, Gaps) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Handled> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |envelope: &Envelope, gaps| match envelope.payload::<E>() {
            Ok(event) => Box::pin(handle(event, gaps)),
            Err(error) => {
                Box::pin(std::future::ready(Err(ListenError::Impossible(format!("unreadable {}: {error}", E::TYPE)))))
            }
        });
        self.handlers.insert(E::TYPE, handler);
        self
    }

    /// Its durable consumer.
    pub fn consumer(&self) -> Consumer {
        let mut types: Vec<_> = self.handlers.keys().copied().collect();
        types.sort_unstable();
        Consumer::new(self.service, self.stream, types)
    }

    /// Consumes until `shutdown`, then finishes the messages in progress. `joining` is given back as soon as what is
    /// published is news to the consumer, or its stream turns out to be missing: the service it belongs to never ran.
    pub async fn run(self, bus: Arc<dyn Bus>, joining: TaskTrackerToken, shutdown: CancellationToken) {
        let consumer = Arc::new(self.consumer());
        let listener = Arc::new(self);
        let tasks = TaskTracker::new();
        let work = Work { listener, consumer, queues: Arc::default(), tasks: tasks.clone() };
        let mut entry = Entry { joining: Some(joining), found_no_stream: false };
        let feed = async {
            loop {
                let error = work.feed(bus.as_ref(), &mut entry).await;
                if !matches!(error, BusError::NoStream(_)) {
                    tracing::warn!(consumer = work.consumer.name, %error, "consuming failed; trying again");
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        tokio::select! {
            () = feed => {}
            () = shutdown.cancelled() => {}
        }
        tasks.close();
        tasks.wait().await;
    }

    async fn handle(&self, consumer: &Consumer, delivery: Delivery) {
        let envelope = &delivery.envelope;
        let parent = envelope.traceparent.as_deref();
        let mut span = Span::begin(self.service, SpanKind::Consumer, parent, || about(consumer, &delivery));
        let traceparent = span.traceparent();
        let trace_id = traceparent.as_deref().and_then(trace::id);
        let log = tracing::warn_span!("event", consumer = consumer.name, r#type = envelope.kind, trace_id);
        let outcome = trace::with(traceparent, self.process(consumer, delivery)).instrument(log).await;
        span.set("outcome", outcome);
        if outcome == REJECTED {
            span.fail(outcome);
        }
    }

    async fn process(&self, consumer: &Consumer, delivery: Delivery) -> &'static str {
        let Delivery { envelope, attempt, is_history, acknowledger } = delivery;
        let gaps = if is_history { Gaps::Superseded } else { Gaps::Awaited };
        let (kind, id, started) = (envelope.kind.clone(), envelope.id.clone(), Instant::now());
        let is_for_another = envelope.replay_for.as_ref().is_some_and(|name| *name != consumer.name);
        let result = match self.handlers.get(kind.as_str()) {
            _ if is_for_another => Ok(()),
            None => Err(ListenError::Impossible(format!("{} does not handle {kind}", consumer.name))),
            Some(handler) => retry_while_unavailable(handler, &envelope, gaps).await,
        };
        crash_point(CrashPoint::ListenerHandled);
        let outcome = outcome(&result);
        measure(consumer, &kind, outcome, attempt, started.elapsed());
        let acknowledged = match result {
            Ok(()) => acknowledger.ack().await,
            Err(ListenError::Impossible(reason)) => {
                tracing::error!(consumer = consumer.name, event = id, kind, reason, "event rejected");
                acknowledger.reject(&reason).await
            }
            Err(error @ (ListenError::NotYet(_) | ListenError::Store(_))) => {
                tracing::debug!(consumer = consumer.name, event = id, kind, attempt, %error, "event deferred");
                acknowledger.retry(retry_delay(attempt), &error.to_string()).await
            }
        };
        crash_point(CrashPoint::ListenerAnswered);
        if let Err(error) = acknowledged {
            tracing::warn!(consumer = consumer.name, event = id, %error, "acknowledging failed; it will be delivered again");
        }
        outcome
    }
}

/// A running listener. The bus limits how many messages it has in progress: by the consumer's
/// `max_unacknowledged`.
struct Work {
    listener: Arc<Listener>,
    consumer: Arc<Consumer>,
    queues: Arc<Queues>,
    tasks: TaskTracker,
}

/// What a listener knows of its way to its stream.
struct Entry {
    joining: Option<TaskTrackerToken>,
    found_no_stream: bool,
}

impl Entry {
    /// Notes an attempt to join. Returns whether the stream was made while we waited for it: then nothing in it is
    /// history to us, though some of it is older than the consumer.
    fn attempted<D>(&mut self, joined: &Result<D, BusError>) -> bool {
        if matches!(joined, Ok(_) | Err(BusError::NoStream(_))) {
            self.joining.take();
        }
        let found_none_before = self.found_no_stream;
        self.found_no_stream = matches!(joined, Err(BusError::NoStream(_)));
        found_none_before && joined.is_ok()
    }
}

impl Work {
    /// Takes deliveries until the bus fails.
    async fn feed(&self, bus: &dyn Bus, entry: &mut Entry) -> BusError {
        let joined = bus.consume(&self.consumer).await;
        let is_newer_than_we = entry.attempted(&joined);
        let mut deliveries = match joined {
            Ok(deliveries) => deliveries,
            Err(error) => return error,
        };
        loop {
            match deliveries.next().await {
                Ok(delivery) => {
                    self.take(Delivery { is_history: delivery.is_history && !is_newer_than_we, ..delivery })
                }
                Err(error) => return error,
            }
        }
    }

    /// Handles it now, or after those about the same aggregate that are in progress.
    fn take(&self, delivery: Delivery) {
        let Some((mut turn, first)) = self.queues.enter(delivery) else { return };
        let (listener, consumer) = (self.listener.clone(), self.consumer.clone());
        self.tasks.spawn(async move {
            let mut next = Some(first);
            while let Some(delivery) = next {
                listener.handle(&consumer, delivery).await;
                next = turn.next();
            }
        });
    }
}

/// Calls the handler, again and again while the database is unavailable: an outage is not the message's
/// fault and must not use up its deliveries. Nor those of the messages behind it in the queue: all
/// of them are in progress.
async fn retry_while_unavailable(handler: &Handler, envelope: &Envelope, gaps: Gaps) -> Handled {
    let pauses = ExponentialBuilder::new().with_min_delay(FIRST_PAUSE).with_max_delay(LONGEST_PAUSE);
    (|| handler(envelope, gaps))
        .retry(pauses.without_max_times())
        .sleep(tokio::time::sleep)
        .when(is_temporary)
        .notify(|error, _| tracing::warn!(event = envelope.id, %error, "holding the event until the database is back"))
        .await
}

fn is_temporary(error: &ListenError) -> bool {
    matches!(error, ListenError::Store(StoreError::Unavailable(_) | StoreError::OverBudget(_)))
}

fn outcome(result: &Handled) -> &'static str {
    match result {
        Ok(()) => "done",
        Err(ListenError::Impossible(_)) => REJECTED,
        Err(ListenError::NotYet(_) | ListenError::Store(_)) => "retried",
    }
}

/// 20 ms, doubled with each attempt up to 30 s: a gap usually closes within milliseconds.
fn retry_delay(attempt: u32) -> Duration {
    Duration::from_millis(20 << attempt.saturating_sub(1).min(11)).min(Duration::from_secs(30))
}

impl Applied {
    /// Turns a gap into "not yet", and what has been applied into success.
    ///
    /// # Errors
    /// If the event came before its predecessor.
    pub fn or_not_yet(self) -> Handled {
        match self {
            Self::Now | Self::Before => Ok(()),
            Self::Gap => Err(ListenError::NotYet("an earlier version is missing")),
        }
    }
}
