use std::fmt;
use std::net::SocketAddr;

use anyhow::Result;
use server::services::ServiceName;
use testkit::proxy::{FaultProxy, LinkState};

/// A network link that can be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// From a service to MongoDB.
    Database(ServiceName),
    /// From a service to NATS.
    Bus(ServiceName),
    /// From all services to MongoDB.
    Databases,
    /// From all services to NATS.
    Buses,
    /// From a service to both.
    Engines(ServiceName),
    /// From the other services to auth: its key set, and where to write.
    Keys,
    /// From tickets and payments to orders.
    Orders,
    /// From payments to Stripe.
    Stripe,
    /// From Stripe to payments.
    Webhooks,
    /// From delivery to the object store.
    Files,
}

impl Link {
    /// All links.
    pub fn all() -> Vec<Self> {
        let each = |link: fn(ServiceName) -> Self| ServiceName::ALL.into_iter().map(link);
        let mut all =
            vec![Self::Databases, Self::Buses, Self::Keys, Self::Orders, Self::Stripe, Self::Webhooks, Self::Files];
        all.extend(each(Self::Database).chain(each(Self::Bus)).chain(each(Self::Engines)));
        all
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(service) => write!(f, "{service} | mongod"),
            Self::Bus(service) => write!(f, "{service} | nats-server"),
            Self::Databases => f.write_str("everybody | mongod"),
            Self::Buses => f.write_str("everybody | nats-server"),
            Self::Engines(service) => write!(f, "{service} | mongod, nats-server"),
            Self::Keys => f.write_str("everybody | auth"),
            Self::Orders => f.write_str("tickets, payments | orders"),
            Self::Stripe => f.write_str("payments | Stripe"),
            Self::Webhooks => f.write_str("Stripe | payments"),
            Self::Files => f.write_str("delivery | object store"),
        }
    }
}

/// The proxies on all links.
pub(super) struct Links {
    services: Vec<(ServiceName, FaultProxy, FaultProxy)>,
    keys: FaultProxy,
    orders: FaultProxy,
    stripe: FaultProxy,
    webhooks: FaultProxy,
    files: FaultProxy,
}

impl Links {
    /// Proxies for servers at these addresses.
    pub(super) async fn lay(
        mongod: SocketAddr,
        nats: SocketAddr,
        auth: SocketAddr,
        orders: SocketAddr,
        stripe: SocketAddr,
        payments: SocketAddr,
        store: SocketAddr,
    ) -> Result<Self> {
        let mut services = Vec::new();
        for service in ServiceName::ALL {
            services.push((service, FaultProxy::to(mongod).await?, FaultProxy::to(nats).await?));
        }
        let (keys, webhooks) = (FaultProxy::to(auth).await?, FaultProxy::to(payments).await?);
        let (orders, stripe) = (FaultProxy::to(orders).await?, FaultProxy::to(stripe).await?);
        let files = FaultProxy::to(store).await?;
        let links = Self { services, keys, orders, stripe, webhooks, files };
        links.open();
        Ok(links)
    }

    pub(super) fn database(&self, of: ServiceName) -> SocketAddr {
        self.services[of as usize].1.address()
    }

    pub(super) fn bus(&self, of: ServiceName) -> SocketAddr {
        self.services[of as usize].2.address()
    }

    pub(super) fn keys(&self) -> SocketAddr {
        self.keys.address()
    }

    pub(super) fn orders(&self) -> SocketAddr {
        self.orders.address()
    }

    pub(super) fn stripe(&self) -> SocketAddr {
        self.stripe.address()
    }

    pub(super) fn webhooks(&self) -> SocketAddr {
        self.webhooks.address()
    }

    pub(super) fn files(&self) -> SocketAddr {
        self.files.address()
    }

    /// Sets the state of this link from now on.
    pub(super) fn set(&self, link: Link, line: LinkState) {
        for proxy in self.proxies(link) {
            proxy.set(line);
        }
    }

    /// All links are back to normal: open, and Stripe with a latency.
    pub(super) fn open(&self) {
        for link in Link::all() {
            self.set(link, usual(link));
        }
    }

    fn proxies(&self, link: Link) -> Vec<&FaultProxy> {
        let all = || self.services.iter();
        match link {
            Link::Database(service) => vec![&self.services[service as usize].1],
            Link::Bus(service) => vec![&self.services[service as usize].2],
            Link::Engines(service) => vec![&self.services[service as usize].1, &self.services[service as usize].2],
            Link::Databases => all().map(|(_, database, _)| database).collect(),
            Link::Buses => all().map(|(_, _, bus)| bus).collect(),
            Link::Keys => vec![&self.keys],
            Link::Orders => vec![&self.orders],
            Link::Stripe => vec![&self.stripe],
            Link::Webhooks => vec![&self.webhooks],
            Link::Files => vec![&self.files],
        }
    }
}

/// Stripe always has a latency, so that there is time for events between two calls.
pub(super) fn usual(link: Link) -> LinkState {
    match link {
        Link::Stripe => LinkState::Delayed(std::time::Duration::from_millis(25)),
        _ => LinkState::Open,
    }
}
