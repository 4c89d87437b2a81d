//! The W3C trace context that follows one request through HTTP, commits and events.

use std::future::Future;

tokio::task_local! {
    static CURRENT: Option<String>;
}

/// Runs `work` under a `traceparent`.
pub async fn with<T>(traceparent: Option<String>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(traceparent, work).await
}

/// The `traceparent` this task works under.
pub fn current() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// A new `traceparent`, for a request that brought none.
pub fn start() -> String {
    format!("00-{:032x}-{:016x}-01", rand::random::<u128>().max(1), rand::random::<u64>().max(1))
}

/// Whether a header has the form of a `traceparent` (W3C Trace Context, version 00).
pub fn is_valid(header: &str) -> bool {
    let parts: Vec<&str> = header.split('-').collect();
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    matches!(parts[..], [version, trace, span, flags] if version == "00" && hex(trace, 32) && hex(span, 16) && hex(flags, 2))
}
