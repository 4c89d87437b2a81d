use common::delivery::DeliveryPromise;
use common::events::TicketSnapshot;
use common::id::UserId;
use common::time::Timestamp;
use runtime::listener::{Age, Handled};

use super::{NOT_HEARD_OF, tell};
use crate::domain::{News, OrderMatter, Withdrawn};
use crate::state::MailState;

/// Tells the seller that the ticket is sold, that it has been taken back, or that they have not delivered it.
pub(super) async fn handle(state: MailState, ticket: TicketSnapshot, age: Age) -> Handled {
    let is_overdue = is_overdue(&ticket, state.now());
    let TicketSnapshot { id, title, user_id: seller, order_id, sold, withdrawn, .. } = ticket;
    if seller == UserId::NOBODY {
        // It was sold or withdrawn long before, by somebody who is erased.
        return Ok(());
    }
    let news = match order_id {
        // What is told of the sale is what the order says (invariant I14).
        Some(order) if (sold || withdrawn) && state.orders.get(order).await?.is_none() => return Err(NOT_HEARD_OF),
        Some(order) if sold => News::of_order(order, OrderMatter::Sold),
        Some(order) if withdrawn => News::of_order(order, OrderMatter::DeliveryMissed),
        None if withdrawn => News::Withdrawn(Withdrawn { ticket: id, title, is_overdue }),
        Some(_) | None => return Ok(()),
    };
    tell(&state, seller, news, age).await
}

/// Whether its seller would have had to deliver it by now. Then nobody has taken it back: it is so by itself.
fn is_overdue(ticket: &TicketSnapshot, now: Timestamp) -> bool {
    matches!(ticket.details.delivery, Some(DeliveryPromise::Later { until }) if until <= now)
}

#[cfg(test)]
mod tests {
    use common::delivery::DeliveryPromise;
    use common::id::UserId;
    use common::version::Version;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_seller_is_told_of_the_sale_and_not_of_a_reservation() {
        let app = start().await;
        let order = app.ordered().await;
        let mut ticket = app.locked(&order);
        app.publish("tickets", &ticket).await;
        app.settle().await;
        app.told_no_more(0).await;
        // Not what the ticket says now, but what was sold.
        (ticket.0.sold, ticket.0.version, ticket.0.title) = (true, Version(2), "Another title".into());
        for _ in 0..2 {
            app.publish("tickets", &ticket).await;
        }
        app.settle().await;
        let mails = app.until_told(1).await;
        assert_eq!(mails[0].subject, "Sold: Front row");
        assert!(mails[0].text.contains("€20.50"), "{}", mails[0].text);
        app.told_no_more(1).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_sale_of_which_the_order_is_not_known_yet_waits_for_it() {
        let app = start().await;
        let order = app.order();
        let mut ticket = app.locked(&order);
        ticket.0.sold = true;
        app.publish("tickets", &ticket).await;
        app.publish("orders", &order).await;
        app.settle().await;
        app.until_told(1).await;
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_seller_is_told_once_that_a_ticket_is_off_sale() {
        let app = start().await;
        let order = app.order();
        let mut ticket = app.locked(&order);
        (ticket.0.order_id, ticket.0.withdrawn) = (None, true);
        for version in 1..3 {
            ticket.0.version = Version(version);
            app.publish("tickets", &ticket).await;
        }
        app.settle().await;
        let mails = app.until_told(1).await;
        assert_eq!(mails[0].subject, "Not for sale any more: Front row");
        app.told_no_more(1).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_seller_whose_ticket_is_off_sale_because_it_is_overdue_is_not_told_to_change_their_password() {
        let app = start().await;
        for (until, is_overdue) in [(app.clock.now(), true), (app.clock.now() + RETRY, false)] {
            let mut ticket = app.locked(&app.order());
            (ticket.0.order_id, ticket.0.withdrawn) = (None, true);
            ticket.0.details.delivery = Some(DeliveryPromise::Later { until });
            app.publish("tickets", &ticket).await;
            app.settle().await;
            let mails = app.until_told(if is_overdue { 1 } else { 2 }).await;
            let text = &mails.last().expect("one").text;
            assert_eq!(text.contains("promised to deliver it by now"), is_overdue, "{text}");
            assert_eq!(text.contains("change your password"), !is_overdue, "{text}");
        }
    }
    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_whose_seller_is_erased_concerns_nobody() {
        let app = start().await;
        let order = app.ordered().await;
        let mut ticket = app.locked(&order);
        (ticket.0.sold, ticket.0.user_id) = (true, UserId::NOBODY);
        app.publish("tickets", &ticket).await;
        app.settle().await;
        assert_eq!(app.messages().await, 0);
    }
}
