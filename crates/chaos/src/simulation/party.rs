use server::services::ServiceName;

/// An actor: one of the services, or Stripe. The only fault of Stripe is being unreachable: its books are
/// always right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Party {
    Service(ServiceName),
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

impl From<ServiceName> for Party {
    fn from(service: ServiceName) -> Self {
        Self::Service(service)
    }
}
