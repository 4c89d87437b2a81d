//! Which listings are of the same seat: of one seller, only one may be for sale or sold (invariant I17).

use common::delivery::DeliveryPromise;
use common::events::EventDetails;
use common::outcome::Outcome;

use super::{Change, Ticket};
use crate::domain::{Seat, TicketLock, are_in_other_venues, delivery};

impl Ticket {
    /// Whether both are for the same seat. Two known events are two, however alike they are called and although they
    /// begin at the same time; and so are two of which one is not known, in two venues. A place that is sold on is not what
    /// was sold before.
    pub(crate) fn has_seat_of(&self, other: &Self) -> bool {
        let (Some(seat), Some(others)) = (&self.seat, &other.seat) else { return false };
        let is_described_alike = seat.described.is_some() && seat.described == others.described;
        let is_told_apart = match self.details.event_id.zip(other.details.event_id) {
            Some((event, others)) => event != others,
            None => are_in_other_venues(&self.details, &other.details),
        };
        let is_other_admission = self.sells_on_after(other) || other.sells_on_after(self);
        seat.key == others.key || is_described_alike && !is_told_apart && !is_other_admission
    }

    /// Whether it sells a place of ours by another order than `before`, which has sold that: delivery lets the two have one
    /// place only if it has come back.
    fn sells_on_after(&self, before: &Self) -> bool {
        let promises = (self.details.delivery, before.details.delivery);
        let (
            Some(DeliveryPromise::Ours { bought_by: Some(order), .. }),
            Some(DeliveryPromise::Ours { bought_by: order_before, .. }),
        ) = promises
        else {
            return false;
        };
        matches!(before.lock, TicketLock::Sold { .. }) && order_before != Some(order)
    }

    /// The same, without the description of its seat, which a listing to another event has.
    #[must_use]
    pub(crate) fn undescribed(self) -> Self {
        Self { seat: self.seat.map(Seat::undescribed), ..self }
    }

    /// The same, to what it would be to after a change.
    #[must_use]
    pub(crate) fn seated_after(self, change: &Change) -> Self {
        let details = match change {
            Change::Edit(form) => EventDetails {
                delivery: delivery::named(&form.delivery, self.details.delivery),
                ..form.details.clone().apply(self.details.clone())
            },
            Change::Follow(event) => event.admit(self.details.clone()),
            Change::Seal | Change::Withdraw | Change::WithdrawOverdue => self.details.clone(),
        };
        Self { seat: Seat::of(&details), details, ..self }
    }

    /// Its seat is what the present rule makes of it.
    pub(crate) fn reseat(&mut self) -> Outcome<()> {
        self.seat = self.seat.take().and_then(|_| Seat::of(&self.details));
        Outcome::Changed(())
    }

    /// Its seat keeps what an older rule made of it.
    pub(crate) fn keep_seat(&mut self) -> Outcome<()> {
        self.seat = self.seat.take().map(Seat::kept);
        Outcome::Changed(())
    }

    /// Its seat is left without a description.
    pub(crate) fn leave_seat_undescribed(&mut self) -> Outcome<()> {
        self.seat = self.seat.take().map(Seat::undescribed);
        Outcome::Changed(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{event, ticket};

    /// A ticket for a seat of this event, which is known.
    fn to(event: &crate::domain::Event) -> Ticket {
        let seat = common::events::EventDetails { seat: Some("12".into()), ..Default::default() };
        let details = event.admit(seat);
        Ticket { seat: Seat::of(&details), details, ..ticket("Gala") }
    }

    #[test]
    fn two_known_events_are_two_and_one_that_is_described_alike_is_either() {
        let gala = event("Gala");
        let elsewhere = crate::domain::Event { id: "5f1f77bcf86cd799439011e2".parse().expect("an id"), ..gala.clone() };
        let (here, there) = (to(&gala), to(&elsewhere));
        assert!(here.has_seat_of(&to(&gala)));
        assert!(!here.has_seat_of(&there));
        let mut described = here.clone();
        (described.details.event_id, described.details.venue) = (None, None);
        described.seat = Seat::of(&described.details);
        assert!(described.has_seat_of(&here) && there.has_seat_of(&described));
        assert!(!described.clone().undescribed().has_seat_of(&here));
        assert!(
            !described.clone().undescribed().has_seat_of(&there.undescribed()),
            "what has no description has none in common"
        );
        described.details.venue = Some("Elsewhere".into());
        described.seat = Seat::of(&described.details);
        assert!(!described.has_seat_of(&here) && !here.has_seat_of(&described), "it is in another venue");
        assert!(described.has_seat_of(&described));
        assert!(!Ticket { seat: None, ..here.clone() }.has_seat_of(&Ticket { seat: None, ..here }));
    }
}
