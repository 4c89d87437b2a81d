use common::events::{ChangedStatus, EventChanged};
use ports::store::{Conflict, StoreError};
use runtime::listener::Handled;

use crate::domain::CancelledEvent;
use crate::state::OrdersState;

/// Remembers that an event does not take place. Where and when the others do, their tickets say.
pub(super) async fn handle(state: OrdersState, event: EventChanged) -> Handled {
    match event.status.known()? {
        ChangedStatus::Moved => Ok(()),
        ChangedStatus::Cancelled => match state.cancelled_events.insert(CancelledEvent { id: event.id }, &()).await {
            Ok(_) | Err(StoreError::Conflict(Conflict::Exists)) => Ok(()),
            Err(error) => Err(error.into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use common::events::{ChangedStatus, EventChanged, EventDetails, OrderCancelled, TicketSnapshot};
    use common::gate::{BEGIN_PAYMENT, BeginPayment, PaymentBeginning};
    use common::id::{EventId, IdGenerator};
    use common::order_status::OrderStatus;
    use common::time::Timestamp;
    use common::version::Version;
    use common::zone::{TimeZone, ZonedTime};
    use serde_json::json;

    use crate::testing::*;

    fn gala() -> EventId {
        IdGenerator::seeded(7).next(Timestamp::from_millis(0))
    }

    /// What tickets publishes when the gala is moved, or cancelled.
    fn changed(status: ChangedStatus) -> EventChanged {
        let moment = Timestamp::parse("2027-06-12T17:30:00Z").expect("a moment");
        EventChanged {
            id: gala(),
            version: Version(1),
            status: status.into(),
            name: "Gala".into(),
            venue: "Hall".into(),
            city: "Berlin".into(),
            country: "Germany".into(),
            starts_at: ZonedTime { moment, zone: TimeZone::parse("Europe/Berlin").expect("a zone") },
            changed_at: moment,
        }
    }

    async fn ticket_to_the_gala(app: &App) -> TicketSnapshot {
        let details = EventDetails { event_id: Some(gala()), ..EventDetails::default() };
        let ticket = TicketSnapshot { details, ..app.ticket() };
        app.list(&ticket).await;
        ticket
    }

    async fn hear(app: &App, status: ChangedStatus) {
        app.publish("tickets", &changed(status)).await;
        app.settle().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_ticket_to_a_cancelled_event_can_be_ordered() {
        let app = start().await;
        let (ticket, other) = (ticket_to_the_gala(&app).await, app.listed_ticket().await);
        hear(&app, ChangedStatus::Moved).await;
        assert_eq!(app.order(&app.user(), ticket.id).await.status, 201, "a moved event takes place");
        let ticket = ticket_to_the_gala(&app).await;
        hear(&app, ChangedStatus::Cancelled).await;
        hear(&app, ChangedStatus::Cancelled).await;
        let reply = app.order(&app.user(), ticket.id).await;
        assert_eq!((reply.status, reply.codes()), (400, vec!["event_cancelled"]));
        assert_eq!(app.order(&app.user(), other.id).await.status, 201);
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_payment_begins_for_a_cancelled_event() {
        let app = start().await;
        let ticket = ticket_to_the_gala(&app).await;
        let order_id =
            app.order(&app.user(), ticket.id).await.body["id"].as_str().expect("an id").parse().expect("an id");
        let begin = async |attempt| {
            let reply = app.ask(BEGIN_PAYMENT).json(json!(BeginPayment { order_id, attempt })).await;
            serde_json::from_value::<PaymentBeginning>(reply.body).expect("an answer")
        };
        // The bank asks the buyer, who takes their time.
        assert_eq!(begin(1).await, PaymentBeginning::Begun);
        hear(&app, ChangedStatus::Cancelled).await;
        assert_eq!(begin(1).await, PaymentBeginning::Cancelled);
        assert_eq!(app.stored(order_id).await.status(), OrderStatus::Cancelled);
        app.settle().await;
        let cancelled: Vec<_> = app.published::<OrderCancelled>().await;
        assert_eq!(cancelled.len(), 1);
        assert_eq!(begin(2).await, PaymentBeginning::Cancelled);
    }
}
