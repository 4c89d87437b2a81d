use std::time::Duration;

use client::Error;
use futures::{StreamExt, TryStreamExt, stream};
use http::StatusCode;
use indicatif::{ProgressBar, ProgressStyle};

/// How many requests are in flight at once: enough to keep an instance busy, too few to crowd out
/// others.
const CONCURRENCY: usize = 8;
/// How long to wait if a busy instance does not say.
const DEFAULT_WAIT: Duration = Duration::from_secs(1);
/// How often in a row an instance may be unavailable before that is an error.
const UNAVAILABLE_LIMIT: u32 = 30;
/// A wait of this length is explained, so that it does not look like a hang.
const LONG_WAIT: Duration = Duration::from_secs(5);

/// One kind of work: on a terminal a bar shows its progress, elsewhere a line says when it is done.
pub(super) struct Phase {
    bar: ProgressBar,
}

impl Phase {
    /// A phase that is too short to be shown.
    pub(super) fn hidden() -> Self {
        Self { bar: ProgressBar::hidden() }
    }

    /// Does `work` for every item, several at a time, and returns the results in the order of the items.
    pub(super) async fn run<I, T, F>(
        name: &'static str,
        items: Vec<I>,
        work: impl Fn(I, Self) -> F,
    ) -> anyhow::Result<Vec<T>>
    where
        F: Future<Output = anyhow::Result<T>>,
    {
        let count = items.len();
        let bar = ProgressBar::new(count as u64).with_message(name).with_style(style());
        let results = stream::iter(items).map(|item| work(item, Self { bar: bar.clone() })).buffered(CONCURRENCY);
        let results: Vec<T> = results.inspect_ok(|_| bar.inc(1)).try_collect().await?;
        bar.finish();
        if bar.is_hidden() {
            eprintln!("{name}: {count}");
        }
        Ok(results)
    }

    /// Calls until the instance is not too busy, waiting between calls for as long as it asks.
    pub(super) async fn patiently<T, F>(&self, call: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut unavailable = 0;
        loop {
            let error = match call().await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            unavailable += u32::from(error.status() == Some(StatusCode::SERVICE_UNAVAILABLE));
            match wait(&error).filter(|_| unavailable < UNAVAILABLE_LIMIT) {
                Some(wait) => self.pause(wait).await,
                None => return Err(error),
            }
        }
    }

    async fn pause(&self, wait: Duration) {
        if wait >= LONG_WAIT {
            let explanation = format!("waiting for {wait:?}, as the instance asks");
            self.bar.suspend(|| eprintln!("{explanation}"));
        }
        tokio::time::sleep(wait).await;
    }
}

/// When to call again, if that is worth it.
fn wait(error: &Error) -> Option<Duration> {
    match error {
        Error::Api { status: StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, retry_after, .. } => {
            Some(retry_after.unwrap_or(DEFAULT_WAIT))
        }
        Error::Api { .. } | Error::Transport(_) | Error::Decode(_) | Error::BaseUrl(_) => None,
    }
}

fn style() -> ProgressStyle {
    let style = ProgressStyle::with_template("{msg:<8} {bar:40} {pos}/{len} {eta}");
    style.expect("the template is well-formed")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use super::*;

    fn refusal(status: StatusCode, retry_after: Option<Duration>) -> Error {
        Error::Api { status, errors: Vec::new(), retry_after }
    }

    async fn calls_until_given_up(status: StatusCode) -> u32 {
        let calls = AtomicU32::new(0);
        let call = || async {
            // A hundred refusals are more than the limit for outages.
            if calls.fetch_add(1, Relaxed) < 100 { Err(refusal(status, Some(Duration::ZERO))) } else { Ok(()) }
        };
        let _ = Phase::hidden().patiently(call).await;
        calls.into_inner()
    }

    #[test]
    fn an_instance_that_says_when_to_come_back_is_obeyed() {
        let asked = Duration::from_secs(90);
        assert_eq!(wait(&refusal(StatusCode::TOO_MANY_REQUESTS, Some(asked))), Some(asked));
        assert_eq!(wait(&refusal(StatusCode::SERVICE_UNAVAILABLE, None)), Some(DEFAULT_WAIT));
        assert_eq!(wait(&refusal(StatusCode::BAD_REQUEST, Some(asked))), None);
    }

    #[tokio::test]
    async fn limits_are_waited_out_and_outages_are_not() {
        assert_eq!(calls_until_given_up(StatusCode::TOO_MANY_REQUESTS).await, 101);
        assert_eq!(calls_until_given_up(StatusCode::SERVICE_UNAVAILABLE).await, UNAVAILABLE_LIMIT);
        assert_eq!(calls_until_given_up(StatusCode::INTERNAL_SERVER_ERROR).await, 1);
    }

    #[tokio::test]
    async fn results_come_in_the_order_of_the_items() {
        let slow_start = |number: u64, _| async move {
            tokio::time::sleep(Duration::from_millis(20 / number)).await;
            Ok(number)
        };
        assert_eq!(Phase::run("numbers", vec![1, 2, 20], slow_start).await.expect("all worked"), [1, 2, 20]);
    }
}
