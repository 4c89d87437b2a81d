use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use runtime::outbound::{CallFailed, HttpCalls, Network};
use tokio::runtime::Handle;

/// How long the collector may take for a batch. It is near, and nothing waits for it.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The collector of spans, for their exporters.
///
/// It may be unavailable without harm: its batches are lost, and the log says so once.
#[derive(Clone)]
pub(super) struct Collector {
    endpoint: Arc<str>,
    network: Arc<Network>,
    runtime: Handle,
    is_down: Arc<AtomicBool>,
}

impl Collector {
    /// Must be called in the runtime that sends the requests.
    pub(super) fn at(endpoint: &str) -> anyhow::Result<Self> {
        let network = Arc::new(Network::new().context("an HTTP client for traces")?);
        Ok(Self { endpoint: endpoint.into(), network, runtime: Handle::current(), is_down: Arc::default() })
    }

    fn note(&self, failure: Option<String>) {
        let was_down = self.is_down.swap(failure.is_some(), Ordering::Relaxed);
        let endpoint = self.endpoint.as_ref();
        match failure {
            Some(reason) if !was_down => tracing::warn!(endpoint, reason, "traces are lost: nobody collects them"),
            None if was_down => tracing::warn!(endpoint, "traces are collected again"),
            Some(_) | None => {}
        }
    }
}

impl std::fmt::Debug for Collector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Collector").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let network = self.network.clone();
        // Exporters have threads of their own, outside the runtime.
        let sending = self.runtime.spawn(async move { tokio::time::timeout(TIMEOUT, network.call(request)).await });
        let sent = sending.await.unwrap_or(Ok(Err(CallFailed("the process ends".into()))));
        let sent = sent.unwrap_or_else(|_| Err(CallFailed("no answer in time".into()))).map_err(HttpError::from);
        self.note(match &sent {
            Ok(response) if response.status().is_success() => None,
            Ok(response) => Some(response.status().to_string()),
            Err(error) => Some(error.to_string()),
        });
        sent
    }
}
