use anyhow::Result;
use common::id::SessionId;
use server::engines::BusConfig;
use testkit::ended_sessions::end_sessions;

use super::strangers::session_id;
use super::{Engine, System};

impl System {
    /// Ends the sessions of so many strangers. Where the bus is in the product's own file, the product is stopped for
    /// it and restarted.
    ///
    /// # Errors
    /// If the bus refuses them.
    pub(crate) async fn end_sessions(&mut self, count: usize) -> Result<()> {
        let sessions: Vec<SessionId> = (0..count).map(session_id).map(|id| Ok(id.parse()?)).collect::<Result<_>>()?;
        match (&self.engines, self.engine) {
            (Some((_, nats)), Engine::Real) => {
                let config = BusConfig::Nats { url: nats.url().to_owned(), namespace: None, replicas: 1 };
                end_sessions(&config, &sessions).await
            }
            _ => {
                self.stop().await;
                end_sessions(&BusConfig::Directory(self.data.path().join("data")), &sessions).await?;
                self.start().await;
                Ok(())
            }
        }
    }
}
