//! Forgets people: who bought, and who sold. What buyers have stays with them as long as they are there, and is then
//! [cleared away](super::clear_superseded).

use common::id::UserId;
use ports::store::{Query, StoreError};
use runtime::BackgroundTask;
use runtime::erasure::Erasures;
use runtime::store::UpdateContext;

use crate::domain::Admission;
use crate::state::DeliveryState;
use crate::store::{bought_by, sold_by};

pub(super) fn task(erasures: &Erasures, state: DeliveryState) -> BackgroundTask {
    erasures.task(move |person| forget(state.clone(), person))
}

async fn forget(state: DeliveryState, person: UserId) -> Result<(), StoreError> {
    for handover in state.handovers.find(&bought_by(person)).await? {
        let forget_sale = |admission: &mut Admission, context: UpdateContext| {
            Ok::<_, StoreError>(admission.forget_buyer(handover.id, context.now))
        };
        // First: whoever is forgotten already is not found again.
        state.admissions.update(handover.ticket, forget_sale).await?;
        state.handovers.update(handover.id, |handover, _| Ok::<_, StoreError>(handover.forget_buyer())).await?;
    }
    for admission in state.admissions.find(&sold_by(person)).await? {
        state.admissions.update(admission.id, |admission, _| Ok::<_, StoreError>(admission.forget_seller())).await?;
    }
    // Operators name the few that there are.
    for organisers in state.organisers.find(&Query::default()).await?.into_iter().filter(|them| them.has(person)) {
        state.organisers.update(organisers.id, |them, _| Ok::<_, StoreError>(them.remove(person))).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::UserErased;
    use harness::{TestUser, within};

    use crate::service_testing::*;

    async fn forget(app: &App, person: &TestUser) {
        app.publish("users", &UserErased { user_id: person.id }).await;
        app.settle().await;
        within(async {
            // But for the reminder to forget them.
            while app.everything_kept().await.matches(&person.id.to_string()).count() > 1 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_is_erased_is_in_nothing_that_is_kept_and_what_they_sold_stays_with_its_buyer() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let ticket = app.sealed(&seller, "A1").await;
        let order = app.bought(&buyer, &ticket).await;
        forget(&app, &seller).await;
        assert_eq!(app.sealing(&seller, &ticket).await.status, 401);
        assert_eq!(app.delivered_file(&buyer, order.id).await.body, "%PDF-1.7\nCODE=A1\n");
        forget(&app, &buyer).await;
        assert_eq!(app.delivery(&buyer, order.id).await.status, 401);
        assert_eq!(app.delivered_file(&buyer, order.id).await.status, 401);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_nobody_can_see_any_more_goes_and_is_not_sold_again() {
        let app = start().await;
        let (seller, other) = (app.user(), app.user());
        let (first, second) = (app.user(), app.user());
        let later = app.listed(&seller, app.later()).await;
        let sold = [app.bought(&first, &app.sealed(&seller, "A1").await).await, app.bought(&second, &later).await];
        assert_eq!(app.upload(&seller, &later, pdf("CODE=B2")).await.status, 200);
        forget(&app, &seller).await;
        app.clock.advance(2 * HOUR);
        app.settle().await;
        for (buyer, order) in [&first, &second].into_iter().zip(&sold) {
            assert_eq!(app.delivered_file(buyer, order.id).await.status, 200, "its buyer is there still");
        }
        forget(&app, &first).await;
        app.clock.advance(HOUR);
        app.until_stored(1).await;
        assert_eq!(app.delivered_file(&second, sold[1].id).await.status, 200);
        forget(&app, &second).await;
        app.clock.advance(HOUR);
        app.until_stored(0).await;
        app.clock.advance(2 * HOUR);
        app.settle().await;
        assert!(!app.everything_kept().await.contains("fingerprints"));
        let again = app.listed(&other, sealed(0)).await;
        for code in ["CODE=A1", "CODE=B2"] {
            assert_eq!(app.upload(&other, &again, pdf(code)).await.codes(), ["code_listed"], "it was sold here");
        }
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }
}
