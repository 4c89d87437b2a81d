use common::events::TicketSnapshot;
use common::id::TicketId;
use common::version::{Gaps, Version, Versioned};
use ports::store::{Conflict, StoreError};
use runtime::listener::{Handled, ListenError};
use runtime::store::UpdateContext;

use crate::claims;
use crate::domain::{Admission, Gap, Listing};
use crate::issuing;
use crate::state::DeliveryState;

/// Follows the listing, has its codes free once it is withdrawn, and decides whether its seller may sell what we issue.
pub(super) async fn handle(state: DeliveryState, ticket: TicketSnapshot, gaps: Gaps) -> Handled {
    let admission = follow(&state, ticket.id, &Listing::from(&ticket), gaps).await?;
    if ticket.withdrawn {
        claims::release_if_withdrawn(&state, ticket.id).await?;
    }
    if admission.place_claim().is_some() {
        issuing::give_up_place(&state, ticket.id).await?;
    }
    if admission.awaits_decision() {
        issuing::decide(&state, ticket.id).await?;
    }
    Ok(())
}

/// Returns the admission as it is then.
async fn follow(
    state: &DeliveryState,
    ticket: TicketId,
    listing: &Listing,
    gaps: Gaps,
) -> Result<Versioned<Admission>, ListenError> {
    // A first version is hardly ever a duplicate.
    let is_first = listing.version == Version::FIRST;
    loop {
        if !is_first {
            let follow = |admission: &mut Admission, context: UpdateContext| {
                Ok::<_, ListenError>(admission.follow(listing.clone(), gaps, context.now)?)
            };
            if let Some(followed) = state.admissions.update(ticket, follow).await? {
                return Ok(followed.aggregate);
            }
            if gaps == Gaps::Awaited {
                return Err(Gap.into());
            }
        }
        match state.admissions.insert(Admission::new(ticket, listing.clone(), state.now()), &()).await {
            Ok(admission) => return Ok(admission),
            Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error.into()),
        }
        if let Some(admission) = state.admissions.get(ticket).await?.filter(|_| is_first) {
            return Ok(admission);
        }
    }
}

#[cfg(test)]
mod tests {
    use common::events::{DeliverySealed, TicketUpdated};
    use common::id::OrderId;

    use crate::service_testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_somebody_is_buying_is_not_replaced() {
        let app = start().await;
        let seller = app.user();
        let mut ticket = app.sealed(&seller, "A1").await;
        let order: OrderId = app.deps.platform.ids.next(app.clock.now());
        app.change(&mut ticket, |ticket| ticket.order_id = Some(order)).await;
        let refused = app.upload(&seller, &ticket, pdf("CODE=B2")).await;
        assert_eq!((refused.status, refused.codes()), (400, vec!["ticket_reserved"]));
        app.change(&mut ticket, |ticket| ticket.order_id = None).await;
        assert_eq!(app.upload(&seller, &ticket, pdf("CODE=B2")).await.status, 200);
        app.change(&mut ticket, |ticket| ticket.withdrawn = true).await;
        let refused = app.upload(&seller, &ticket, pdf("CODE=C3")).await;
        assert_eq!((refused.status, refused.codes()), (400, vec!["not_for_sale"]));
        assert_eq!(app.sealing(&seller, &ticket).await.body["state"], "withdrawn");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn versions_that_come_in_any_order_are_followed_one_after_the_other() {
        let app = start().await;
        let seller = app.user();
        let first = app.listing(&seller, sealed(0));
        let mut second = first.clone();
        (second.version, second.details.delivery) = (first.version.next(), app.later());
        let mut third = second.clone();
        third.version = second.version.next();
        for ticket in [&third, &second, &second] {
            app.publish("tickets", &TicketUpdated(ticket.clone())).await;
        }
        app.publish("tickets", &common::events::TicketCreated(first.clone())).await;
        app.settle().await;
        assert_eq!(app.sealing(&seller, &first).await.body["mode"], "later");
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_listing_that_becomes_sealed_is_told_of_what_is_there() {
        let app = start().await;
        let seller = app.user();
        let mut ticket = app.listed(&seller, app.later()).await;
        assert_eq!(app.upload(&seller, &ticket, pdf("CODE=A1")).await.body["state"], "sealed");
        app.change(&mut ticket, |ticket| ticket.details.delivery = sealed(0)).await;
        let told = app.published::<DeliverySealed>().await;
        assert_eq!(told.iter().map(|event| event.seal.0).collect::<Vec<_>>(), [1, 2]);
        assert!(told[0].version < told[1].version, "it is news");
        assert_eq!(app.sealing(&seller, &ticket).await.body["state"], "pending");
    }
}
