use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use opentelemetry::global::{BoxedSpan, BoxedTracer};
use opentelemetry::trace::{Span as _, SpanBuilder, SpanKind, Status, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue, Value};

use super::context::{format, parse};

static TRACERS: OnceLock<HashMap<&'static str, BoxedTracer>> = OnceLock::new();

/// Exports the spans of these services from now on, each service's by its own tracer.
pub fn export(tracers: HashMap<&'static str, BoxedTracer>) {
    // Called once, at the start of the process.
    let _ = TRACERS.set(tracers);
}

/// A piece of work of one service. It ends when it is dropped.
pub struct Span {
    traceparent: Option<String>,
    exported: Option<BoxedSpan>,
}

impl Span {
    /// Begins a span as a child of the one with the `traceparent` of `parent`. What it is `about`, its
    /// name and attributes, is only computed if it is exported.
    pub fn begin(
        service: &str,
        kind: SpanKind,
        parent: Option<&str>,
        about: impl FnOnce() -> (String, Vec<KeyValue>),
    ) -> Self {
        let Some(tracer) = TRACERS.get().and_then(|tracers| tracers.get(service)) else {
            return Self { traceparent: parent.map(str::to_owned), exported: None };
        };
        Self::of(tracer, kind, parent, about())
    }

    /// Begins the span of a call that `service` makes to another server, as a child of what the task is
    /// doing.
    pub fn call(service: &str, name: &'static str) -> Self {
        Self::begin(service, SpanKind::Client, super::current().as_deref(), || (name.to_owned(), Vec::new()))
    }

    fn of(tracer: &BoxedTracer, kind: SpanKind, parent: Option<&str>, about: (String, Vec<KeyValue>)) -> Self {
        let parent = match parent.and_then(parse) {
            Some(context) => Context::new().with_remote_span_context(context),
            None => Context::new(),
        };
        let (name, attributes) = about;
        let builder = SpanBuilder::from_name(name).with_kind(kind).with_attributes(attributes);
        let span = tracer.build_with_context(builder, &parent);
        Self { traceparent: Some(format(span.span_context())), exported: Some(span) }
    }

    /// The `traceparent` for work that is a part of this.
    pub fn traceparent(&self) -> Option<String> {
        self.traceparent.clone()
    }

    /// Adds an attribute that was not known at the start.
    pub fn set(&mut self, key: &'static str, value: impl Into<Value>) {
        if let Some(span) = &mut self.exported {
            span.set_attribute(KeyValue::new(key, value));
        }
    }

    /// Marks it as failed.
    pub fn fail(&mut self, reason: impl Into<Cow<'static, str>>) {
        if let Some(span) = &mut self.exported {
            span.set_status(Status::error(reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::noop::NoopTracer;

    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_span_that_is_not_exported_passes_on_its_parent() {
        let begin = |parent| Span::begin("unknown", SpanKind::Server, parent, || panic!("it is not exported"));
        assert_eq!(begin(Some(PARENT)).traceparent().as_deref(), Some(PARENT));
        assert_eq!(begin(None).traceparent(), None);
    }

    #[test]
    fn a_span_is_a_part_of_its_parents_trace() {
        // This tracer uses the parent's context as the span's own.
        let tracer = BoxedTracer::new(Box::new(NoopTracer::new()));
        let span = Span::of(&tracer, SpanKind::Consumer, Some(PARENT), ("work".to_owned(), Vec::new()));
        assert_eq!(span.traceparent().as_deref(), Some(PARENT));
    }

    #[tokio::test]
    async fn a_call_is_a_part_of_what_the_task_does() {
        let call = || async { Span::call("payments", "stripe capture").traceparent() };
        assert_eq!(super::super::with(Some(PARENT.to_owned()), call()).await.as_deref(), Some(PARENT));
        assert_eq!(call().await, None);
    }
}
