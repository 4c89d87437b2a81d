use std::time::Duration;

use futures::future::join_all;
use tokio::time::MissedTickBehavior;

/// How many requests are sent at once, so that they race.
const AT_ONCE: usize = 64;
/// How often: four hundred a second. More would only show that two cores have no more time for honest users' requests
/// than for the attackers' own side, which shares them; floods are for the gateway in front.
const EVERY: Duration = Duration::from_millis(160);

/// Sends all requests, many at once, and returns their answers in the order of the requests.
pub(super) async fn in_bunches<T>(requests: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut requests, mut answers) = (requests.into_iter(), Vec::new());
    loop {
        let bunch: Vec<_> = requests.by_ref().take(AT_ONCE).collect();
        if bunch.is_empty() {
            return answers;
        }
        ticks.tick().await;
        answers.extend(join_all(bunch).await);
    }
}
