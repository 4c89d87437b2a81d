use common::id::{OrderId, PaymentId};
use common::money::{Currency, Price};

use super::intent::{IntentId, IntentStatus};

/// What a webhook says of an intent of ours. Stripe has signed it, but it may be old, doubled or out of order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The order it was made for.
    pub(crate) order_id: OrderId,
    /// The payment it was made for.
    pub(crate) payment_id: PaymentId,
    /// The intent.
    pub(crate) intent: IntentId,
    /// How it stood.
    pub(crate) status: IntentStatus,
    /// How much it is about; that much is set aside or taken, if any is.
    pub(crate) amount: Price,
    /// In which currency.
    pub(crate) currency: Currency,
}

/// What a claim adds to what a payment's record knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// Nothing.
    Nothing,
    /// Perhaps what the call says that is on its way at the moment.
    SoonKnown,
    /// Something: Stripe must be asked.
    Something,
}
