use common::delivery::DeliveryPromise;
use common::events::ChangedStatus;

use super::{Letters, about};
use crate::domain::{Event, Order, OrderMatter};
use crate::letter::Letter;
use crate::words::Telling;

impl Letters {
    /// What has become of an order, or of its money. If its event was moved or cancelled, that is `event`.
    pub(crate) fn about_order(&self, order: &Order, matter: &OrderMatter, event: Option<&Event>) -> Letter {
        let telling = self.telling(order, matter, event);
        let owed = self.owed(order).filter(|_| *matter == OrderMatter::Sold);
        let page = match matter {
            OrderMatter::Sold if owed.is_some() => format!("/tickets/{}/delivery", order.ticket),
            OrderMatter::Sold | OrderMatter::Expired | OrderMatter::DeliveryMissed => {
                format!("/tickets/{}", order.ticket)
            }
            OrderMatter::Bought
            | OrderMatter::Delivered
            | OrderMatter::Refunded { .. }
            | OrderMatter::RefundFailed { .. }
            | OrderMatter::NotDelivered => format!("/orders/{}", order.id),
        };
        let mut letter = self.letter(telling, &page);
        letter.subject = about(telling, &order.title);
        letter.facts = self.facts_of(order);
        letter.paragraphs.extend((*matter == OrderMatter::Bought).then(|| self.how_it_comes(order)));
        letter.paragraphs.extend(owed);
        if let Some(of_money) = self.of_money(order, matter) {
            letter.paragraphs.insert(0, of_money);
        }
        letter
    }

    /// Where the event does not take place, nobody is blamed for what never came; and what we were to issue, nobody had to
    /// hand in.
    fn telling(&self, order: &Order, matter: &OrderMatter, event: Option<&Event>) -> &'static Telling {
        let words = self.words;
        let is_ours = matches!(order.details.delivery, Some(DeliveryPromise::Ours { .. }));
        let is_off = event.is_some_and(|event| event.status == ChangedStatus::Cancelled);
        match matter {
            OrderMatter::Bought => &words.bought,
            OrderMatter::Delivered => &words.delivered,
            OrderMatter::Sold => &words.sold,
            OrderMatter::Expired => &words.expired,
            OrderMatter::Refunded { .. } => &words.refunded,
            OrderMatter::RefundFailed { .. } => &words.refund_failed,
            OrderMatter::NotDelivered if is_ours => &words.not_issued,
            OrderMatter::NotDelivered if is_off => &words.bought_for_nothing,
            OrderMatter::NotDelivered => &words.not_delivered,
            OrderMatter::DeliveryMissed if is_ours => &words.not_sold_on,
            OrderMatter::DeliveryMissed if is_off => &words.sold_for_nothing,
            OrderMatter::DeliveryMissed => &words.delivery_missed,
        }
    }

    /// How the ticket comes to who has bought it, as it was promised then.
    fn how_it_comes(&self, order: &Order) -> String {
        let comes = &self.words.comes;
        match order.details.delivery {
            Some(DeliveryPromise::Sealed { .. } | DeliveryPromise::Ours { .. }) => comes.at_once.to_owned(),
            Some(DeliveryPromise::Later { until }) => (comes.later)(&self.moment(&order.details, until)),
            Some(DeliveryPromise::Other) => comes.otherwise.to_owned(),
            None => comes.not_promised.to_owned(),
        }
    }

    /// What the seller of a ticket that comes later has to do once it is sold.
    fn owed(&self, order: &Order) -> Option<String> {
        match order.details.delivery {
            Some(DeliveryPromise::Later { until }) => {
                Some((self.words.comes.owed)(&self.moment(&order.details, until)))
            }
            Some(DeliveryPromise::Sealed { .. } | DeliveryPromise::Ours { .. } | DeliveryPromise::Other) | None => None,
        }
    }

    fn of_money(&self, order: &Order, matter: &OrderMatter) -> Option<String> {
        let words = self.words;
        let amount_of = |id| order.refund(id).map(|refund| self.money(refund.amount, &order.currency));
        match matter {
            OrderMatter::Refunded { refund } => amount_of(refund).map(|amount| (words.given_back)(&amount)),
            OrderMatter::RefundFailed { refund } => amount_of(refund).map(|amount| (words.not_given_back)(&amount)),
            OrderMatter::Bought
            | OrderMatter::Delivered
            | OrderMatter::Sold
            | OrderMatter::Expired
            | OrderMatter::NotDelivered
            | OrderMatter::DeliveryMissed => None,
        }
    }
}
