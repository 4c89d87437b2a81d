use std::ops::Deref;
use std::sync::Arc;

use common::id::IdGenerator;
use ports::clock::Clock;
use runtime::store::Store;
use runtime::{Deps, Timer};
use tokio_util::task::TaskTracker;

use crate::attempt_limits::AttemptLimits;
use crate::domain::{Order, Payment, ReceivedEvent};
use crate::driver::Driver;
use crate::paced_calls::PacedCalls;
use crate::reconciler::Reconciler;
use crate::settings::Settings;
use crate::stripe::Stripe;

/// What handlers, listeners and tasks share. Cheap to clone, as each request does.
#[derive(Clone)]
pub(crate) struct PaymentsState(Arc<Shared>);

/// See [`PaymentsState`].
pub(crate) struct Shared {
    pub(crate) orders: Store<Order>,
    pub(crate) payments: Store<Payment>,
    pub(crate) received_events: Store<ReceivedEvent>,
    pub(crate) stripe: Stripe,
    pub(crate) attempts: AttemptLimits,
    pub(crate) driver: Driver,
    pub(crate) reconciler: Reconciler,
    pub(crate) deadlines: Timer,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) tasks: TaskTracker,
    pub(crate) settings: Settings,
}

impl Deref for PaymentsState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl PaymentsState {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        let platform = &deps.platform;
        let (limits, rates) = (deps.limits.clone(), settings.limits);
        let http = PacedCalls::new(platform.http.clone(), limits.clone(), rates.provider_calls);
        let stripe = Stripe::new(&settings, Arc::new(http));
        let deadlines = Timer::default();
        let payments: Store<Payment> = deps.store();
        let driver =
            Driver::new(payments.clone(), stripe.clone(), platform.peers.clone(), settings.attempts, deadlines.clone());
        Self(Arc::new(Shared {
            attempts: AttemptLimits::new(limits, rates),
            orders: deps.store(),
            received_events: deps.store(),
            stripe,
            reconciler: Reconciler::new(payments.clone(), driver.clone(), platform.clock.clone(), deadlines.clone()),
            payments,
            deadlines,
            driver,
            clock: platform.clock.clone(),
            ids: platform.ids.clone(),
            tasks: platform.tasks.clone(),
            settings,
        }))
    }
}
