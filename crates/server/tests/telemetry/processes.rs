//! Each service in a process of its own.

use client::Client;
use server::services::ServiceName;
use testkit::engines::{mongodb_uri, nats_url};
use testkit::process::{Server, Services};

use crate::collector::Collector;
use crate::program::ticketing;

pub(crate) struct Processes {
    services: Services,
    pub(crate) pages: Server,
}

impl Processes {
    pub(crate) async fn launch(collector: &Collector) -> Self {
        let (mongodb, nats) = (mongodb_uri().await, nats_url().await);
        let namespace = format!("t{:016x}", rand::random::<u64>());
        let traced = |name: &str| {
            let program = ticketing().service(name).env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url());
            program.env("OTEL_BSP_SCHEDULE_DELAY", "50")
        };
        let mut services = Services::new(|name| {
            let program = traced(name.as_str()).env("MONGODB_URI", &mongodb).env("NATS_URL", &nats);
            program.args(["--namespace", &namespace])
        });
        let url = |name| services.get(name).url();
        let pages = traced(web::NAME)
            .env("AUTH_URL", url(ServiceName::Auth))
            .env("TICKETS_URL", url(ServiceName::Tickets))
            .env("ORDERS_URL", url(ServiceName::Orders))
            .env("PAYMENTS_URL", url(ServiceName::Payments))
            .env("MAIL_URL", url(ServiceName::Mail))
            .env("DELIVERY_URL", url(ServiceName::Delivery));
        let mut pages = Server::new(pages).asking_operators();
        pages.start();
        services.start().await;
        pages.until_ready().await;
        Self { services, pages }
    }

    pub(crate) fn api(&self) -> Client {
        Client::with_base_urls(self.services.urls()).expect("a client")
    }

    pub(crate) async fn stop(&mut self) {
        self.services.stop().await;
        self.pages.stop().await;
    }
}
