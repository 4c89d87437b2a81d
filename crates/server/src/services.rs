//! The services of the product, listed once: programs, tests and experiments use this list.

use runtime::ServiceDefinition;

/// A service of the product, other than the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceName {
    /// Accounts and sessions.
    Auth,
    /// What is for sale.
    Tickets,
    /// Who has reserved or bought what.
    Orders,
    /// When reservations end.
    Expiration,
    /// Payments for orders.
    Payments,
    /// What people are told of all that.
    Mail,
    /// How tickets come to their buyers.
    Delivery,
}

/// The settings of all services.
#[derive(Debug, Clone, Default)]
pub struct ServicesSettings {
    /// Of auth.
    pub auth: auth::Settings,
    /// Of tickets.
    pub tickets: tickets::Settings,
    /// Of orders.
    pub orders: orders::Settings,
    /// Of expiration.
    pub expiration: expiration::Settings,
    /// Of payments.
    pub payments: payments::Settings,
    /// Of mail.
    pub mail: mail::Settings,
    /// Of delivery.
    pub delivery: delivery::Settings,
}

impl ServiceName {
    /// All of them, auth first: it creates the keys that the others fetch.
    pub const ALL: [Self; 7] =
        [Self::Auth, Self::Tickets, Self::Orders, Self::Expiration, Self::Payments, Self::Mail, Self::Delivery];

    /// Its name, which is also that of its database and of its subcommand.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Tickets => "tickets",
            Self::Orders => "orders",
            Self::Expiration => "expiration",
            Self::Payments => "payments",
            Self::Mail => "mail",
            Self::Delivery => "delivery",
        }
    }

    /// The default port on which it listens in a process of its own.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Auth => 3001,
            Self::Tickets => 3002,
            Self::Orders => 3003,
            Self::Expiration => 3004,
            Self::Payments => 3005,
            // 3006 is that of the pages.
            Self::Mail => 3007,
            Self::Delivery => 3008,
        }
    }

    /// The service as a value.
    pub fn definition(self, settings: &ServicesSettings) -> ServiceDefinition {
        match self {
            Self::Auth => auth::definition(settings.auth.clone()),
            Self::Tickets => tickets::definition(settings.tickets),
            Self::Orders => orders::definition(settings.orders.clone()),
            Self::Expiration => expiration::definition(settings.expiration.clone()),
            Self::Payments => payments::definition(settings.payments.clone()),
            Self::Mail => mail::definition(settings.mail.clone()),
            Self::Delivery => delivery::definition(settings.delivery.clone()),
        }
    }
}

impl std::fmt::Display for ServiceName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_and_the_definitions_agree_on_the_names() {
        for name in ServiceName::ALL {
            assert_eq!(name.definition(&ServicesSettings::default()).name, name.as_str());
        }
    }
}
