use std::future::Future;
use std::pin::Pin;

use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::bus::Stream;
use crate::listener::Listener;

/// One service, ready to be run: what it answers, what it listens to, what it does by itself.
pub struct Service {
    /// Its name, which is also that of its database.
    pub name: &'static str,
    /// Its routes, documented.
    pub routes: OpenApiRouter,
    /// The streams it owns.
    pub streams: Vec<Stream>,
    /// What it listens to.
    pub listeners: Vec<Listener>,
    /// What it does by itself.
    pub tasks: Vec<BackgroundTask>,
}

type Start = Box<dyn FnOnce(CancellationToken) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// Work that goes on until the process ends.
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
}
