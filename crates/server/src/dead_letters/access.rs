use std::sync::Arc;

use anyhow::{Context, bail};
use axum::body::Bytes;
use common::errors::ErrorBody;
use http::{Method, Request, Response, header};
use ports::bus::{Bus, DeadLetter};
use runtime::audit::{self, AuditEvent};
use runtime::outbound::{HttpCalls, Network};

use super::secret::{self, Contact};
use crate::engines::{BusConfig, has_data};
use crate::settings::EngineSettings;

/// The largest page of letters, in bytes: a hundred of the largest that a bus takes.
const LARGEST_PAGE: usize = 128 << 20;

/// How to reach the dead letters.
pub enum Access {
    /// By opening the bus: no other process has it open, or several may.
    Direct(Arc<dyn Bus>),
    /// Through a running process that has it open.
    Through(Box<Running>),
}

/// A running process that has the bus open.
pub struct Running {
    network: Network,
    contact: Contact,
}

impl Access {
    /// Chooses the way according to the settings.
    ///
    /// # Errors
    /// If there is no data, or the bus cannot be reached.
    pub async fn open(settings: &EngineSettings) -> anyhow::Result<Self> {
        if settings.nats_url.is_some() {
            return Ok(Self::Direct(BusConfig::from_settings(settings).open().await?));
        }
        if let Some(contact) = secret::read(&settings.data) {
            let network = Network::new().context("an HTTP client")?.with_largest_response(LARGEST_PAGE);
            let running = Running { network, contact };
            if running.list(0, 1).await.is_ok() {
                return Ok(Self::Through(Box::new(running)));
            }
        }
        if !has_data(&settings.data) {
            bail!("there is no data in {}; use --data or --nats-url to say where it is", settings.data.display());
        }
        Ok(Self::Direct(BusConfig::from_settings(settings).open().await?))
    }

    pub(super) async fn list(&self, after: u64, limit: usize) -> anyhow::Result<Vec<DeadLetter>> {
        match self {
            Self::Direct(bus) => Ok(bus.dead_letters(after, limit).await?),
            Self::Through(running) => running.list(after, limit).await,
        }
    }

    pub(super) async fn replay(&self, number: u64) -> anyhow::Result<()> {
        match self {
            Self::Direct(bus) => {
                bus.replay(number).await?;
                audit::record(AuditEvent::DeadLetterReplayed);
                Ok(())
            }
            Self::Through(running) => running.replay(number).await,
        }
    }
}

impl Running {
    async fn list(&self, after: u64, limit: usize) -> anyhow::Result<Vec<DeadLetter>> {
        let response = self.send(Method::GET, &format!("?after={after}&limit={limit}")).await?;
        serde_json::from_slice(&response).context("the running process answered something else")
    }

    async fn replay(&self, number: u64) -> anyhow::Result<()> {
        self.send(Method::POST, &format!("/{number}/replay")).await.map(drop)
    }

    async fn send(&self, method: Method, rest: &str) -> anyhow::Result<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}/admin/dead-letters{rest}", self.contact.address))
            .header(header::AUTHORIZATION, self.contact.secret.header())
            .body(Bytes::new())?;
        understood(self.network.call(request).await.context("the running process does not answer")?)
    }
}

/// What a running process has answered.
///
/// # Errors
/// If it has refused, with its words.
pub(crate) fn understood(response: Response<Bytes>) -> anyhow::Result<Bytes> {
    if response.status().is_success() {
        return Ok(response.into_body());
    }
    let body: ErrorBody =
        serde_json::from_slice(response.body()).context("the running process answered something else")?;
    bail!(body.errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; "))
}
