//! Forgets what sellers have given us once nobody needs it any more: it was replaced, is not for sale, or who bought it is
//! erased. The codes of what was sold are nobody else's to sell for good.

use common::delivery::Seal;
use common::outcome::Outcome;
use ports::store::{Conflict, StoreError};
use runtime::BackgroundTask;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::store::{Silent, UpdateContext};

use crate::claims;
use crate::domain::{Admission, CLEARED_EVERY, GRACE, Handover, LooseFile};
use crate::intake::clear;
use crate::sealing::FileId;
use crate::state::DeliveryState;
use crate::store::{of_ticket, to_clear};

/// How many are cleared each time at most.
const AT_ONCE: usize = 1000;

pub(super) fn task(state: DeliveryState) -> BackgroundTask {
    let clock = state.clock.clone();
    BackgroundTask::periodic("clear-superseded", CLEARED_EVERY, clock, move || clear_all(state.clone()))
}

async fn clear_all(state: DeliveryState) -> Result<(), StoreError> {
    for admission in state.admissions.find(&to_clear(state.now() - GRACE, AT_ONCE)).await? {
        clear_one(&state, &admission).await?;
    }
    Ok(())
}

async fn clear_one(state: &DeliveryState, admission: &Admission) -> Result<(), StoreError> {
    let handovers = state.handovers.find(&of_ticket(admission.id)).await?;
    let handovers: Vec<Handover> = handovers.into_iter().map(|handover| handover.value).collect();
    let unneeded = unneeded(admission, &handovers);
    let gone = || admission.seals().iter().filter(|sealed| unneeded.contains(&sealed.seal));
    let sold = sold_claims(admission, &handovers);
    let claimed = gone().flat_map(|sealed| sealed.what.claims());
    let claimed = claimed.filter(|claim| !admission.holds_claim(claim) && !sold.contains(claim));
    claims::free(state, admission.id, &claimed.collect::<Vec<_>>(), state.now() - GRACE).await?;
    // Nobody could confirm it any more once it is discarded.
    claims::hold(state, admission.id, &sold).await?;
    for file in gone().filter_map(|sealed| sealed.what.file.as_ref()) {
        loosen(state, admission, file.id).await?;
    }
    let discard = |admission: &mut Admission, _: UpdateContext| {
        // It may be needed again since: by another promise of its seller, for instance.
        let superseded = admission.superseded();
        let unneeded: Vec<Seal> = unneeded.iter().filter(|seal| superseded.contains(seal)).copied().collect();
        Ok::<_, StoreError>(match admission.discard(&unneeded) {
            Outcome::Changed(files) => Outcome::Changed(Silent(files)),
            Outcome::Unchanged => Outcome::Unchanged,
        })
    };
    let Some(discarded) = state.admissions.update(admission.id, discard).await? else { return Ok(()) };
    crash_point(CrashPoint::SealDiscarded);
    for file in discarded.outcome.changed().map(|files| files.0).unwrap_or_default() {
        clear(state, file).await;
    }
    Ok(())
}

/// Those that the listing has no use for, nor any order.
fn unneeded(admission: &Admission, handovers: &[Handover]) -> Vec<Seal> {
    let is_needed = |seal: Seal| handovers.iter().any(|handover| handover.needs(seal));
    admission.superseded().into_iter().filter(|seal| !is_needed(*seal)).collect()
}

/// What those of them claim that are sold, or may be.
fn sold_claims(admission: &Admission, handovers: &[Handover]) -> Vec<String> {
    let is_sold = |seal: Seal| handovers.iter().any(|handover| handover.may_sell(seal));
    let sold = admission.seals().iter().filter(|sealed| is_sold(sealed.seal));
    sold.flat_map(|sealed| sealed.what.claims()).collect()
}

/// Notes that a file is about to be deleted. If it turns out to be needed, it stays.
async fn loosen(state: &DeliveryState, admission: &Admission, file: FileId) -> Result<(), StoreError> {
    match state.loose_files.insert(LooseFile::new(file, admission.id, state.now()), &()).await {
        Ok(_) => return Ok(()),
        Err(StoreError::Conflict(Conflict::Exists)) => {}
        Err(error) => return Err(error),
    }
    state.loose_files.update(file, |loose, context| Ok::<_, StoreError>(loose.loosen(context.now))).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::service_testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_replaced_goes_with_its_file_and_its_code() {
        let app = start().await;
        let (seller, other) = (app.user(), app.user());
        let ticket = app
            .listed(&seller, Some(common::delivery::DeliveryPromise::Later { until: app.clock.now() + 9 * HOUR }))
            .await;
        for code in ["A1", "B2"] {
            assert_eq!(app.upload(&seller, &ticket, pdf(&format!("CODE={code}"))).await.status, 200);
        }
        assert_eq!(app.stored().await.len(), 2);
        app.clock.advance(HOUR);
        app.until_stored(1).await;
        app.settle().await;
        assert_eq!(app.sealed_file(&seller, &ticket).await.body, "%PDF-1.7\nCODE=B2\n");
        let others = app.listed(&other, sealed(0)).await;
        assert_eq!(app.upload(&other, &others, pdf("CODE=B2")).await.status, 409);
        assert_eq!(app.upload(&other, &others, pdf("CODE=A1")).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_has_swapped_two_tickets_is_told_when_what_they_replaced_is_free_again() {
        let app = start().await;
        let (seller, other) = (app.user(), app.user());
        let (first, second) = (app.listed(&seller, app.later()).await, app.listed(&seller, app.later()).await);
        let others = app.listed(&other, app.later()).await;
        assert_eq!(app.upload(&seller, &first, pdf("CODE=A1")).await.status, 200);
        assert_eq!(app.upload(&seller, &second, pdf("CODE=A1")).await.codes(), ["code_listed"], "it is for sale there");
        assert_eq!(app.upload(&seller, &first, pdf("CODE=B2")).await.status, 200);
        let refused = app.upload(&seller, &second, pdf("CODE=A1")).await;
        assert_eq!((refused.status, refused.codes()), (409, vec!["code_being_freed"]));
        assert!(refused.messages()[0].ends_with("it is free again within 20 minutes"), "{refused:?}");
        assert_eq!(app.upload(&other, &others, pdf("CODE=A1")).await.codes(), ["code_listed"]);
        assert_eq!(app.upload(&seller, &second, pdf("CODE=B2")).await.codes(), ["code_listed"]);
        app.clock.advance(20 * HOUR / 60);
        harness::within(async { while app.upload(&seller, &second, pdf("CODE=A1")).await.status != 200 {} }).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_without_a_code_is_free_again_once_it_was_replaced_and_not_before() {
        let app = start().await;
        let (seller, other) = (app.user(), app.user());
        let (ticket, second) = (app.listed(&seller, app.later()).await, app.listed(&seller, app.later()).await);
        let others = app.listed(&other, app.later()).await;
        assert_eq!(app.upload(&seller, &ticket, pdf("first")).await.status, 200);
        assert_eq!(app.upload(&seller, &ticket, pdf("second")).await.status, 200);
        assert_eq!(app.upload(&seller, &second, pdf("first")).await.codes(), ["code_being_freed"]);
        assert_eq!(app.upload(&other, &others, pdf("first")).await.codes(), ["file_listed"]);
        app.clock.advance(HOUR);
        harness::within(async { while app.upload(&other, &others, pdf("first")).await.status != 200 {} }).await;
        assert_eq!(app.upload(&seller, &second, pdf("second")).await.codes(), ["file_listed"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_an_order_may_be_made_of_still_is_not_said_to_be_free_before_long() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let mut ticket = app.sealed(&seller, "A1").await;
        app.publish("orders", &app.order(&buyer, &ticket)).await;
        app.settle().await;
        assert_eq!(app.upload(&seller, &ticket, pdf("CODE=B2")).await.status, 200);
        app.change(&mut ticket, |ticket| ticket.details.delivery = sealed(2)).await;
        let second = app.listed(&seller, sealed(0)).await;
        assert_eq!(app.upload(&seller, &second, pdf("CODE=A1")).await.codes(), ["code_listed"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_not_for_sale_any_more_goes_and_what_is_sold_stays() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let (mut withdrawn, sold) = (app.sealed(&seller, "A1").await, app.sealed(&seller, "B2").await);
        app.change(&mut withdrawn, |ticket| ticket.withdrawn = true).await;
        // Another one that came too late.
        assert_eq!(app.upload(&seller, &sold, pdf("CODE=C3")).await.status, 200);
        let order = app.bought(&buyer, &sold).await;
        assert_eq!(app.stored().await.len(), 3);
        app.clock.advance(HOUR);
        app.until_stored(1).await;
        assert_eq!(app.delivered_file(&buyer, order.id).await.body, "%PDF-1.7\nCODE=B2\n");
        let again = app.listed(&seller, sealed(0)).await;
        assert_eq!(app.upload(&seller, &again, pdf("CODE=B2")).await.status, 409, "it was sold here");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_an_order_is_made_of_stays_though_the_listing_says_another() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let mut ticket = app.sealed(&seller, "A1").await;
        let order = app.order(&buyer, &ticket);
        app.publish("orders", &order).await;
        assert_eq!(app.upload(&seller, &ticket, pdf("CODE=B2")).await.status, 200);
        app.change(&mut ticket, |ticket| ticket.details.delivery = sealed(2)).await;
        app.clock.advance(HOUR);
        app.settle().await;
        app.publish("orders", &order_completed(&order)).await;
        app.settle().await;
        assert_eq!(app.delivered_file(&buyer, order.id).await.body, "%PDF-1.7\nCODE=A1\n");
    }
}
