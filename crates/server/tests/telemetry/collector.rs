//! A collector that receives spans over OTLP and keeps them.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::header::CONTENT_TYPE;
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span};
use prost::Message;
use tokio::net::TcpListener;

#[derive(Default, Clone)]
pub(crate) struct Collector {
    spans: Arc<Mutex<Vec<Collected>>>,
    url: String,
}

/// A span, as received.
#[derive(Debug, Clone)]
pub(crate) struct Collected {
    pub(crate) service: String,
    pub(crate) span: Span,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let collector = Self { url, ..Self::default() };
        let routes = Router::new().route("/v1/traces", post(collect)).with_state(collector.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        collector
    }

    /// The value for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The spans of one trace so far.
    pub(crate) fn trace(&self, id: &str) -> Vec<Collected> {
        let spans = self.spans.lock().expect("no task panicked");
        spans.iter().filter(|collected| hex(&collected.span.trace_id) == id).cloned().collect()
    }
}

impl Collected {
    pub(crate) fn id(&self) -> String {
        hex(&self.span.span_id)
    }

    pub(crate) fn parent(&self) -> String {
        hex(&self.span.parent_span_id)
    }

    /// Service and name.
    pub(crate) fn what(&self) -> String {
        format!("{}: {}", self.service, self.span.name)
    }

    /// All text in it except ids.
    pub(crate) fn words(&self) -> Vec<String> {
        let values = self.span.attributes.iter().filter_map(|attribute| attribute.value.as_ref()).filter_map(text);
        values.chain([self.span.name.clone()]).collect()
    }
}

async fn collect(State(collector): State<Collector>, body: Bytes) -> ([(http::HeaderName, &'static str); 1], Vec<u8>) {
    let request = ExportTraceServiceRequest::decode(body).expect("an export");
    let mut spans = collector.spans.lock().expect("no task panicked");
    spans.extend(request.resource_spans.into_iter().flat_map(of_resource));
    ([(CONTENT_TYPE, "application/x-protobuf")], ExportTraceServiceResponse::default().encode_to_vec())
}

fn of_resource(spans: ResourceSpans) -> impl Iterator<Item = Collected> {
    let attributes = spans.resource.unwrap_or_default().attributes;
    let is_name = |attribute: &&KeyValue| attribute.key == "service.name";
    let name = attributes.iter().find(is_name).and_then(|name| text(name.value.as_ref()?)).expect("a service's name");
    let spans = spans.scope_spans.into_iter().flat_map(|scope| scope.spans);
    spans.map(move |span| Collected { service: name.clone(), span })
}

fn text(value: &AnyValue) -> Option<String> {
    match value.value.as_ref()? {
        any_value::Value::StringValue(text) => Some(text.clone()),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
