use std::fmt;

/// One of the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Accounts and sessions.
    Auth,
    /// What is for sale.
    Tickets,
    /// Who holds what.
    Orders,
    /// Until when.
    Expiration,
    /// And for how much.
    Payments,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Auth, Self::Tickets, Self::Orders, Self::Expiration, Self::Payments];

    /// The name of it, of its binary and of its database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auth => auth::NAME,
            Self::Tickets => tickets::NAME,
            Self::Orders => orders::NAME,
            Self::Expiration => expiration::NAME,
            Self::Payments => payments::NAME,
        }
    }
}

/// A process that can be hurt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// One of ours.
    Service(Service),
    /// The database of all services.
    Mongod,
    /// The bus.
    Nats,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Service(Service::Auth),
        Self::Service(Service::Tickets),
        Self::Service(Service::Orders),
        Self::Service(Service::Expiration),
        Self::Service(Service::Payments),
        Self::Mongod,
        Self::Nats,
    ];
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Service(service) => service.name(),
            Self::Mongod => "mongod",
            Self::Nats => "nats-server",
        })
    }
}
