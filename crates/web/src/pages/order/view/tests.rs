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
    assert_eq!(OrderView::of(&order(OrderStatus::Created), early, None), OrderView::Checkout);
    assert_eq!(OrderView::of(&order(OrderStatus::Created), due(), None), OrderView::TimeIsUp);
}

#[test]
fn a_payment_that_is_going_on_hides_the_checkout_also_after_the_deadline() {
    for now in [due() - Duration::from_secs(60), due()] {
        for (status, notice, view) in [
            (OrderStatus::Created, Some(PaymentNotice::Received), OrderView::Confirming),
            (OrderStatus::Created, Some(PaymentNotice::Pending), OrderView::BeingPaid),
            (OrderStatus::AwaitingPayment, None, OrderView::BeingPaid),
            (OrderStatus::AwaitingPayment, Some(PaymentNotice::Pending), OrderView::BeingPaid),
            (OrderStatus::AwaitingPayment, Some(PaymentNotice::Received), OrderView::Confirming),
        ] {
            assert_eq!(OrderView::of(&order(status), now, notice), view, "{status:?} {notice:?}");
        }
    }
}

#[test]
fn an_order_that_has_ended_says_how_whatever_the_address_says() {
    use CancelReason::{ByBuyer, Expired, LatePayment, PaymentFailed};
    for notice in [None, Some(PaymentNotice::Received), Some(PaymentNotice::Pending)] {
        assert_eq!(OrderView::of(&order(OrderStatus::Complete), due(), notice), OrderView::Paid);
        for (reason, view) in [
            (Some(Expired), OrderView::Expired),
            (Some(PaymentFailed), OrderView::Declined),
            (Some(ByBuyer), OrderView::CancelledByBuyer),
            (Some(LatePayment), OrderView::PaidTooLate(RefundState::Pending)),
            (Some(CancelReason::EventCancelled), OrderView::EventCancelled),
            (None, OrderView::CalledOff),
        ] {
            assert_eq!(OrderView::of(&cancelled(reason, None), due(), notice), view, "{reason:?}");
        }
    }
}

#[test]
fn what_was_paid_and_never_came_is_not_paid_too_late() {
    let never_came = |refund| OrderView::of(&cancelled(Some(CancelReason::NotDelivered), refund), due(), None);
    assert_eq!(never_came(None), OrderView::Refunded(RefundState::Pending));
    for state in [RefundState::Pending, RefundState::Refunded, RefundState::Failed] {
        assert_eq!(never_came(Some(state)), OrderView::Refunded(state));
    }
}

#[test]
fn money_that_goes_back_outweighs_why_the_order_ended() {
    for reason in [Some(CancelReason::Expired), Some(CancelReason::ByBuyer), None] {
        for state in [RefundState::Pending, RefundState::Refunded] {
            let view = OrderView::of(&cancelled(reason, Some(state)), due(), None);
            assert_eq!(view, OrderView::PaidTooLate(state));
            assert_eq!(view.is_passing(), state == RefundState::Pending);
        }
    }
}

#[test]
fn the_address_carries_the_payment_notice() {
    let id = order(OrderStatus::Created).id;
    for notice in [PaymentNotice::Received, PaymentNotice::Pending] {
        let address = OrderView::of(&order(OrderStatus::Created), due(), Some(notice)).address(id);
        let value = address.split_once("?payment=").expect("a query").1;
        assert_eq!(serde_json::from_value::<PaymentNotice>(json!(value)).expect("notice"), notice);
    }
    assert_eq!(OrderView::Checkout.address(id), format!("/orders/{id}"));
}
