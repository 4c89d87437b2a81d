use common::id::IdGenerator;
use ports::clock::Clock;
use runtime::Deps;
use runtime::store::Store;
use tokio_util::task::TaskTracker;

use crate::domain::{Order, Payment, ReceivedEvent};
use crate::driver::Driver;
use crate::reconciler::Reconciler;
use crate::settings::Settings;
use crate::stripe::Stripe;

/// What handlers, listeners and tasks share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct PaymentsState {
    pub(crate) orders: Store<Order>,
    pub(crate) payments: Store<Payment>,
    pub(crate) received_events: Store<ReceivedEvent>,
    pub(crate) stripe: Stripe,
    pub(crate) driver: Driver,
    pub(crate) reconciler: Reconciler,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) tasks: TaskTracker,
    pub(crate) settings: Settings,
}

impl PaymentsState {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        let platform = &deps.platform;
        let stripe = Stripe::new(&settings, platform.http.clone());
        let driver = Driver::new(deps.store(), stripe.clone(), platform.peers.clone(), settings.attempts);
        Self {
            orders: deps.store(),
            payments: deps.store(),
            received_events: deps.store(),
            stripe,
            reconciler: Reconciler::new(deps.store(), driver.clone(), platform.clock.clone()),
            driver,
            clock: platform.clock.clone(),
            ids: platform.ids.clone(),
            tasks: platform.tasks.clone(),
            settings,
        }
    }
}
