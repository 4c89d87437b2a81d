use std::time::Duration;

use client::Refund;
use serde_json::json;

use super::super::testing::{DUE, created};
use super::*;

fn due() -> Timestamp {
    Timestamp::parse(DUE).expect("a moment")
}

fn order(status: OrderStatus) -> Order {
    let order = serde_json::from_value(created()).expect("an order");
    Order { status, ..order }
}

fn cancelled(reason: Option<CancelReason>, refund: Option<RefundState>) -> Order {
    let order = order(OrderStatus::Cancelled);
    let refund = refund.map(|state| Refund { state, amount: order.ticket.price });
    Order { reason, refund, ..order }
}

#[test]
fn an_unpaid_order_is_to_be_paid_until_its_time_is_up() {
    let early = due() - Duration::from_millis(1);
    assert_eq!(Standing::of(&order(OrderStatus::Created), early, None), Standing::Checkout);
    assert_eq!(Standing::of(&order(OrderStatus::Created), due(), None), Standing::TimeIsUp);
}

#[test]
fn a_payment_that_is_going_on_hides_the_checkout_also_after_the_deadline() {
    for now in [due() - Duration::from_secs(60), due()] {
        for (status, news, standing) in [
            (OrderStatus::Created, Some(News::Received), Standing::Confirming),
            (OrderStatus::Created, Some(News::Pending), Standing::BeingPaid),
            (OrderStatus::AwaitingPayment, None, Standing::BeingPaid),
            (OrderStatus::AwaitingPayment, Some(News::Pending), Standing::BeingPaid),
            (OrderStatus::AwaitingPayment, Some(News::Received), Standing::Confirming),
        ] {
            assert_eq!(Standing::of(&order(status), now, news), standing, "{status:?} {news:?}");
        }
    }
}

#[test]
fn an_order_that_has_ended_says_how_whatever_the_address_says() {
    use CancelReason::{ByBuyer, Expired, LatePayment, PaymentFailed};
    for news in [None, Some(News::Received), Some(News::Pending)] {
        assert_eq!(Standing::of(&order(OrderStatus::Complete), due(), news), Standing::Paid);
        for (reason, standing) in [
            (Some(Expired), Standing::Expired),
            (Some(PaymentFailed), Standing::Declined),
            (Some(ByBuyer), Standing::CancelledByBuyer),
            (Some(LatePayment), Standing::PaidTooLate(RefundState::Pending)),
            (None, Standing::CalledOff),
        ] {
            assert_eq!(Standing::of(&cancelled(reason, None), due(), news), standing, "{reason:?}");
        }
    }
}

#[test]
fn money_that_goes_back_outweighs_why_the_order_ended() {
    for reason in [Some(CancelReason::Expired), Some(CancelReason::ByBuyer), None] {
        for state in [RefundState::Pending, RefundState::Refunded] {
            let standing = Standing::of(&cancelled(reason, Some(state)), due(), None);
            assert_eq!(standing, Standing::PaidTooLate(state));
            assert_eq!(standing.is_passing(), state == RefundState::Pending);
        }
    }
}

#[test]
fn what_the_order_does_not_know_is_in_its_pages_address() {
    let id = order(OrderStatus::Created).id;
    for news in [News::Received, News::Pending] {
        let address = Standing::of(&order(OrderStatus::Created), due(), Some(news)).address(id);
        let value = address.split_once("?payment=").expect("a query").1;
        assert_eq!(serde_json::from_value::<News>(json!(value)).expect("news"), news);
    }
    assert_eq!(Standing::Checkout.address(id), format!("/orders/{id}"));
}
