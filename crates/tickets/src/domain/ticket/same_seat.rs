//! Which listings are of the same seat: of one seller, only one may be for sale or sold (invariant I17).

use common::outcome::Outcome;

use super::{Change, Ticket};
use crate::domain::Seat;

impl Ticket {
    /// Whether both are for the same seat. Two known events are two, however alike they are called and although they
    /// begin at the same time.
    pub(crate) fn has_seat_of(&self, other: &Self) -> bool {
        let (Some(seat), Some(others)) = (&self.seat, &other.seat) else { return false };
        let is_described_alike = seat.described.is_some() && seat.described == others.described;
        let events = self.details.event_id.zip(other.details.event_id);
        seat.key == others.key || is_described_alike && events.is_none_or(|(event, others)| event == others)
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
            Change::Edit(form) => form.details.clone().apply(self.details.clone()),
            Change::Follow(event) => event.admit(self.details.clone()),
            Change::Seal | Change::Withdraw | Change::WithdrawOverdue => self.details.clone(),
        };
        Self { seat: Seat::of(&details), details, ..self }
    }

    /// Its seat is described as the present rule says.
    pub(crate) fn describe_seat(&mut self) -> Outcome<()> {
        self.seat = self.seat.take().map(|seat| seat.described_by(&self.details));
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
            !described.undescribed().has_seat_of(&there.undescribed()),
            "what has no description has none in common"
        );
        assert!(!Ticket { seat: None, ..here.clone() }.has_seat_of(&Ticket { seat: None, ..here }));
    }
}
