use std::sync::Arc;

use anyhow::{Context, bail};
use common::errors::ErrorBody;
use ports::bus::{Bus, DeadLetter};

use super::routes::Part;
use super::secret::{self, Contact};
use crate::engines::BusConfig;
use crate::settings::EngineSettings;

/// The way to the dead letters.
pub enum Access {
    /// Nobody else holds the bus, or everybody may.
    Direct(Arc<dyn Bus>),
    /// A running process holds it.
    Through(Running),
}

/// A running process that holds the bus.
pub struct Running {
    http: reqwest::Client,
    contact: Contact,
}

impl Access {
    /// Finds the way that the settings allow.
    ///
    /// # Errors
    /// If there is no data, or the bus cannot be reached.
    pub async fn open(settings: &EngineSettings) -> anyhow::Result<Self> {
        if settings.nats_url.is_some() {
            return Ok(Self::Direct(BusConfig::from_settings(settings).open().await?));
        }
        if let Some(contact) = secret::read(&settings.data) {
            let running = Running { http: reqwest::Client::new(), contact };
            if running.list(0, 1).await.is_ok() {
                return Ok(Self::Through(running));
            }
        }
        if !settings.data.join("bus.db").exists() {
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
            Self::Direct(bus) => Ok(bus.replay(number).await?),
            Self::Through(running) => running.replay(number).await,
        }
    }
}

impl Running {
    async fn list(&self, after: u64, limit: usize) -> anyhow::Result<Vec<DeadLetter>> {
        let url = self.url("");
        let answer = self.send(self.http.get(url).query(&Part { after, limit })).await?;
        Ok(answer.json().await?)
    }

    async fn replay(&self, number: u64) -> anyhow::Result<()> {
        self.send(self.http.post(self.url(&format!("/{number}/replay")))).await.map(drop)
    }

    fn url(&self, rest: &str) -> String {
        format!("http://{}/admin/dead-letters{rest}", self.contact.address)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> anyhow::Result<reqwest::Response> {
        let request = request.header("authorization", self.contact.secret.header());
        let answer = request.send().await.context("the running process does not answer")?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let body: ErrorBody = answer.json().await.context("the running process answered something else")?;
        bail!(body.errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; "))
    }
}
