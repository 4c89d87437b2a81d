//! The trace that follows one request through HTTP, commits and events, and the spans it is made of.
//!
//! The W3C trace context is always passed on. Spans are exported only if there is a collector, see
//! [`export`]; without one a span is no more than the context it began in.

mod context;
mod span;

pub use context::{TRACEPARENT, id, is_valid, start};
pub use opentelemetry::KeyValue;
pub use opentelemetry::trace::SpanKind;
pub use span::{Span, export};

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
