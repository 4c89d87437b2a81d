//! How an order's buyer gets the ticket, or their money back: first the admission is sold to the order, for good, so
//! that its seller cannot see it any more; then the handover is released, or missed, which is one decision.

use common::id::OrderId;
use common::version::Versioned;
use ports::store::StoreError;
use runtime::audit::{self, AuditEvent};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::listener::{Handled, ListenError};
use runtime::store::UpdateContext;

use crate::NAME;
use crate::domain::{Admission, AlreadySold, Closing, Handover};
use crate::issuing;
use crate::state::DeliveryState;

/// The order has come to a listing that has not been heard of.
const NO_LISTING: ListenError = ListenError::NotYet("the ticket has not been heard of");

impl From<AlreadySold> for ListenError {
    fn from(sold: AlreadySold) -> Self {
        Self::Impossible(sold.to_string())
    }
}

/// Hands over what the buyer of a complete order is to get, if it is there. Does the same again, or goes on, where it
/// was done before.
pub(crate) async fn hand_over(state: &DeliveryState, order: OrderId) -> Handled {
    let Some(handover) = state.handovers.get(order).await? else { return Ok(()) };
    let sold = if handover.is_complete() { Some(sell(state, &handover).await?) } else { None };
    if handover.is_ended() && handover.is_ours() {
        return Ok(issuing::take_back(state, &handover).await?);
    }
    let Some(admission) = sold else { return Ok(()) };
    if let Some(due_at) = handover.due_at() {
        state.due.wake_by(due_at);
    }
    if let Some(seal) = handover.due_issue() {
        issuing::issue(state, &handover, &admission, seal).await?;
    }
    if let Some(buyer) = handover.buyer.filter(|_| handover.is_ours()) {
        // They may have listed it before this was heard of.
        issuing::decide_all_of(state, buyer).await?;
    }
    let Some(seal) = handover.due_seal(admission.given_later()) else { return Ok(()) };
    if admission.sealed(seal).is_none() {
        return Err(ListenError::Impossible(format!("what order {order} has bought is not here")));
    }
    let release = |handover: &mut Handover, context: UpdateContext| Ok(handover.release(seal, context.now));
    let released: Result<_, StoreError> = state.handovers.update(order, release).await;
    released?;
    Ok(())
}

/// It is sold to the order, for good: also if its buyer does not get it, since the money went back.
async fn sell(state: &DeliveryState, handover: &Handover) -> Result<Versioned<Admission>, ListenError> {
    let order = handover.id;
    let sell = |admission: &mut Admission, context: UpdateContext| Ok(admission.sell(order, context.now)?);
    let sold: Result<_, ListenError> = state.admissions.update(handover.ticket, sell).await;
    let admission = sold?.ok_or(NO_LISTING)?.aggregate;
    crash_point(CrashPoint::AdmissionSold);
    Ok(admission)
}

/// The time of an order is up: its buyer gets what has come in time, or their money back.
pub(crate) async fn end_wait(state: &DeliveryState, order: OrderId) -> Handled {
    let Some(handover) = state.handovers.get(order).await?.filter(|handover| handover.is_due(state.now())) else {
        return Ok(());
    };
    let close = |admission: &mut Admission, context: UpdateContext| Ok(admission.close(order, context.now)?);
    let closed: Result<_, ListenError> = state.admissions.update(handover.ticket, close).await;
    // Whose listing has not been heard of has given us nothing.
    let admission = closed?.map(|closed| closed.aggregate.value);
    let closing = admission.as_ref().map_or(Closing::Closed, Admission::closing);
    crash_point(CrashPoint::WaitClosed);
    let decided: Result<(), StoreError> = match closing {
        Closing::Came(seal) => {
            let release = |handover: &mut Handover, context: UpdateContext| Ok(handover.release(seal, context.now));
            state.handovers.update(order, release).await.map(drop)
        }
        Closing::Closed => {
            let miss = |handover: &mut Handover, context: UpdateContext| Ok(handover.miss(context.now));
            let missed = state.handovers.update(order, miss).await;
            missed.map(|missed| {
                if missed.is_some_and(|missed| missed.outcome.is_changed()) {
                    record_missed(&handover, admission.as_ref());
                }
            })
        }
    };
    Ok(decided?)
}

/// Writes down that a promise was not kept, so that operators can count whose are not.
pub(crate) fn record_missed(handover: &Handover, admission: Option<&Admission>) {
    let seller = admission.and_then(|admission| admission.listing.seller);
    let about = format!("{} {}", handover.id, handover.ticket);
    audit::record_found(NAME, AuditEvent::DeliveryMissed, seller, &about);
}
