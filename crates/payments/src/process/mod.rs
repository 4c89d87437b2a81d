//! What the service does: the record first, then Stripe, then the record again. Each step is a
//! function of its own, so that a crash can be put between any two of them.

mod authorize;
mod begin;
mod cancel_order;
mod capture;
mod find_order;
mod follow_up;
mod reconcile;
mod refund;
mod run;
mod void;

pub(crate) use run::Hands;

use common::id::IdGenerator;
use common::time::Timestamp;
use ports::clock::Clock;
use ports::store::StoreError;
use runtime::Deps;
use runtime::store::{Change, Store};
use tokio_util::task::TaskTracker;

use crate::domain::{Order, Payment, ReceivedEvent};
use crate::settings::Settings;
use crate::stripe::Stripe;

/// Everything the service works with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Payments {
    pub(crate) orders: Store<Order>,
    pub(crate) payments: Store<Payment>,
    pub(crate) events: Store<ReceivedEvent>,
    pub(crate) stripe: Stripe,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) tasks: TaskTracker,
    pub(crate) settings: Settings,
}

impl Payments {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        Self {
            orders: deps.store(),
            payments: deps.store(),
            events: deps.store(),
            stripe: Stripe::new(&settings),
            clock: deps.platform.clock.clone(),
            ids: deps.platform.ids.clone(),
            tasks: deps.platform.tasks.clone(),
            settings,
        }
    }

    /// Records what happened to a payment that exists.
    async fn record(
        &self,
        payment: &Payment,
        mut change: impl FnMut(&mut Payment, Timestamp) -> Change,
    ) -> Result<Payment, StoreError> {
        let mut ended = None;
        let decide = |payment: &mut Payment| {
            let was_unfinished = payment.state.is_unfinished();
            let change = change(payment, self.clock.now());
            ended = payment.state.outcome().filter(|_| was_unfinished);
            Ok::<_, StoreError>(change)
        };
        let recorded = self.payments.update(payment.id, decide).await?;
        if let Some(outcome) = ended {
            metrics::counter!("payments_total", "outcome" => outcome).increment(1);
        }
        recorded.ok_or_else(|| StoreError::Corrupt(format!("the payment of order {} has gone", payment.id)))
    }
}
