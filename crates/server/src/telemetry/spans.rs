use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context;
use futures::future::join_all;
use opentelemetry::KeyValue;
use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;

use super::collector::Collector;

/// How long exporting the last spans may take: less than a process has to shut down.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(5);

/// Exports spans in batches.
pub(super) struct Spans {
    providers: Vec<SdkTracerProvider>,
}

impl Spans {
    /// Exports the spans of `services` over OTLP to the collector at `endpoint`. Each service is a
    /// resource of its own, also where several share a process.
    pub(super) fn export(endpoint: &str, services: &[&'static str]) -> anyhow::Result<Self> {
        let collector = Collector::at(endpoint)?;
        let (mut providers, mut tracers) = (Vec::new(), HashMap::new());
        for &service in services {
            let provider = provider(service, endpoint, collector.clone())?;
            tracers.insert(service, BoxedTracer::new(Box::new(provider.tracer("ticketing"))));
            providers.push(provider);
        }
        runtime::trace::export(tracers);
        Ok(Self { providers })
    }

    pub(super) async fn flush(self) {
        // Each blocks until its spans are exported, which must not block the runtime.
        let flush = |provider: SdkTracerProvider| {
            tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(FLUSH_TIMEOUT))
        };
        for flushed in join_all(self.providers.into_iter().map(flush)).await {
            if !matches!(flushed, Ok(Ok(()))) {
                tracing::debug!(?flushed, "the last spans were not exported");
            }
        }
    }
}

fn provider(service: &'static str, endpoint: &str, collector: Collector) -> anyhow::Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(collector)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/traces"))
        .build()
        .with_context(|| format!("traces cannot be exported to {endpoint}"))?;
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder().with_service_name(service).with_attribute(version).build();
    Ok(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())
}
