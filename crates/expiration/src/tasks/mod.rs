//! What expiration does by itself.

mod clear_finished;
mod tell_due;
mod timer;

pub(crate) use timer::Timer;

use runtime::BackgroundTask;

use crate::schedules::Schedules;

/// One line for each task.
pub(crate) fn all(schedules: Schedules) -> Vec<BackgroundTask> {
    let due = schedules.clone();
    vec![
        BackgroundTask::new("tell-due", move |shutdown| tell_due::run(due, shutdown)),
        BackgroundTask::new("clear-finished", move |shutdown| clear_finished::run(schedules, shutdown)),
    ]
}
