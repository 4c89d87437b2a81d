use common::events::{CancelReason, OrderCancelled, OrderCompleted};
use common::id::OrderId;
use common::version::Version;
use runtime::listener::{Age, Handled, ListenError};

use super::event_changed::tell_of_event;
use super::{NOT_HEARD_OF, tell_buyer};
use crate::domain::{End, Order, OrderMatter};
use crate::state::MailState;

/// Tells the buyer of a reservation that has expired, if they had begun to pay, and of a ticket that has not come.
pub(super) async fn cancelled(state: MailState, event: OrderCancelled, age: Age) -> Handled {
    let (end, matter) = match event.reason {
        CancelReason::Expired => (End::Expired, OrderMatter::Expired),
        CancelReason::NotDelivered => (End::NotDelivered, OrderMatter::NotDelivered),
        CancelReason::ByBuyer
        | CancelReason::PaymentFailed
        | CancelReason::LatePayment
        | CancelReason::EventCancelled
        | CancelReason::Other => (End::Cancelled, OrderMatter::Expired),
    };
    let order = end_order(&state, event.id, event.version, end).await?;
    tell_buyer(&state, &order, matter, age).await
}

/// Tells the buyer that the ticket is theirs, and what has become of its event while they were buying it.
pub(super) async fn completed(state: MailState, event: OrderCompleted, age: Age) -> Handled {
    let order = end_order(&state, event.id, event.version, End::Complete).await?;
    tell_buyer(&state, &order, OrderMatter::Bought, age).await?;
    tell_of_event(&state, &order, age).await
}

/// The order as it is after this version of it, which may have been heard of before.
async fn end_order(state: &MailState, id: OrderId, version: Version, end: End) -> Result<Order, ListenError> {
    state.orders.replicate_change(id, version, |order: Order| order.ended(end)).await?.or_not_yet()?;
    Ok(state.orders.get(id).await?.ok_or(NOT_HEARD_OF)?.value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use common::events::CancelReason;
    use common::version::Version;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_buyer_is_told_once_that_the_ticket_is_theirs() {
        let app = start().await;
        let order = app.ordered().await;
        for _ in 0..3 {
            app.publish("orders", &order_completed(&order)).await;
        }
        app.settle().await;
        let mails = app.until_told(1).await;
        assert_eq!(
            (mails[0].to.as_str(), mails[0].subject.as_str()),
            ("somebody@example.com", "Your ticket: Front row")
        );
        assert!(mails[0].text.contains("The ticket is yours") && mails[0].text.contains("€20.50"), "{}", mails[0].text);
        assert!(
            mails[0].text.contains(&format!("https://tickets.example.com/orders/{}", order.id)),
            "{}",
            mails[0].text
        );
        app.told_no_more(1).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_end_that_overtakes_the_beginning_waits_for_it() {
        let app = start().await;
        let order = app.order();
        app.publish("orders", &order_completed(&order)).await;
        app.publish("orders", &order).await;
        app.settle().await;
        app.until_told(1).await;
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_expiry_is_told_to_who_had_begun_to_pay_and_to_nobody_else() {
        let app = start().await;
        let (paying, idle, called_off) = (app.ordered().await, app.ordered().await, app.ordered().await);
        app.publish("payments", &attempt(&paying)).await;
        app.publish("payments", &attempt(&called_off)).await;
        app.settle().await;
        app.publish("orders", &order_cancelled(&idle, CancelReason::Expired)).await;
        app.publish("orders", &order_cancelled(&called_off, CancelReason::PaymentFailed)).await;
        app.publish("orders", &order_cancelled(&paying, CancelReason::Expired)).await;
        app.settle().await;
        let mails = app.until_told(1).await;
        assert_eq!(mails[0].subject, "Your reservation has expired: Front row");
        assert!(mails[0].text.contains(&format!("/tickets/{}", paying.ticket.id)), "{}", mails[0].text);
        app.told_no_more(1).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_attempt_that_is_heard_of_after_the_expiry_counts_as_well() {
        let app = start().await;
        let order = app.ordered().await;
        app.publish("orders", &order_cancelled(&order, CancelReason::Expired)).await;
        app.settle().await;
        app.told_no_more(0).await;
        for _ in 0..2 {
            app.publish("payments", &attempt(&order)).await;
        }
        app.settle().await;
        app.until_told(1).await;
        let mut late_money = order_cancelled(&order, CancelReason::LatePayment);
        late_money.version = Version(2);
        app.publish("orders", &late_money).await;
        app.settle().await;
        app.told_no_more(1).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_that_never_came_is_told_to_its_buyer_and_its_seller_once() {
        let app = start().await;
        let order = app.ordered().await;
        app.publish("orders", &order_completed(&order)).await;
        app.settle().await;
        app.until_told(1).await;
        let mut missed = order_cancelled(&order, CancelReason::NotDelivered);
        missed.version = Version(2);
        let mut ticket = app.locked(&order);
        (ticket.0.withdrawn, ticket.0.version) = (true, Version(3));
        for _ in 0..2 {
            app.publish("tickets", &ticket).await;
            app.publish("orders", &missed).await;
        }
        app.settle().await;
        let mails = app.until_told(3).await;
        let buyers = mails.iter().find(|mail| mail.recipient == order.user_id && mail.subject.starts_with("Not "));
        let buyers = buyers.expect("the buyer is told");
        assert_eq!(buyers.subject, "Not delivered: Front row");
        assert!(buyers.text.contains(&format!("/orders/{}", order.id)), "{}", buyers.text);
        let sellers = mails.iter().find(|mail| mail.recipient == ticket.0.user_id).expect("the seller is told");
        assert_eq!(sellers.subject, "You have not delivered your ticket: Front row");
        assert!(sellers.text.contains(&format!("/tickets/{}", order.ticket.id)), "{}", sellers.text);
        app.told_no_more(3).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_has_bought_or_sold_what_never_came_to_a_cancelled_event_is_told_of_that() {
        let app = start().await;
        let gala = app.event();
        let order = app.bought_to(gala, 12).await;
        app.until_told(1).await;
        app.publish("tickets", &cancelled(&moved(gala, 1, 13, app.clock.now()))).await;
        app.settle().await;
        app.until_told(2).await;
        let mut missed = order_cancelled(&order, CancelReason::NotDelivered);
        missed.version = Version(2);
        let mut ticket = app.locked(&order);
        (ticket.0.withdrawn, ticket.0.version, ticket.0.details) = (true, Version(3), details_of(gala, 12));
        app.publish("tickets", &ticket).await;
        app.publish("orders", &missed).await;
        app.settle().await;
        let subjects: BTreeSet<_> = app.until_told(4).await.into_iter().skip(2).map(|mail| mail.subject).collect();
        let expected =
            ["Cancelled, and your money goes back: Front row", "Cancelled, and your sale with it: Front row"];
        assert_eq!(subjects, BTreeSet::from(expected.map(String::from)));
        app.told_no_more(4).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_reason_that_is_not_known_here_is_no_expiry() {
        let app = start().await;
        let order = app.ordered().await;
        app.publish("payments", &attempt(&order)).await;
        app.publish_newer("orders", &order_cancelled(&order, CancelReason::Expired), "/reason").await;
        app.settle().await;
        app.told_no_more(0).await;
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }
}
