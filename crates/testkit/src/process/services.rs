use client::BaseUrls;
use server::services::ServiceName;

use super::program::Program;
use super::server::Server;

/// What mail proves to auth.
pub const MAIL_SECRET: &str = "0123456789abcdef0123456789abcdef";

/// What delivery encrypts with.
pub const MASTER_KEYS: &str = "codes:0123456789abcdef0123456789abcdef,first:fedcba9876543210fedcba9876543210";

/// What delivery signs tickets with.
pub const TICKET_KEYS: &str = "1:89abcdef0123456789abcdef01234567";

/// Every service in a process of its own. Killed when dropped.
pub struct Services(Vec<(ServiceName, Server)>);

impl Services {
    /// One process each, run as `program` says, on free ports and not running yet. The addresses of auth, of its
    /// session keys and of orders, and what mail proves to auth, are added to the settings.
    ///
    /// # Panics
    /// If there are no free ports.
    pub fn new(program: impl Fn(ServiceName) -> Program) -> Self {
        let auth = Server::new(program(ServiceName::Auth).env("MAIL_SECRET", MAIL_SECRET));
        let (auth_url, keys) = (auth.url(), format!("{}/api/users/keys", auth.url()));
        let with_keys = |name| {
            let program = program(name).env("AUTH_KEYS_URL", &keys);
            match name {
                ServiceName::Mail => program.env("AUTH_URL", &auth_url).env("MAIL_SECRET", MAIL_SECRET),
                // Kept as long as the process lives, unless `program` says where.
                ServiceName::Delivery => program
                    .env_unless_given("OBJECT_STORE", "memory:")
                    .env("MASTER_KEYS", MASTER_KEYS)
                    .env("TICKET_KEYS", TICKET_KEYS),
                _ => program,
            }
        };
        let orders = Server::new(with_keys(ServiceName::Orders));
        let orders_url = orders.url();
        let is_other = |name: &ServiceName| ![ServiceName::Auth, ServiceName::Orders].contains(name);
        let others = ServiceName::ALL.into_iter().filter(is_other);
        let others = others.map(|name| (name, Server::new(with_keys(name).env("ORDERS_URL", &orders_url))));
        Self([(ServiceName::Auth, auth), (ServiceName::Orders, orders)].into_iter().chain(others).collect())
    }

    /// Runs all of them and waits until they are ready.
    ///
    /// # Panics
    /// If one runs already, or does not get ready.
    pub async fn start(&mut self) {
        self.0.iter_mut().for_each(|(_, server)| server.start());
        self.until_ready().await;
    }

    /// Returns when all are ready.
    ///
    /// # Panics
    /// If one ends, or is not ready in time.
    pub async fn until_ready(&mut self) {
        for (_, server) in &mut self.0 {
            server.until_ready().await;
        }
    }

    /// Stops all of them gracefully.
    ///
    /// # Panics
    /// If one ends otherwise.
    pub async fn stop(&mut self) {
        for (_, server) in &mut self.0 {
            server.stop().await;
        }
    }

    /// The process of one of them.
    pub fn get(&self, name: ServiceName) -> &Server {
        let found = self.0.iter().find(|(service, _)| *service == name);
        &found.expect("every service is here").1
    }

    /// The process of one of them, to be killed or started.
    pub fn get_mut(&mut self, name: ServiceName) -> &mut Server {
        let found = self.0.iter_mut().find(|(service, _)| *service == name);
        &mut found.expect("every service is here").1
    }

    /// The URLs of the services, for clients.
    ///
    /// # Panics
    /// If their addresses are none.
    pub fn urls(&self) -> BaseUrls {
        let url = |name| self.get(name).url();
        let (auth, tickets, orders) = (url(ServiceName::Auth), url(ServiceName::Tickets), url(ServiceName::Orders));
        let (payments, mail, delivery) =
            (url(ServiceName::Payments), url(ServiceName::Mail), url(ServiceName::Delivery));
        BaseUrls::each(&auth, &tickets, &orders, &payments, &mail, &delivery).expect("addresses")
    }

    /// The processes, by service.
    pub fn into_servers(self) -> Vec<(ServiceName, Server)> {
        self.0
    }
}
