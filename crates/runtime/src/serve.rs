use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use slots::ConnectionSlots;

mod limits;
mod slots;

pub use limits::ConnectionLimits;

/// How long requests in flight may take after the shutdown has begun.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(20);
/// How long to wait for connections to close when there are no file descriptors for more.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(100);

/// Answers HTTP on `listener` until `shutdown`, then finishes the requests in flight.
///
/// HTTP/1.1 and nothing else: our peers are proxies or clients without TLS, and neither uses HTTP/2
/// here. A connection that detects the version by its first bytes would wait for these without a
/// limit.
pub async fn serve(listener: TcpListener, routes: Router, limits: ConnectionLimits, shutdown: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.header_timeout).max_buf_size(limits.header_size);
    let slots = ConnectionSlots::new(limits.connections);
    let connections = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(OUT_OF_DESCRIPTORS).await;
                    continue;
                }
            },
            () = shutdown.cancelled() => break,
        };
        limits.apply_to(&stream);
        let slot = slots.take();
        let in_use = slot.clone();
        let routes = routes.clone().map_request(move |mut request: http::Request<hyper::body::Incoming>| {
            in_use.mark_used();
            request.extensions_mut().insert(ConnectInfo(peer));
            request.map(axum::body::Body::new)
        });
        let connection =
            connections.watch(http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes)));
        tokio::spawn(async move {
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%peer, %error, "connection ended");
                },
                () = slot.revoked() => tracing::debug!(%peer, "idle connection closed for a new one"),
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIMEOUT, connections.shutdown()).await.is_err() {
        tracing::warn!("requests were still in flight when the time to drain was over");
    }
}

#[cfg(test)]
mod tests;
