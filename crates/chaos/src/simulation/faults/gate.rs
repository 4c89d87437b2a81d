use std::sync::Arc;

use super::weather::Weather;
use crate::simulation::history::{History, HistoryEvent};
use crate::simulation::plan::Rates;
use crate::simulation::system::Life;

/// Every effect of a service on the outside passes through here: it is delayed, fails, or is the point at
/// which the service crashes.
#[derive(Clone)]
pub(in crate::simulation) struct Gate {
    pub(in crate::simulation) life: Arc<Life>,
    pub(in crate::simulation) weather: Arc<Weather>,
    pub(in crate::simulation) history: History,
}

impl Gate {
    /// A call: the service may crash before or after it; the call may fail before it takes effect, or take
    /// effect and then fail.
    pub(in crate::simulation) async fn call<T, E>(
        &self,
        what: &str,
        fails: fn(&Rates) -> u32,
        away: fn(String) -> E,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.moment("before", what).await;
        if self.weather.strikes(fails) {
            self.trouble(format!("{what} does not happen"));
            return Err(away("it does not answer".into()));
        }
        let done = self.life.outlive(work).await;
        self.moment("after", what).await;
        if self.weather.strikes(fails) {
            self.trouble(format!("the outcome of {what} is lost"));
            return Err(away("its answer was lost".into()));
        }
        done
    }

    /// A moment between two steps of a service: it takes time, and the service may crash.
    pub(in crate::simulation) async fn moment(&self, when: &str, what: &str) {
        if self.weather.strikes(|rates| rates.crash) {
            self.life.kill(&format!("{when} {what}"));
        }
        let pause = self.weather.delay();
        self.life
            .outlive(async {
                if let Some(pause) = pause {
                    self.weather.last(pause).await;
                }
            })
            .await;
    }

    pub(in crate::simulation) fn trouble(&self, what: String) {
        self.history.note(HistoryEvent::Trouble { who: self.life.process().into(), what });
    }
}
