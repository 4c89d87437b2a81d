use common::delivery::DeliveryPromise;
use common::events::{EventDetails, RefundStatus, Tolerant};
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::outcome::Outcome;
use serde::{Deserialize, Serialize};

use super::news::OrderMatter;

/// What mail knows of an order: what was bought, as it stood when it was ordered (invariant I14), and what has become
/// of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    /// Who is told; nobody, once they are erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) buyer: Option<UserId>,
    pub(crate) ticket: TicketId,
    pub(crate) title: String,
    #[serde(with = "common::money::minor_units")]
    pub(crate) price: Price,
    pub(crate) currency: Tolerant<Currency>,
    #[serde(flatten)]
    pub(crate) details: EventDetails,
    /// Whether its buyer has begun to pay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_attempted: bool,
    /// How it has ended, if it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<End>,
    /// Every refund of its money that was heard of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) refunds: Vec<Refund>,
}

/// How an order has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum End {
    /// It was paid.
    Complete,
    /// It was not, and its time was up.
    Expired,
    /// It was called off for another reason.
    Cancelled,
    /// It was paid, and the ticket never came.
    NotDelivered,
}

/// Money that goes back to the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refund {
    /// The provider's name for it.
    pub(crate) id: String,
    #[serde(with = "common::money::minor_units")]
    pub(crate) amount: Price,
    pub(crate) status: RefundStatus,
}

impl Order {
    /// Its buyer has begun to pay.
    pub(crate) fn attempt(&mut self) -> Outcome<()> {
        if std::mem::replace(&mut self.is_attempted, true) { Outcome::Unchanged } else { Outcome::Changed(()) }
    }

    /// The same order, ended. How it ended first is how it stays: a payment that comes too late cancels it again. But
    /// what was paid may never come.
    pub(crate) fn ended(self, end: End) -> Self {
        match (self.end, end) {
            (None | Some(End::Complete), End::NotDelivered) | (None, _) => Self { end: Some(end), ..self },
            (Some(_), _) => self,
        }
    }

    /// Refunds stand like this. Word of one that is older than what is known of it changes nothing.
    pub(crate) fn hear_refunds(&mut self, heard: &[Refund]) -> Outcome<()> {
        let mut outcome = Outcome::Unchanged;
        for heard in heard {
            match self.refunds.iter_mut().find(|refund| refund.id == heard.id) {
                Some(known) if !known.is_followed_by(heard.status) => continue,
                Some(known) => *known = heard.clone(),
                None => self.refunds.push(heard.clone()),
            }
            outcome = Outcome::Changed(());
        }
        outcome
    }

    /// The same order, of which nobody can be told any more who its buyer was.
    pub(crate) fn forget_buyer(&mut self) -> Outcome<()> {
        if self.buyer.take().is_some() { Outcome::Changed(()) } else { Outcome::Unchanged }
    }

    /// Whether this is so, as far as is known: nothing else is told (invariant I15).
    pub(crate) fn bears_out(&self, matter: &OrderMatter) -> bool {
        match matter {
            OrderMatter::Bought => self.end == Some(End::Complete),
            // The ticket itself has said so, or whoever delivers it, possibly before the order was heard to be complete.
            OrderMatter::Sold | OrderMatter::Delivered => matches!(self.end, None | Some(End::Complete)),
            OrderMatter::NotDelivered => self.end == Some(End::NotDelivered),
            // The ticket itself has said so, too.
            OrderMatter::DeliveryMissed => !matches!(self.end, Some(End::Expired | End::Cancelled)),
            OrderMatter::Expired => self.end == Some(End::Expired) && self.is_attempted,
            OrderMatter::Refunded { refund } => self.has_refund(refund, RefundStatus::Succeeded),
            OrderMatter::RefundFailed { refund } => {
                self.has_refund(refund, RefundStatus::Failed) && !self.is_given_back()
            }
        }
    }

    /// Whether its buyer is told when the ticket comes. Where it was there before they bought it, they are told so when
    /// they have.
    pub(crate) fn is_told_of_delivery(&self) -> bool {
        !matches!(self.details.delivery, Some(DeliveryPromise::Sealed { .. } | DeliveryPromise::Ours { .. }))
    }

    /// How much a refund is.
    pub(crate) fn refund(&self, id: &str) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.id == id)
    }

    fn has_refund(&self, id: &str, status: RefundStatus) -> bool {
        self.refund(id).is_some_and(|refund| refund.status == status)
    }

    /// Whether all of the money has gone back, by whichever refund.
    pub(super) fn is_given_back(&self) -> bool {
        let back = self.refunds.iter().filter(|refund| refund.status == RefundStatus::Succeeded);
        back.map(|refund| u64::from(refund.amount.minor_units())).sum::<u64>() >= u64::from(self.price.minor_units())
    }
}

impl Refund {
    /// Whether this status is news of it.
    fn is_followed_by(&self, next: RefundStatus) -> bool {
        match self.status {
            RefundStatus::Pending | RefundStatus::Other => self.status != next,
            // A bank may send back what it had taken.
            RefundStatus::Succeeded => next == RefundStatus::Failed,
            RefundStatus::Failed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use common::id::IdGenerator;
    use common::time::Timestamp;
    use serde_json::json;

    use super::*;

    fn order() -> Order {
        let ids = IdGenerator::seeded(1);
        let now = Timestamp::from_millis(0);
        Order {
            id: ids.next(now),
            buyer: Some(ids.next(now)),
            ticket: ids.next(now),
            title: "Front row".into(),
            price: price(2000),
            currency: Currency::Eur.into(),
            details: EventDetails::default(),
            is_attempted: false,
            end: None,
            refunds: Vec::new(),
        }
    }

    fn price(minor: i64) -> Price {
        Price::from_minor_units(minor).expect("a price")
    }

    fn refund(id: &str, minor: i64, status: RefundStatus) -> Refund {
        Refund { id: id.into(), amount: price(minor), status }
    }

    fn refunded(id: &str) -> OrderMatter {
        OrderMatter::Refunded { refund: id.into() }
    }

    fn refund_failed(id: &str) -> OrderMatter {
        OrderMatter::RefundFailed { refund: id.into() }
    }

    #[test]
    fn only_a_paid_order_is_bought() {
        assert!(!order().bears_out(&OrderMatter::Bought));
        for (end, is_bought) in [(End::Complete, true), (End::Expired, false), (End::Cancelled, false)] {
            assert_eq!(order().ended(end).bears_out(&OrderMatter::Bought), is_bought, "{end:?}");
        }
    }

    #[test]
    fn a_ticket_is_not_called_sold_by_an_order_that_is_off() {
        assert!(order().bears_out(&OrderMatter::Sold) && order().ended(End::Complete).bears_out(&OrderMatter::Sold));
        for end in [End::Expired, End::Cancelled] {
            assert!(!order().ended(end).bears_out(&OrderMatter::Sold), "{end:?}");
        }
    }

    #[test]
    fn what_was_paid_and_never_came_is_neither_bought_nor_sold() {
        let missed = order().ended(End::Complete).ended(End::NotDelivered);
        assert_eq!(missed.clone().ended(End::Complete).end, Some(End::NotDelivered));
        for (matter, is_so_before, is_so_after) in [
            (OrderMatter::Bought, true, false),
            (OrderMatter::Sold, true, false),
            (OrderMatter::Delivered, true, false),
            (OrderMatter::NotDelivered, false, true),
            (OrderMatter::DeliveryMissed, true, true),
        ] {
            assert_eq!(order().ended(End::Complete).bears_out(&matter), is_so_before, "{matter:?}");
            assert_eq!(missed.bears_out(&matter), is_so_after, "{matter:?}");
        }
        for end in [End::Expired, End::Cancelled] {
            let off = order().ended(end);
            assert_eq!(off.clone().ended(End::NotDelivered).end, Some(end));
            assert!(!off.bears_out(&OrderMatter::Delivered) && !off.bears_out(&OrderMatter::DeliveryMissed));
        }
    }

    #[test]
    fn an_expiry_is_told_only_to_who_had_begun_to_pay_whichever_is_heard_first() {
        let [mut first, mut second] = [order(), order()];
        assert!(!first.clone().ended(End::Expired).bears_out(&OrderMatter::Expired));
        assert_eq!((first.attempt(), first.attempt()), (Outcome::Changed(()), Outcome::Unchanged));
        assert!(!first.bears_out(&OrderMatter::Expired), "it is still open");
        assert!(first.clone().ended(End::Expired).bears_out(&OrderMatter::Expired));
        assert!(!first.ended(End::Cancelled).bears_out(&OrderMatter::Expired));
        second = second.ended(End::Expired);
        assert!(second.attempt().is_changed());
        assert!(second.bears_out(&OrderMatter::Expired));
    }

    #[test]
    fn an_order_that_expired_stays_so_when_money_comes_too_late() {
        let mut order = order().ended(End::Expired).ended(End::Cancelled);
        assert!(order.attempt().is_changed());
        assert!(order.bears_out(&OrderMatter::Expired));
    }

    #[test]
    fn a_refund_is_told_of_as_it_stands_and_not_as_it_stood() {
        let mut order = order();
        assert!(order.hear_refunds(&[refund("re_1", 2000, RefundStatus::Pending)]).is_changed());
        assert!(!order.bears_out(&refunded("re_1")) && !order.bears_out(&refund_failed("re_1")));
        assert!(order.hear_refunds(&[refund("re_1", 2000, RefundStatus::Succeeded)]).is_changed());
        assert_eq!(order.hear_refunds(&[refund("re_1", 2000, RefundStatus::Pending)]), Outcome::Unchanged, "late word");
        assert!(order.bears_out(&refunded("re_1")));
        assert!(
            order.hear_refunds(&[refund("re_1", 2000, RefundStatus::Failed)]).is_changed(),
            "the bank sent it back"
        );
        assert!(!order.bears_out(&refunded("re_1")) && order.bears_out(&refund_failed("re_1")));
        assert_eq!(
            order.hear_refunds(&[refund("re_1", 2000, RefundStatus::Succeeded)]),
            Outcome::Unchanged,
            "late word"
        );
    }

    #[test]
    fn a_failure_is_not_told_of_once_all_is_back_by_other_refunds() {
        let mut order = order();
        for (id, minor, status) in [
            ("re_1", 2000, RefundStatus::Failed),
            ("re_2", 1500, RefundStatus::Succeeded),
            ("re_3", 500, RefundStatus::Pending),
        ] {
            assert!(order.hear_refunds(&[refund(id, minor, status)]).is_changed());
        }
        assert!(order.bears_out(&refund_failed("re_1")), "something is owed still");
        assert!(order.hear_refunds(&[refund("re_3", 500, RefundStatus::Succeeded)]).is_changed());
        assert!(!order.bears_out(&refund_failed("re_1")));
        assert_eq!(order.refund("re_2").map(|refund| refund.amount), Some(price(1500)));
        assert!(!order.bears_out(&refunded("re_9")), "there is no such refund");
    }

    #[test]
    fn a_buyer_who_is_erased_is_in_no_part_of_it() {
        let mut order = order();
        let buyer = order.buyer.expect("there is one").to_string();
        assert_eq!((order.forget_buyer(), order.forget_buyer()), (Outcome::Changed(()), Outcome::Unchanged));
        assert!(!json!(order).to_string().contains(&buyer));
    }

    /// What was recorded by an earlier version has to be read.
    #[test]
    fn a_record_keeps_its_form() {
        let bare = order();
        let record = json!({
            "id": bare.id, "buyer": bare.buyer, "ticket": bare.ticket, "title": "Front row", "price": 2000,
            "currency": "eur",
        });
        assert_eq!(json!(bare), record);
        let mut whole = Order { details: EventDetails { seat: Some("12".into()), ..EventDetails::default() }, ..bare };
        assert!(
            whole.attempt().is_changed()
                && whole.hear_refunds(&[refund("re_1", 5, RefundStatus::Pending)]).is_changed()
        );
        let whole = whole.ended(End::Complete);
        assert_eq!(serde_json::from_value::<Order>(json!(whole)).expect("reads back"), whole);
    }
}
