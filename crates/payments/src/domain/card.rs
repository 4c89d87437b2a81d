use serde::{Deserialize, Serialize};

/// The card that an order was paid with, as far as its holder may be reminded of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct Card {
    /// Stripe's code of its brand: `visa`.
    #[schema(example = "visa")]
    pub(crate) brand: String,
    /// The last four digits of its number.
    #[schema(example = "4242")]
    pub(crate) last4: String,
}
