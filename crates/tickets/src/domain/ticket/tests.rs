use common::id::IdGenerator;

use super::*;
use crate::domain::Edit;
use crate::testing::{form, ticket};

fn ids() -> IdGenerator {
    IdGenerator::seeded(8)
}

#[test]
fn a_new_ticket_is_free_and_costs_dollars_unless_the_form_says_otherwise() {
    let ticket = ticket("Concert");
    assert_eq!((ticket.lock, ticket.currency), (TicketLock::Free, Currency::Usd));
    assert_eq!(ticket.details.event.as_deref(), Some("Été à Paris"));
    assert_eq!((ticket.details.venue, ticket.details.seat), (None, None));
    let (ids, now) = (ids(), Timestamp::from_millis(1000));
    let in_euros = TicketForm { currency: Some(Currency::Eur), ..form("Concert") };
    assert_eq!(
        Ticket::list(ids.next(now), ids.next(now), in_euros, now).map(|ticket| ticket.currency),
        Ok(Currency::Eur)
    );
}

#[test]
fn what_nobody_could_buy_is_not_listed() {
    let (ids, now) = (ids(), Timestamp::from_millis(1000));
    let list = |form| Ticket::list(ids.next(now), ids.next(now), form, now).expect_err("refused");
    for (currency, minor) in [(Currency::Usd, 49), (Currency::Sek, 299), (Currency::Pln, 199), (Currency::Gbp, 29)] {
        let price = Price::from_minor_units(minor).expect("a price");
        let cheap = TicketForm { currency: Some(currency), price, ..form("Concert") };
        assert_eq!(list(cheap), InvalidOffer::BelowMinimum(currency));
    }
    let mut begun = form("Concert");
    begun.details.starts_at = Edit::Set(now);
    assert_eq!(list(begun), InvalidOffer::Begun);
    assert_eq!(InvalidOffer::BelowMinimum(Currency::Sek).to_string(), "Price must be at least 3.00 SEK");
}
