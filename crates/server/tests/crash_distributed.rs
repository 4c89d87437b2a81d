//! The six services, MongoDB and NATS are killed one after the other while people trade.

mod marketplace;
mod program;

use std::time::{Duration, Instant};

use marketplace::{Books, Trade, reconcile, sign_up, trade_through};
use program::ticketing;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use server::engines::StoreConfig;
use server::services::ServiceName;
use tempfile::TempDir;
use testkit::engines::{Mongod, NatsServer};
use testkit::process::Services;

const PEOPLE: usize = 12;
const ROUNDS: u32 = 2;

/// All processes that are killed.
struct System {
    services: Services,
    mongod: Mongod,
    nats: NatsServer,
    // Dropped after the engines, which write there.
    _data: TempDir,
}

#[derive(Debug, Clone, Copy)]
enum Victim {
    Service(ServiceName),
    Mongod,
    Nats,
}

impl System {
    async fn launch() -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let (mongo, nats) = (data.path().join("mongo"), data.path().join("nats"));
        let (mongod, nats) = tokio::join!(Mongod::launch(&mongo), NatsServer::launch(&nats));
        let mut services = Services::new(|name| {
            let program = ticketing()
                .service(name.as_str())
                .env("MONGODB_URI", mongod.uri())
                .env("NATS_URL", nats.url())
                .env("LIMITS", "off");
            if name == ServiceName::Orders { program.args(["--reservation", "15s"]) } else { program }
        });
        services.start().await;
        Self { services, mongod, nats, _data: data }
    }

    async fn kill_for(&mut self, victim: Victim, down: Duration) {
        match victim {
            Victim::Service(name) => {
                let service = self.services.get_mut(name);
                service.kill().await;
                tokio::time::sleep(down).await;
                service.restart().await;
            }
            Victim::Mongod => {
                self.mongod.kill();
                tokio::time::sleep(down).await;
                self.mongod.restart().await;
            }
            Victim::Nats => {
                self.nats.kill();
                tokio::time::sleep(down).await;
                self.nats.restart().await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_after_every_process_was_killed_twice_on_mongodb_and_jetstream() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut system = System::launch().await;
    let people = sign_up(system.services.urls(), PEOPLE).await;
    let (trade, began) = (Trade::default(), Instant::now());
    trade_through(&trade, &people, seed, async {
        let mut chance = StdRng::seed_from_u64(seed);
        for _ in 0..ROUNDS {
            let services = ServiceName::ALL.into_iter().map(Victim::Service);
            let mut victims: Vec<_> = services.chain([Victim::Mongod, Victim::Nats]).collect();
            victims.shuffle(&mut chance);
            for victim in victims {
                tokio::time::sleep(Duration::from_millis(chance.random_range(200..1500))).await;
                println!("{:?}: killing {victim:?}", began.elapsed());
                system.kill_for(victim, Duration::from_millis(chance.random_range(0..800))).await;
            }
        }
        system.services.until_ready().await;
    })
    .await;
    println!("all killed after {:?}", began.elapsed());
    let stores = StoreConfig::Mongo { uri: system.mongod.uri(), namespace: None };
    reconcile(&trade, &people, async || Books::read(&stores).await).await;
    let letters = ticketing().args(["dead-letters", "list"]).env("NATS_URL", system.nats.url()).run().await;
    assert_eq!(letters.stdout, "There are no dead letters.\n", "{letters:?}");
    system.services.stop().await;
}
