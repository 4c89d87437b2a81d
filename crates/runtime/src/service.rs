use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::deps::Deps;
use crate::listener::Listener;
use crate::timer::Timer;
use ports::bus::Stream;
use ports::clock::Clock;
use ports::store::Collection;

/// How soon periodic work that failed is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(500);
/// The least time from one start of periodic work to the next: what comes due within it is done together.
const SPACING: Duration = Duration::from_millis(10);

/// A service as a value: what must be known of it before it runs, and how it is built. Programs, tests
/// and experiments use these.
pub struct ServiceDefinition {
    /// Its name, which is also that of its database and of the stream it owns.
    pub name: &'static str,
    /// The collections of its database.
    pub collections: &'static [&'static Collection],
    /// The description of its HTTP API.
    pub api: utoipa::openapi::OpenApi,
    /// Builds the service.
    pub build: Box<dyn FnOnce(Deps) -> Service + Send>,
}

/// One service, ready to be run.
pub struct Service {
    /// Its routes, documented.
    pub routes: OpenApiRouter,
    /// Routes for other services alone ([`Peers`](crate::Peers)): nothing outside may reach them.
    pub internal: OpenApiRouter,
    /// The streams it owns.
    pub streams: Vec<Stream>,
    /// The handlers of events.
    pub listeners: Vec<Listener>,
    /// Its background work.
    pub tasks: Vec<BackgroundTask>,
}

type Start = Box<dyn FnOnce(CancellationToken) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// Work that runs until the process ends.
pub struct BackgroundTask {
    /// For the log.
    pub name: &'static str,
    /// Starts it; it returns soon after the token is cancelled.
    pub run: Start,
}

impl BackgroundTask {
    /// A task that `run` starts.
    pub fn new<Fut>(name: &'static str, run: impl FnOnce(CancellationToken) -> Fut + Send + 'static) -> Self
    where
        Fut: Future<Output = ()> + Send + 'static,
    {
        Self { name, run: Box::new(move |shutdown| Box::pin(run(shutdown))) }
    }

    /// A task that does `work` at once and then again after `every` by the clock, measured from start to
    /// start: time that passes during the work counts. Work that fails is done again soon.
    pub fn periodic<Fut, E>(
        name: &'static str,
        every: Duration,
        clock: Clock,
        work: impl Fn() -> Fut + Send + Sync + 'static,
    ) -> Self
    where
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Display + Send,
    {
        Self::timed(name, every, clock, Timer::default(), work)
    }

    /// The same, done also at the first moment that `timer` has been told of since the work was begun, also in the
    /// work itself.
    pub fn timed<Fut, E>(
        name: &'static str,
        every: Duration,
        clock: Clock,
        timer: Timer,
        work: impl Fn() -> Fut + Send + Sync + 'static,
    ) -> Self
    where
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Display + Send,
    {
        Self::new(name, move |shutdown| async move {
            let repeat = async {
                loop {
                    let next_start = Instant::now() + SPACING;
                    // Reset before the work: it may miss what the timer is told of from here on.
                    timer.reset();
                    timer.wake_by(clock.now() + every);
                    match work().await {
                        Ok(()) => tokio::select! {
                            () = timer.wait(&clock) => tokio::time::sleep_until(next_start).await,
                            // Also while the clock stands still, or has been set back.
                            () = tokio::time::sleep(every) => {}
                        },
                        Err(error) => {
                            tracing::warn!(task = name, %error, "failed; trying again");
                            tokio::time::sleep(RETRY_AFTER).await;
                        }
                    }
                }
            };
            shutdown.run_until_cancelled(repeat).await;
        })
    }
}

#[cfg(test)]
mod tests {
    use common::time::Timestamp;
    use tokio::sync::mpsc;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn timed_work_is_done_again_at_the_moment_that_it_asks_for_and_not_before() {
        let start = Timestamp::from_millis(1_000_000);
        let (clock, timer, (done, mut seen)) = (Clock::manual(start), Timer::default(), mpsc::unbounded_channel());
        let work = {
            let (clock, timer) = (clock.clone(), timer.clone());
            move || {
                timer.wake_by(clock.now() + SECOND * 5);
                done.send(clock.now()).expect("is waited for");
                async { Ok::<_, String>(()) }
            }
        };
        let task = BackgroundTask::timed("work", SECOND * 3600, clock.clone(), timer, work);
        tokio::spawn((task.run)(CancellationToken::new()));
        assert_eq!(seen.recv().await, Some(start));
        clock.advance(SECOND * 4);
        tokio::time::sleep(SPACING * 2).await;
        assert!(seen.is_empty(), "it was done early");
        clock.advance(SECOND);
        assert_eq!(seen.recv().await, Some(start + SECOND * 5));
    }
}
