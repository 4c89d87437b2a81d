use serde::{Deserialize, Serialize};

/// A refund of an intent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refund {
    pub(crate) id: String,
    pub(crate) amount: i64,
    /// Seconds since 1970.
    pub(crate) created: i64,
    pub(crate) reason: Option<String>,
    pub(crate) metadata: Vec<(String, String)>,
    /// Missing where refunds could only succeed.
    #[serde(default)]
    pub(crate) status: RefundStatus,
    /// How it stands later, if that is decided already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) settlement: Option<Settlement>,
}

/// How a refund stands. <https://docs.stripe.com/refunds#failed-refunds>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// Sent to the buyer's bank, which may still send it back.
    #[default]
    Succeeded,
    /// The money is back with the merchant.
    Failed,
    /// Cancelled before it was sent.
    Canceled,
}

/// What becomes of a refund by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settlement {
    /// When, in seconds since 1970.
    pub(crate) at: i64,
    pub(crate) status: RefundStatus,
}

/// What becomes of a refund, decided when it is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundFate {
    /// It is pending until [`crate::Simulator::settle_refund`] is called.
    Pends,
    /// It is pending, and a few seconds later it has this status.
    PendsThen(RefundStatus),
    /// It succeeds, and fails a few seconds later.
    FailsLater,
    /// It fails at once: the answer to the call says so.
    Fails,
    /// Stripe does not do it.
    Refused(RefundRefusal),
}

/// Why Stripe does not refund a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundRefusal {
    /// The merchant's balance is too low: `balance_insufficient`.
    BalanceInsufficient,
    /// The bank has the money back already: `charge_disputed`.
    ChargeDisputed,
}

impl Refund {
    /// The id of the `number`th refund of an intent. It contains the intent's id.
    pub(crate) fn id_for(intent: &str, number: usize) -> String {
        format!("re_{}_{number}", intent.trim_start_matches("pi_"))
    }

    /// Whether the money is with the buyer, or on its way.
    pub(crate) fn is_alive(&self) -> bool {
        self.status.is_alive()
    }
}

impl RefundStatus {
    /// Stripe's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Whether the money is with the buyer, or on its way.
    pub(crate) fn is_alive(self) -> bool {
        matches!(self, Self::Pending | Self::Succeeded)
    }

    /// Whether a refund can change from this status to that.
    pub(crate) fn can_become(self, next: Self) -> bool {
        match self {
            Self::Pending => next != Self::Pending,
            Self::Succeeded => next == Self::Failed,
            Self::Failed | Self::Canceled => false,
        }
    }
}

/// The intent a refund's id belongs to.
pub(crate) fn intent_of_refund(id: &str) -> Option<String> {
    let (intent, _) = id.strip_prefix("re_")?.rsplit_once('_')?;
    Some(format!("pi_{intent}"))
}
