use std::fmt;

use server::services::ServiceName;

/// One of the services, whichever of its processes acts, or Stripe. The only fault of Stripe is being unreachable:
/// its books are always right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Party {
    Service(ServiceName),
    Stripe,
}

/// One process of a service. In a cluster each service has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ProcessName {
    pub(super) service: ServiceName,
    /// From 0.
    pub(super) number: usize,
}

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Actor {
    Process(ProcessName),
    Stripe,
}

impl Party {
    /// Its name in the history.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Service(service) => service.as_str(),
            Self::Stripe => "stripe",
        }
    }
}

impl Actor {
    pub(super) fn party(self) -> Party {
        match self {
            Self::Process(process) => process.service.into(),
            Self::Stripe => Party::Stripe,
        }
    }
}

impl From<ServiceName> for Party {
    fn from(service: ServiceName) -> Self {
        Self::Service(service)
    }
}

impl From<ProcessName> for Actor {
    fn from(process: ProcessName) -> Self {
        Self::Process(process)
    }
}

/// As it is called in the history: the first one like its service, the second one `orders-2`.
impl fmt::Display for ProcessName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => f.write_str(self.service.as_str()),
            number => write!(f, "{}-{}", self.service, number + 1),
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Process(process) => process.fmt(f),
            Self::Stripe => f.write_str(Party::Stripe.name()),
        }
    }
}
