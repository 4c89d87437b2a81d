//! What has to happen before a rare crash point is reached.

use std::time::Duration;

use futures::future::join_all;
use stripe_sim::{Call, Held, Moment};
use testkit::proxy::LinkState;

use super::crash_points::Preparation;
use super::links::{Link, usual};
use super::system::System;

/// How long Stripe is unreachable, so that there is something to reconcile.
const SILENCE: Duration = Duration::from_secs(3);
/// How many calls are not heard of in time.
const UNHEARD: usize = 3;
/// How long it may take until so many people pay.
const PAID_WITHIN: Duration = Duration::from_secs(10);
/// How long after its time an order has expired: orders waits a second for news of its payment.
const EXPIRED_AFTER: Duration = Duration::from_secs(3);

/// Makes it so that there is something for which the crash point is passed.
pub(super) async fn prepare(system: &System, preparation: Preparation) {
    match preparation {
        Preparation::None => {}
        Preparation::Silence => silence(system, SILENCE).await,
        Preparation::UnheardAuthorization => expire_unheard(system, Call::CreateIntent).await,
        Preparation::UnheardCapture => expire_unheard(system, Call::Capture).await,
    }
}

/// Stripe does what it is asked to for some orders, and nobody hears of it until they have expired.
async fn expire_unheard(system: &System, call: Call) {
    let faults = system.stripe.faults();
    faults.hold_webhooks(true);
    let held: Vec<Held> = (0..UNHEARD).map(|_| faults.hold(call, Moment::After)).collect();
    // If fewer people pay, these are enough.
    let _ = tokio::time::timeout(PAID_WITHIN, join_all(held.iter().map(Held::reached))).await;
    silence(system, system.reservation + EXPIRED_AFTER).await;
    held.into_iter().for_each(Held::release);
    faults.hold_webhooks(false);
}

async fn silence(system: &System, span: Duration) {
    system.links.set(Link::Stripe, LinkState::Dropped);
    tokio::time::sleep(span).await;
    system.links.set(Link::Stripe, usual(Link::Stripe));
}
