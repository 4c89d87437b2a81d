use common::events::TicketSnapshot;
use common::version::Gaps;
use runtime::listener::Handled;

use crate::domain::Ticket;
use crate::state::OrdersState;

/// Keeps the replica of the ticket.
pub(super) async fn handle(state: OrdersState, ticket: TicketSnapshot, gaps: Gaps) -> Handled {
    let replicated = state.tickets.replicate_over(gaps, ticket.id, ticket.version, |_| Ticket::from(&ticket));
    replicated.await?.or_not_yet()
}

#[cfg(test)]
mod tests {
    use common::events::{TicketCreated, TicketSnapshot, TicketUpdated};
    use common::id::{IdGenerator, OrderId};
    use common::time::Timestamp;
    use common::version::Version;
    use serde_json::json;

    use crate::domain::Ticket;
    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_is_ordered_at_its_latest_price() {
        let app = start().await;
        let ticket = app.listed_ticket().await;
        let mut edited = next_version(&ticket);
        (edited.title, edited.price) = ("Back row".into(), price(999));
        app.publish("tickets", &TicketUpdated(edited)).await;
        app.settle().await;
        let order = app.order(&app.user(), ticket.id).await.body;
        assert_eq!(order["ticket"]["title"], "Back row");
        assert_eq!(order["ticket"]["price"], 9.99);
        assert_eq!(order["ticket"]["version"], 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn events_out_of_order_and_twice_are_applied_once_and_in_order() {
        let app = start().await;
        let created = app.ticket();
        let mut edited = next_version(&created);
        edited.price = price(999);
        let mut again = next_version(&edited);
        again.price = price(500);
        for event in [&again, &edited, &edited] {
            app.publish("tickets", &TicketUpdated(event.clone())).await;
        }
        app.publish("tickets", &TicketCreated(created.clone())).await;
        app.publish("tickets", &TicketCreated(created.clone())).await;
        app.settle().await;
        let replica = app.deps.store::<Ticket>().get(created.id).await.expect("reads").expect("is there");
        assert_eq!((replica.version, replica.price), (Version(2), price(500)));
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_replica_made_anew_needs_only_the_last_state_of_a_ticket() {
        let (ids, now) = (IdGenerator::random(), Timestamp::from_millis(0));
        let mut versions = vec![listing(ids.next(now), ids.next(now))];
        for minor in 1..50 {
            let before = &versions[versions.len() - 1];
            versions.push(TicketSnapshot { price: price(1000 + minor), ..next_version(before) });
        }
        let app = App::start_after(&versions).await;
        app.settle().await;
        let order = app.order(&app.user(), versions[0].id).await;
        assert_eq!((order.status, &order.body["ticket"]["price"]), (201, &json!(10.49)), "{order:?}");

        // What comes later is applied one by one again.
        let next = next_version(&versions[49]);
        app.publish("tickets", &TicketUpdated(next_version(&next))).await;
        app.publish("tickets", &TicketUpdated(next)).await;
        app.settle().await;
        let replica = app.deps.store::<Ticket>().get(versions[0].id).await.expect("reads").expect("is there");
        assert_eq!((replica.version, app.dead_letters().await), (Version(51), vec![]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_lock_in_the_replica_does_not_refuse_an_order() {
        let app = start().await;
        let ticket = app.listed_ticket().await;
        let mut locked = next_version(&ticket);
        locked.order_id = Some(app.deps.platform.ids.next(app.clock.now()) as OrderId);
        app.publish("tickets", &TicketUpdated(locked)).await;
        app.settle().await;
        assert_eq!(app.order(&app.user(), ticket.id).await.status, 201);
    }
}
