/// Where something happens: one of the services, or Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// Accounts and sessions.
    Auth,
    /// What is for sale.
    Tickets,
    /// Who holds what.
    Orders,
    /// When that is over.
    Expiration,
    /// What is paid.
    Payments,
    /// The money itself. It has no faults but silence: its books are always right.
    Stripe,
}

impl Place {
    /// Those that crash.
    pub(super) const SERVICES: [Self; 5] = [Self::Auth, Self::Tickets, Self::Orders, Self::Expiration, Self::Payments];

    /// In the story.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Tickets => "tickets",
            Self::Orders => "orders",
            Self::Expiration => "expiration",
            Self::Payments => "payments",
            Self::Stripe => "stripe",
        }
    }
}
