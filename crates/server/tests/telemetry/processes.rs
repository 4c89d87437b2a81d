//! Each service in a process of its own.

use client::{BaseUrls, Client};
use testkit::engines::{mongodb_uri, nats_url};
use testkit::process::{Program, Server};

use crate::collector::Collector;

pub(crate) struct Processes {
    /// Auth, tickets, orders, expiration, payments.
    services: [Server; 5],
    pages: Server,
}

impl Processes {
    pub(crate) async fn launch(collector: &Collector) -> Self {
        let (mongodb, nats) = (mongodb_uri().await, nats_url().await);
        let namespace = format!("t{:016x}", rand::random::<u64>());
        let telling = |executable| {
            let program = Program::new(executable).env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url());
            program.env("OTEL_BSP_SCHEDULE_DELAY", "50")
        };
        let service = |executable, auth: &str| {
            let program = telling(executable).env("MONGODB_URI", &mongodb).env("NATS_URL", &nats);
            let program = program.env("AUTH_KEYS_URL", format!("{auth}/api/users/keys"));
            Server::new(program.args(["--namespace", &namespace]))
        };
        let auth = service(env!("CARGO_BIN_EXE_auth"), "http://127.0.0.1:9");
        let url = auth.url();
        let with_keys = |executable| service(executable, &url);
        let tickets = with_keys(env!("CARGO_BIN_EXE_tickets"));
        let orders = with_keys(env!("CARGO_BIN_EXE_orders"));
        let expiration = with_keys(env!("CARGO_BIN_EXE_expiration"));
        let payments = with_keys(env!("CARGO_BIN_EXE_payments"));
        let pages = telling(env!("CARGO_BIN_EXE_web")).env("AUTH_URL", auth.url()).env("TICKETS_URL", tickets.url());
        let pages = Server::new(pages.env("ORDERS_URL", orders.url()).env("PAYMENTS_URL", payments.url()));
        let mut processes = Self { services: [auth, tickets, orders, expiration, payments], pages };
        processes.all().for_each(Server::start);
        for process in processes.all() {
            process.until_ready().await;
        }
        processes
    }

    pub(crate) fn pages(&self) -> &Server {
        &self.pages
    }

    pub(crate) fn api(&self) -> Client {
        let [auth, tickets, orders, _, payments] = self.services.each_ref().map(Server::url);
        let urls = BaseUrls::each(&auth, &tickets, &orders, &payments).expect("addresses");
        Client::with_base_urls(urls).expect("a client")
    }

    pub(crate) async fn stop(&mut self) {
        for process in self.all() {
            process.stop().await;
        }
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Server> {
        self.services.iter_mut().chain([&mut self.pages])
    }
}
