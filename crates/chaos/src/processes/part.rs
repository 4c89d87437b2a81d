use std::fmt;

use server::services::ServiceName;

/// A process that faults are applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// A service.
    Service(ServiceName),
    /// The database of all services.
    Mongod,
    /// The bus.
    Nats,
    /// Where files are.
    ObjectStore,
}

impl Part {
    /// All processes.
    pub fn all() -> impl Iterator<Item = Self> {
        ServiceName::ALL.into_iter().map(Self::Service).chain([Self::Mongod, Self::Nats, Self::ObjectStore])
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Service(service) => service.as_str(),
            Self::Mongod => "mongod",
            Self::Nats => "nats-server",
            Self::ObjectStore => "object store",
        })
    }
}
