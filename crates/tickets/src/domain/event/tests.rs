use common::money::Price;
use common::version::Versioned;
use common::zone::TimeZone;
use serde_json::json;

use super::*;
use crate::domain::{
    ChangeRefused, DetailEdits, Edit, InvalidOffer, PriceCap, Ticket, TicketChanged, TicketForm, TicketLock,
};
use crate::testing::{event, event_form, form};

fn to(event: &Event, tier: Edit<String>) -> TicketForm {
    let details = DetailEdits { of_event: Edit::Set(Box::new(event.clone())), tier, ..DetailEdits::default() };
    TicketForm { details, ..form("Two together") }
}

fn listed(form: TicketForm) -> Result<Ticket, InvalidOffer> {
    let id = "5f1f77bcf86cd799439011aa";
    Ticket::list(id.parse().expect("an id"), id.parse().expect("an id"), form, Timestamp::from_millis(1000))
}

#[test]
fn an_event_that_has_begun_is_not_added() {
    let form = event_form("Gala");
    let begins = form.starts_at.moment;
    let id = event("Gala").id;
    assert_eq!(Event::add(id, form.clone(), begins), Err(InvalidEvent::Begun));
    let added = Event::add(id, form, Timestamp::from_millis(begins.as_millis() - 1)).expect("is ahead");
    assert_eq!((added.slug.as_str(), added.status), ("gala-berlin-2027-06-12", EventStatus::Public));
}

#[test]
fn a_ticket_to_an_event_says_what_the_event_says() {
    let gala = event("Gala");
    let ticket = listed(to(&gala, Edit::Set("Stalls".into()))).expect("for sale");
    let details = &ticket.details;
    assert_eq!((details.event.as_deref(), details.venue.as_deref()), (Some("Gala"), Some("Große Halle, Berlin")));
    assert_eq!(details.starts_there(), Some(gala.starts_at.clone()));
    assert_eq!((details.event_id, details.tier.as_deref()), (Some(gala.id), Some("Stalls")));
    assert_eq!(ticket.currency, gala.currency, "not what tickets have otherwise");
}

#[test]
fn a_ticket_to_an_event_is_in_its_currency() {
    let gala = event("Gala");
    let wrong = listed(TicketForm { currency: Some(Currency::Usd), ..to(&gala, Edit::Keep) });
    assert_eq!(wrong, Err(InvalidOffer::OtherCurrency(Currency::Eur)));
    assert!(listed(TicketForm { currency: Some(Currency::Eur), ..to(&gala, Edit::Keep) }).is_ok());
    let cancelled = Event { status: EventStatus::Cancelled, ..gala };
    assert_eq!(listed(to(&cancelled, Edit::Keep)), Err(InvalidOffer::Cancelled));
}

#[test]
fn an_edit_keeps_the_event_unless_it_says_otherwise() {
    let (gala, opera) =
        (event("Gala"), Event { id: "5f1f77bcf86cd799439011ab".parse().expect("an id"), ..event("Opera") });
    let ticket = listed(to(&gala, Edit::Set("Stalls".into()))).expect("for sale");
    let (now, edition) = (Timestamp::from_millis(2000), ticket.edition);
    let edited = |form: TicketForm| -> Result<Ticket, ChangeRefused> {
        let (mut ticket, change) = (ticket.clone(), crate::domain::Change::Edit(form));
        let outcome = ticket.finish_change(&change, edition, common::version::Version(1), now)?;
        assert_eq!(outcome, Outcome::Changed(TicketChanged::ByItself));
        Ok(ticket)
    };
    // What a seller says of a title and a price leaves the event as it is, also if they repeat what it said.
    let retitled = edited(TicketForm { currency: None, ..form("Another title") }).expect("may be edited");
    assert_eq!(retitled.details, EventDetails { section: Some("Nord".into()), ..ticket.details.clone() });
    let refused = edited(TicketForm { currency: Some(Currency::Usd), ..form("In dollars") });
    assert_eq!(refused, Err(ChangeRefused::Invalid(InvalidOffer::OtherCurrency(Currency::Eur))));
    // The tier is one of the event that the ticket was for.
    assert_eq!(edited(to(&opera, Edit::Keep)).expect("may be edited").details.tier, None);
    assert_eq!(edited(to(&gala, Edit::Keep)).expect("may be edited").details.tier.as_deref(), Some("Stalls"));
    let free = DetailEdits { of_event: Edit::Clear, ..DetailEdits::default() };
    let free = edited(TicketForm { details: free, ..form("For itself") }).expect("may be edited").details;
    assert_eq!((free.event.as_deref(), free.event_id, free.tier), (Some("Gala"), None, None));
    assert_eq!(free.time_zone, TimeZone::parse("Europe/Berlin").ok());
}

fn later(event: &Event) -> ZonedTime {
    let moment = Timestamp::parse("2027-06-13T17:30:00Z").expect("a moment");
    ZonedTime { moment, ..event.starts_at.clone() }
}

#[test]
fn an_event_is_moved_and_keeps_its_address() {
    let (gala, now) = (event("Gala"), Timestamp::from_millis(2000));
    let mut moved = gala.clone();
    assert_eq!(moved.move_to(gala.venue.clone(), gala.starts_at.clone(), now), Ok(Outcome::Unchanged));
    assert_eq!((moved.status, moved.changes), (EventStatus::Public, Version(0)));
    assert_eq!(moved.move_to(gala.venue.clone(), later(&gala), now), Ok(Outcome::Changed(())));
    let expected = Event { starts_at: later(&gala), status: EventStatus::Moved, changes: Version(1), ..gala.clone() };
    assert_eq!(moved, expected);
    let elsewhere =
        Venue { city: ShortText::required("City", &json!("Hamburg")).expect("a city"), ..gala.venue.clone() };
    assert_eq!(moved.move_to(elsewhere.clone(), later(&gala), now), Ok(Outcome::Changed(())));
    assert_eq!((&moved.venue, moved.changes), (&elsewhere, Version(2)));
    let begins = later(&gala).moment;
    assert_eq!(moved.move_to(gala.venue.clone(), later(&gala), begins), Err(InvalidEvent::Begun));
    assert_eq!(moved.venue, elsewhere, "as it was");
}

#[test]
fn what_is_cancelled_stays_so() {
    let mut gala = event("Gala");
    assert_eq!(gala.cancel(), Outcome::Changed(()));
    assert_eq!((gala.status, gala.changes), (EventStatus::Cancelled, Version(1)));
    assert_eq!((gala.cancel(), gala.changes), (Outcome::Unchanged, Version(1)));
    let moved = gala.move_to(gala.venue.clone(), later(&gala), Timestamp::from_millis(2000));
    assert_eq!((moved, gala.status), (Err(InvalidEvent::Cancelled), EventStatus::Cancelled));
}

#[test]
fn a_ticket_takes_over_what_its_event_says_now_and_keeps_its_seat() {
    let mut gala = event("Gala");
    let mut ticket = listed(to(&gala, Edit::Set("Stalls".into()))).expect("for sale");
    let before = ticket.clone();
    let now = Timestamp::from_millis(2000);
    assert_eq!(gala.move_to(gala.venue.clone(), later(&gala), now), Ok(Outcome::Changed(())));
    let follow = |gala: &Event, version| {
        crate::domain::Change::Follow(Versioned { version: Version(version), value: gala.clone() })
    };
    let outcome = ticket.finish_change(&follow(&gala, 7), ticket.edition, Version(1), now);
    assert_eq!(outcome, Ok(Outcome::Changed(TicketChanged::WithEvent(Version(7)))));
    // What nobody has promised for another moment stays a day before.
    let until = later(&gala).moment - std::time::Duration::from_secs(24 * 60 * 60);
    let delivery = Some(common::delivery::DeliveryPromise::Later { until });
    let details = EventDetails { starts_at: Some(later(&gala).moment), delivery, ..before.details.clone() };
    let expected = Ticket { details, edition: before.edition.next(), edited_in: Version(1), ..before };
    assert_eq!(ticket, expected);
    assert_eq!(gala.cancel(), Outcome::Changed(()));
    let outcome = ticket.finish_change(&follow(&gala, 8), ticket.edition, Version(2), now);
    assert_eq!(outcome, Ok(Outcome::Changed(TicketChanged::WithEvent(Version(8)))));
    assert_eq!(ticket, Ticket { lock: TicketLock::Withdrawn, edited_in: Version(2), ..expected });
}

#[test]
fn tiers_are_found_as_people_write_them() {
    let tier = |name: &str| Tier { name: ShortText::required("Tier", &json!(name)).expect("a name"), face_value: None };
    let gala = Event { tiers: vec![tier("Stalls"), tier("Été")], ..event("Gala") };
    assert_eq!(gala.tier("ete".into()).as_deref(), Ok("Été"));
    let unknown = gala.tier("Roof".into()).expect_err("is none");
    assert_eq!(unknown.to_string(), "Tier must be one of Stalls, Été");
    assert_eq!(event("Gala").tier("Roof".into()).as_deref(), Ok("Roof"), "nobody said which there are");
    assert_eq!(Tier::check(vec![tier("Été"), tier("ete")]), Err(InvalidTier::Twice));
    assert_eq!(Tier::check((0..21).map(|n| tier(&n.to_string())).collect()), Err(InvalidTier::TooMany));
    let priced = Tier { face_value: Some(Price::from_minor_units(19_000).expect("a price")), ..tier("Stalls") };
    let stored = serde_json::to_string(&priced).expect("serialises");
    assert_eq!(serde_json::from_str::<Tier>(&stored).expect("reads"), priced);
}

#[test]
fn an_edit_that_does_not_know_the_event_of_a_capped_ticket_begins_anew() {
    let ticket = listed(to(&event("Gala"), Edit::Set("Stalls".into()))).expect("for sale");
    let edit = |price_cap| {
        let form = TicketForm { price_cap, ..form("Another title") };
        let change = crate::domain::Change::Edit(form);
        let now = Timestamp::from_millis(2000);
        ticket.clone().finish_change(&change, ticket.edition, Version(1), now).map(drop)
    };
    assert_eq!(edit(Some(PriceCap(10))), Err(ChangeRefused::ChangedSince));
    assert_eq!(edit(None), Ok(()));
}

#[test]
fn a_ticket_that_costs_more_than_it_may_now_follows_its_event() {
    let mut gala = event("Gala");
    let tier = |face_value| Tier {
        name: ShortText::required("Tier", &json!("Stalls")).expect("a name"),
        face_value: Some(Price::from_minor_units(face_value).expect("a price")),
    };
    gala.tiers = vec![tier(2050)];
    let capped = |gala: &Event| TicketForm { price_cap: Some(PriceCap(0)), ..to(gala, Edit::Set("Stalls".into())) };
    let mut ticket = listed(capped(&gala)).expect("for sale");
    gala.tiers = vec![tier(2049)];
    let refused = InvalidOffer::AbovePriceCap {
        highest: Price::from_minor_units(2049).expect("a price"),
        currency: Currency::Eur,
    };
    assert_eq!(listed(capped(&gala)), Err(refused));
    let (before, now) = (ticket.price, Timestamp::from_millis(2000));
    assert_eq!(gala.move_to(gala.venue.clone(), later(&gala), now), Ok(Outcome::Changed(())));
    let follow = crate::domain::Change::Follow(Versioned { version: Version(1), value: gala.clone() });
    let followed = Ok(Outcome::Changed(TicketChanged::WithEvent(Version(1))));
    assert_eq!(ticket.finish_change(&follow, ticket.edition, Version(1), now), followed);
    assert_eq!((ticket.price, ticket.details.starts_at), (before, Some(later(&gala).moment)));
}
