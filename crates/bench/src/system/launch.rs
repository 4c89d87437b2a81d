use std::path::Path;

use anyhow::Result;
use testkit::engines::{Mongod, NatsServer};
use testkit::process::{Program, Server, Services};

use super::{Engine, Member, ServiceName, System, bank};
use crate::programs::scratch;

/// Longer than any run, so that no reservation expires during a measurement.
const RESERVATION: &str = "12h";

impl System {
    /// The product on empty engines, ready. `ticketing` is the program, without arguments.
    ///
    /// # Errors
    /// If there is no room for the data.
    pub(crate) async fn launch(ticketing: &Program, engine: Engine) -> Result<Self> {
        let mut system = Self::prepare(ticketing, engine).await?;
        system.start().await;
        Ok(system)
    }

    /// Starts the engines and the bank, not yet the product.
    async fn prepare(ticketing: &Program, engine: Engine) -> Result<Self> {
        let data = scratch()?;
        // Requests then appear to come from as many addresses as we choose, each with its own rate limits.
        // And few people do what in life many do: the same people sign in again and again, as fast as they can.
        let ticketing = ticketing.clone().env("TRUSTED_PROXIES", "1").env("LIMITS", "off");
        let ticketing = ticketing.env("SIGNED_IN_ACCOUNT_LIMIT", "1000000/1m");
        let bank = bank::server()?;
        let ticketing = bank::used_by(ticketing, &bank);
        let mut system = match engine {
            Engine::Embedded => {
                let program = ticketing.env("DATA_DIR", data.path().join("data"));
                let program = program.env("RESERVATION_WINDOW", RESERVATION);
                let members = vec![Member { name: "ticketing", server: Server::new(program) }];
                Self { engine, members, bank, engines: None, data }
            }
            Engine::Real => {
                let (mongo, nats) = (data.path().join("mongo"), data.path().join("nats"));
                let (mongod, nats) = tokio::join!(Mongod::launch_with_usual_memory(&mongo), NatsServer::launch(&nats));
                let members = services(&ticketing, &mongod, &nats, &data.path().join("files"));
                Self { engine, members, bank, engines: Some((mongod, nats)), data }
            }
        };
        let payments = system.address(ServiceName::Payments);
        bank::open(&mut system.bank, payments).await;
        Ok(system)
    }
}

fn services(ticketing: &Program, mongod: &Mongod, nats: &NatsServer, files: &Path) -> Vec<Member> {
    let services = Services::new(|name| {
        let program = ticketing.clone().service(name.as_str());
        let program = program.env("MONGODB_URI", mongod.uri()).env("NATS_URL", nats.url());
        match name {
            ServiceName::Orders => program.env("RESERVATION_WINDOW", RESERVATION),
            // On the disk: in its memory they would be counted.
            ServiceName::Delivery => program.env("OBJECT_STORE", format!("file://{}", files.display())),
            _ => program,
        }
    });
    let servers = services.into_servers().into_iter();
    servers.map(|(name, server)| Member { name: name.as_str(), server }).collect()
}
