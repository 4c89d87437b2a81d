use super::limits::{Allowed, allowed};

/// How often cards may be tried, and the payment provider called.
#[derive(Debug, Clone, clap::Args)]
pub struct PaymentLimitFlags {
    /// How often payment for one order may be attempted
    #[arg(long, env = "LIMIT_PAYMENTS_ORDER", default_value = "10/1h", value_parser = allowed, value_name = "COUNT/PERIOD")]
    pub limit_payments_order: Allowed,

    /// How often one user may attempt to pay
    #[arg(long, env = "LIMIT_PAYMENTS_USER", default_value = "30/1h", value_parser = allowed, value_name = "COUNT/PERIOD")]
    pub limit_payments_user: Allowed,

    /// How often payment may be attempted from one address, or from one /64 network of IPv6
    #[arg(long, env = "LIMIT_PAYMENTS_ADDRESS", default_value = "300/1h", value_parser = allowed, value_name = "COUNT/PERIOD")]
    pub limit_payments_address: Allowed,

    /// How many cards of one user may be refused before that user cannot pay for a while
    #[arg(long, env = "LIMIT_DECLINES", default_value = "10/1h", value_parser = allowed, value_name = "COUNT/PERIOD")]
    pub limit_declines: Allowed,

    /// How many calls the payment provider is sent in a second
    #[arg(long, env = "PROVIDER_CALLS_PER_SECOND", default_value_t = 80, value_parser = clap::value_parser!(u32).range(2..=10_000), value_name = "COUNT")]
    pub provider_calls_per_second: u32,
}

/// The same as without any flag.
impl Default for PaymentLimitFlags {
    fn default() -> Self {
        let payments::AttemptRates { order, user, address, declines, provider_calls } =
            payments::AttemptRates::default();
        Self {
            limit_payments_order: Allowed(order),
            limit_payments_user: Allowed(user),
            limit_payments_address: Allowed(address),
            limit_declines: Allowed(declines),
            provider_calls_per_second: provider_calls,
        }
    }
}

impl PaymentLimitFlags {
    /// The payments service's settings.
    pub fn rates(&self) -> payments::AttemptRates {
        payments::AttemptRates {
            order: self.limit_payments_order.0,
            user: self.limit_payments_user.0,
            address: self.limit_payments_address.0,
            declines: self.limit_declines.0,
            provider_calls: self.provider_calls_per_second,
        }
    }
}
