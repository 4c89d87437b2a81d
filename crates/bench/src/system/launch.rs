use anyhow::Result;
use testkit::engines::{Mongod, NatsServer};
use testkit::process::{Program, Server};

use super::{Engine, Member, System};
use crate::programs::{Programs, SERVICES, scratch};

/// Longer than any run, so that no reservation ends in the middle of a measurement.
const RESERVATION: &str = "12h";

impl System {
    /// The product on empty engines, ready.
    ///
    /// # Errors
    /// If there is no place for the data.
    pub(crate) async fn launch(programs: &Programs, engine: Engine) -> Result<Self> {
        let mut system = Self::prepare(programs, engine).await?;
        system.start().await;
        Ok(system)
    }

    /// The engines run, the product not yet.
    async fn prepare(programs: &Programs, engine: Engine) -> Result<Self> {
        let data = scratch()?;
        match engine {
            Engine::Embedded => {
                let program = program(programs, "ticketing").env("DATA_DIR", data.path().join("data"));
                let members = vec![Member { name: "ticketing", server: Server::new(program) }];
                Ok(Self { engine, members, engines: None, data })
            }
            Engine::Real => {
                let (mongo, nats) = (data.path().join("mongo"), data.path().join("nats"));
                let (mongod, nats) = tokio::join!(Mongod::launch_in_earnest(&mongo), NatsServer::launch(&nats));
                let members = services(programs, &mongod, &nats);
                Ok(Self { engine, members, engines: Some((mongod, nats)), data })
            }
        }
    }
}

fn services(programs: &Programs, mongod: &Mongod, nats: &NatsServer) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for name in SERVICES {
        let program = program(programs, name).env("MONGODB_URI", mongod.uri()).env("NATS_URL", nats.url());
        // Auth is the first: where it answers the others are told.
        let program = match members.first() {
            Some(auth) => program.env("AUTH_KEYS_URL", format!("{}/api/users/keys", auth.server.url())),
            None => program,
        };
        members.push(Member { name, server: Server::new(program) });
    }
    members
}

fn program(programs: &Programs, name: &str) -> Program {
    let program = Program::new(programs.path(name));
    let program = match name {
        "ticketing" | "orders" => program.env("RESERVATION_WINDOW", RESERVATION),
        _ => program,
    };
    // Requests then come from as many addresses as we say, whose limits are each their own.
    program.env("TRUSTED_PROXIES", "1")
}
