//! What the service does by itself.

mod forget_events;
mod reconciler;

use runtime::BackgroundTask;

use crate::process::Payments;

pub(crate) fn tasks(payments: &Payments) -> Vec<BackgroundTask> {
    let (reconciling, forgetting) = (payments.clone(), payments.clone());
    vec![
        BackgroundTask::new("reconciler", move |shutdown| reconciler::run(reconciling, shutdown)),
        BackgroundTask::new("forget-events", move |shutdown| forget_events::run(forgetting, shutdown)),
    ]
}
