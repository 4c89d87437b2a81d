use common::id::UserId;
use ports::store::StoreError;
use runtime::BackgroundTask;
use runtime::erasure::Erasures;

use crate::domain::{Change, SellerChange, Ticket, TicketLock};
use crate::error::TicketsError;
use crate::state::TicketsState;

/// Forgets sellers: what they have sold or withdrawn stays, without them. Others hear of it as of any change.
pub(super) fn task(erasures: &Erasures, state: &TicketsState) -> BackgroundTask {
    let state = state.clone();
    erasures.task(move |user| forget(state.clone(), user))
}

async fn forget(state: TicketsState, seller: UserId) -> Result<(), TicketsError> {
    for ticket in state.tickets.of_seller(seller).await? {
        if matches!(ticket.lock, TicketLock::Free | TicketLock::Unsealed) {
            // Nobody is there to sell it. If it is reserved, that is for the next time.
            let withdrawal = SellerChange { seller, seen: None, change: Change::Withdraw };
            match state.gate.change(ticket.id, &withdrawal).await {
                Ok(_) | Err(TicketsError::ChangeRefused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        state.tickets.update(ticket.id, |ticket: &mut Ticket, _| Ok::<_, StoreError>(ticket.forget_seller())).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::{TicketUpdated, UserErased};
    use common::id::{TicketId, UserId};
    use harness::Harness;
    use serde_json::{Value, json};

    use crate::domain::{Ticket, TicketLock};
    use crate::testing::*;

    async fn stored(app: &Harness, ticket: &Value) -> Ticket {
        let id: TicketId = ticket["id"].as_str().expect("an id").parse().expect("an id");
        app.deps.store::<Ticket>().get(id).await.expect("reads").expect("is there").value
    }

    async fn until_forgotten(app: &Harness, ticket: &Value) {
        harness::within(async {
            while stored(app, ticket).await.seller != UserId::NOBODY {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_for_sale_is_withdrawn_and_all_lose_their_seller() {
        let app = start().await;
        let (ada, eve) = (app.user(), app.user());
        let (withdrawn, free) = (
            listed(&app, &ada, draft("Concert", json!(20))).await,
            listed(&app, &ada, draft("Another", json!(20))).await,
        );
        let of_another = listed(&app, &eve, draft("Theirs", json!(20))).await;
        assert_eq!(app.delete(&path_of(&withdrawn)).by(&ada).send().await.status, 204);
        app.publish("users", &UserErased { user_id: ada.id }).await;
        for ticket in [&withdrawn, &free] {
            until_forgotten(&app, ticket).await;
            assert_eq!(stored(&app, ticket).await.lock, TicketLock::Withdrawn);
        }
        assert_eq!(stored(&app, &of_another).await.seller, eve.id);
        app.settle().await;
        let told = app.published::<TicketUpdated>().await;
        let last = told.iter().rev().find(|TicketUpdated(ticket)| json!(ticket.id) == free["id"]).expect("is told");
        assert_eq!(last.0.user_id, UserId::NOBODY, "others hear of it");
        assert_eq!(app.get("/api/tickets?seller=me").by(&ada).send().await.body, json!([]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_somebody_is_buying_is_left_until_they_have_done() {
        let (app, orders) = start_with_orders().await;
        let ada = app.user();
        let ticket = listed(&app, &ada, draft("Concert", json!(20))).await;
        orders.reserve_all();
        app.publish("users", &UserErased { user_id: ada.id }).await;
        app.settle().await;
        assert_eq!(stored(&app, &ticket).await.seller, ada.id);
        orders.end_all();
        app.publish("users", &UserErased { user_id: ada.id }).await;
        until_forgotten(&app, &ticket).await;
    }
}
