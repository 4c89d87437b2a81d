//! Where a process answers: visitors at one address, operators at another.

use std::net::SocketAddr;

use anyhow::Context;
use axum::Router;
use runtime::{ConnectionLimits, serve};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::gate::Gate;
use crate::settings::ProcessSettings;

/// Operators are few: probes, Prometheus, a command.
const OPERATORS: usize = 100;

/// The two servers of a process.
pub struct Servers {
    /// Where visitors are answered.
    pub address: SocketAddr,
    /// Where operators are.
    pub operator_address: SocketAddr,
    visitors: JoinHandle<()>,
    operators: JoinHandle<()>,
}

impl Servers {
    /// Answers what `gate` has for operators, and `visitors` at the address `listen`, until `closing`.
    ///
    /// # Errors
    /// If one of the addresses is in use, or not of this machine.
    pub async fn begin(
        listen: SocketAddr,
        settings: &ProcessSettings,
        gate: &Gate,
        visitors: Router,
        closing: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
        let address = listener.local_addr().context("the address we listen on")?;
        let wanted = settings.operator_address(listen);
        let for_operators = TcpListener::bind(wanted).await;
        let for_operators = for_operators
            .with_context(|| format!("cannot listen on {wanted} for operators (--operator-listen says where)"))?;
        let operator_address = for_operators.local_addr().context("the address for operators")?;
        let limits = ConnectionLimits { connections: settings.connections(), ..ConnectionLimits::default() };
        let visitors = tokio::spawn(serve(listener, visitors, limits, closing.clone()));
        let limits = ConnectionLimits { connections: OPERATORS, ..limits };
        let operators = tokio::spawn(serve(for_operators, gate.operator_routes(), limits, closing.clone()));
        Ok(Self { address, operator_address, visitors, operators })
    }

    /// Returns when both have finished the requests in flight.
    ///
    /// # Errors
    /// If one of them panicked.
    pub async fn ended(self) -> anyhow::Result<()> {
        self.visitors.await.context("the server ended badly")?;
        self.operators.await.context("the server for operators ended badly")
    }
}
