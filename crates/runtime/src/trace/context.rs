use http::HeaderName;
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

/// The header that carries the context.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A new `traceparent`, for a request without one.
pub fn start() -> String {
    format!("00-{:032x}-{:016x}-01", rand::random::<u128>().max(1), rand::random::<u64>().max(1))
}

/// Whether a header has the form of a `traceparent` (W3C Trace Context, version 00).
pub fn is_valid(header: &str) -> bool {
    parse(header).is_some()
}

/// The id of the trace that a `traceparent` belongs to, as it is logged.
pub fn id(traceparent: &str) -> Option<&str> {
    traceparent.get(3..35)
}

pub(super) fn parse(header: &str) -> Option<SpanContext> {
    let mut parts = header.split('-');
    let mut hex = |length: usize| {
        let is_hex = |part: &&str| part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        parts.next().filter(is_hex)
    };
    let (version, trace, span, flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?);
    let context = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    (version == "00" && parts.next().is_none() && context.is_valid()).then_some(context)
}

pub(super) fn format(context: &SpanContext) -> String {
    format!("00-{}-{}-{:02x}", context.trace_id(), context.span_id(), context.trace_flags().to_u8())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_context_is_read_as_it_is_written() {
        assert!(is_valid(EXAMPLE));
        assert_eq!(id(EXAMPLE), Some("0af7651916cd43dd8448eb211c80319c"));
        let unsampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
        for header in [EXAMPLE, unsampled] {
            assert_eq!(parse(header).map(|context| format(&context)).as_deref(), Some(header));
        }
        assert!(parse(EXAMPLE).is_some_and(|context| context.is_remote() && context.is_sampled()));
        assert!(parse(unsampled).is_some_and(|context| !context.is_sampled()));
    }

    #[test]
    fn a_new_context_is_valid_and_unique() {
        let (one, other) = (start(), start());
        assert!(is_valid(&one) && is_valid(&other));
        assert_ne!(id(&one), id(&other));
    }

    #[test]
    fn what_is_not_a_context_is_refused() {
        for header in [
            "",
            "00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-02",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
            "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        ] {
            assert!(!is_valid(header), "{header:?} was accepted");
        }
    }
}
