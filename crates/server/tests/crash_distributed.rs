//! The five services, MongoDB and NATS are killed one after the other while people trade.

mod marketplace;

use std::time::{Duration, Instant};

use client::BaseUrls;
use marketplace::{Books, Trade, reconcile, sign_up, trade_through};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use server::engines::StoreConfig;
use tempfile::TempDir;
use testkit::engines::{Mongod, NatsServer};
use testkit::process::{Program, Server};

const PEOPLE: usize = 12;
const ROUNDS: u32 = 2;

/// Everything that can be killed.
struct System {
    /// Auth, tickets, orders, expiration, payments.
    services: [Server; 5],
    mongod: Mongod,
    nats: NatsServer,
    // Dropped after the engines, which write there.
    _data: TempDir,
}

#[derive(Debug, Clone, Copy)]
enum Victim {
    Service(usize),
    Mongod,
    Nats,
}

impl System {
    async fn launch() -> Self {
        let data = tempfile::tempdir().expect("a directory");
        let (mongo, nats) = (data.path().join("mongo"), data.path().join("nats"));
        let (mongod, nats) = tokio::join!(Mongod::launch(&mongo), NatsServer::launch(&nats));
        let on_engines =
            |executable| Program::new(executable).env("MONGODB_URI", mongod.uri()).env("NATS_URL", nats.url());
        let auth = Server::new(on_engines(env!("CARGO_BIN_EXE_auth")));
        let with_keys =
            |executable| on_engines(executable).env("AUTH_KEYS_URL", format!("{}/api/users/keys", auth.url()));
        let tickets = Server::new(with_keys(env!("CARGO_BIN_EXE_tickets")));
        let orders = Server::new(with_keys(env!("CARGO_BIN_EXE_orders")).args(["--reservation", "15s"]));
        let expiration = Server::new(with_keys(env!("CARGO_BIN_EXE_expiration")));
        let payments = Server::new(with_keys(env!("CARGO_BIN_EXE_payments")));
        let mut services = [auth, tickets, orders, expiration, payments];
        services.iter_mut().for_each(Server::start);
        for service in &mut services {
            service.until_ready().await;
        }
        Self { services, mongod, nats, _data: data }
    }

    fn urls(&self) -> BaseUrls {
        let [auth, tickets, orders, _, payments] = self.services.each_ref().map(Server::url);
        BaseUrls::each(&auth, &tickets, &orders, &payments).expect("URLs")
    }

    async fn kill_for(&mut self, victim: Victim, down: Duration) {
        match victim {
            Victim::Service(number) => {
                self.services[number].kill().await;
                tokio::time::sleep(down).await;
                self.services[number].restart().await;
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

    async fn until_ready(&mut self) {
        for service in &mut self.services {
            service.until_ready().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_after_every_process_was_killed_twice_on_mongodb_and_jetstream() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut system = System::launch().await;
    let people = sign_up(system.urls(), PEOPLE).await;
    let (trade, began) = (Trade::default(), Instant::now());
    trade_through(&trade, &people, seed, async {
        let mut chance = StdRng::seed_from_u64(seed);
        for _ in 0..ROUNDS {
            let mut victims: Vec<_> = (0..5).map(Victim::Service).chain([Victim::Mongod, Victim::Nats]).collect();
            victims.shuffle(&mut chance);
            for victim in victims {
                tokio::time::sleep(Duration::from_millis(chance.random_range(200..1500))).await;
                println!("{:?}: killing {victim:?}", began.elapsed());
                system.kill_for(victim, Duration::from_millis(chance.random_range(0..800))).await;
            }
        }
        system.until_ready().await;
    })
    .await;
    println!("all killed after {:?}", began.elapsed());
    let stores = StoreConfig::Mongo { uri: system.mongod.uri(), namespace: None };
    reconcile(&trade, &people, async || Books::read(&stores).await).await;
    let letters = Program::new(env!("CARGO_BIN_EXE_ticketing")).args(["dead-letters", "list"]);
    let letters = letters.env("NATS_URL", system.nats.url()).run().await;
    assert_eq!(letters.stdout, "There are no dead letters.\n", "{letters:?}");
    for service in &mut system.services {
        service.stop().await;
    }
}
