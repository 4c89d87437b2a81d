use server::services::ServiceName;

/// Who does something: one of the services, or Stripe. Stripe has no faults but silence: its books are
/// always right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Party {
    Service(ServiceName),
    Stripe,
}

impl Party {
    /// In the story.
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
