use ports::clock::Clock;
use runtime::store::Store;
use runtime::{Deps, Timer};

use crate::Settings;
use crate::domain::Schedule;

/// What the listeners and tasks work with.
#[derive(Clone)]
pub(crate) struct ExpirationState {
    pub(crate) schedules: Store<Schedule>,
    pub(crate) timer: Timer,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
}

impl ExpirationState {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        Self { schedules: deps.store(), timer: Timer::default(), clock: deps.platform.clock.clone(), settings }
    }
}
