use common::money::Price;
use common::outcome::Outcome;
use serde::{Deserialize, Serialize};

use super::Handover;

/// A price as records keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct StoredPrice(#[serde(with = "common::money::minor_units")] Price);

impl From<Price> for StoredPrice {
    fn from(price: Price) -> Self {
        Self(price)
    }
}

impl Handover {
    /// Refunds of these amounts were under way or had succeeded at one moment. Once they were all that was paid, the ticket
    /// is not its buyer's any more, for good: also if such a refund fails later.
    pub(crate) fn hear_refunds(&mut self, amounts: impl IntoIterator<Item = Price>) -> Outcome<()> {
        let back: u64 = amounts.into_iter().map(|amount| u64::from(amount.minor_units())).sum();
        let is_all = self.price.is_some_and(|StoredPrice(price)| back >= u64::from(price.minor_units()));
        if is_all { self.take_back() } else { Outcome::Unchanged }
    }

    /// The money went back, for good, though the order stands.
    pub(crate) fn take_back(&mut self) -> Outcome<()> {
        if std::mem::replace(&mut self.money_back, true) { Outcome::Unchanged } else { Outcome::Changed(()) }
    }
}

#[cfg(test)]
mod tests {
    use common::delivery::{DeliveryPromise, Seal};
    use common::version::Version;
    use serde_json::json;

    use super::super::super::testing::*;
    use super::super::{HandoverState, Heard};
    use super::*;

    fn price(minor: i64) -> Price {
        Price::from_minor_units(minor).expect("a price")
    }

    /// A paid order of 20.50 whose buyer has the ticket.
    fn released() -> Handover {
        let mut handover = paid(Some(sealed_promise(1)));
        assert!(handover.release(Seal(1), at(1)).is_changed());
        handover
    }

    #[test]
    fn it_is_taken_back_once_all_of_the_price_goes_back_and_not_before() {
        for (amounts, is_all) in [
            (vec![], false),
            (vec![2049], false),
            (vec![2050], true),
            (vec![1000, 1049], false),
            (vec![1000, 1050], true),
        ] {
            let mut handover = released();
            let heard = handover.hear_refunds(amounts.iter().map(|minor| price(*minor)));
            assert_eq!(heard.is_changed(), is_all, "{amounts:?}");
            assert_eq!(handover.released().is_none(), is_all, "{amounts:?}");
            let state = if is_all { HandoverState::TakenBack } else { HandoverState::Released };
            assert_eq!(handover.state(), state, "{amounts:?}");
        }
    }

    #[test]
    fn it_is_for_good_and_the_ticket_stays_sold() {
        let mut handover = released();
        assert!(handover.hear_refunds([price(2050)]).is_changed());
        assert!(!handover.hear_refunds([]).is_changed() && !handover.hear_refunds([price(2050)]).is_changed());
        assert!(!handover.take_back().is_changed());
        assert!(handover.is_complete() && handover.is_ended());
        assert!(handover.needs(Seal(1)) && !handover.needs(Seal(2)), "its code stays sold");
        assert!(!handover.view(at(2)).is_changed(), "there is nothing to see");
        assert_eq!(handover.state(), HandoverState::TakenBack);
    }

    #[test]
    fn what_goes_back_before_the_order_is_heard_to_be_complete_is_never_released() {
        let mut handover = handover(Some(sealed_promise(1)));
        assert!(handover.hear_refunds([price(2050)]).is_changed());
        assert_eq!(handover.state(), HandoverState::Unpaid);
        assert!(handover.hear(Version(1), Heard::Completed).expect("is next").is_changed());
        assert!(!handover.release(Seal(1), at(1)).is_changed());
        assert_eq!((handover.due_seal(None), handover.state()), (None, HandoverState::TakenBack));
    }

    #[test]
    fn what_was_given_back_is_not_awaited_and_so_not_missed() {
        let mut later = paid(Some(later_promise()));
        assert!(later.take_back().is_changed());
        assert_eq!((later.due_at(), later.due_seal(Some(Seal(1)))), (None, None));
        assert!(!later.miss(at(100)).is_changed());
        let mut ours = paid(Some(DeliveryPromise::Ours { seal: Seal(1), bought_by: None }));
        assert!(ours.take_back().is_changed());
        assert!(ours.due_issue().is_none() && !ours.give_up(at(1)).is_changed());
        let mut missed = paid(Some(later_promise()));
        assert!(missed.miss(at(100)).is_changed() && missed.take_back().is_changed());
        assert_eq!(missed.state(), HandoverState::Missed, "that is why the money goes back");
    }

    #[test]
    fn an_order_that_was_cancelled_unpaid_stays_that() {
        let mut handover = handover(Some(sealed_promise(1)));
        assert!(handover.hear(Version(1), Heard::Cancelled).expect("is next").is_changed());
        assert!(handover.take_back().is_changed());
        assert_eq!(handover.state(), HandoverState::Unpaid);
    }

    /// What an earlier version has recorded knows no price: it is taken back by a lost dispute alone.
    #[test]
    fn of_an_older_order_no_amount_is_all() {
        let mut record = json!(released());
        assert!(record.as_object_mut().expect("fields").remove("price").is_some());
        let mut older: Handover = serde_json::from_value(record).expect("reads");
        assert!(!older.hear_refunds([Price::MAX]).is_changed() && older.released().is_some());
        assert!(older.take_back().is_changed() && older.released().is_none());
        assert_eq!(json!(older)["moneyBack"], true);
        assert_eq!(serde_json::from_value::<Handover>(json!(older)).expect("reads back"), older);
    }
}
