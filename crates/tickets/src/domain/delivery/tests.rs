use common::id::EventId;

use super::*;

const DAY: Duration = BEFORE_THE_EVENT;

fn now() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

/// What a ticket to an event that begins so many days from now says.
fn in_days(days: u32) -> EventDetails {
    EventDetails { starts_at: Some(now() + DAY * days), ..EventDetails::default() }
}

fn with(details: EventDetails, delivery: Option<DeliveryPromise>) -> EventDetails {
    EventDetails { delivery, ..details }
}

fn later(days: u32) -> DeliveryPromise {
    DeliveryPromise::Later { until: now() + DAY * days }
}

fn sent_later(until: Timestamp) -> Edit<SentDelivery> {
    Edit::Set(SentDelivery::Later { until: Some(until) })
}

fn listed(sent: &Edit<SentDelivery>, details: &EventDetails) -> Result<Option<DeliveryPromise>, InvalidDelivery> {
    promise(sent, &EventDetails::default(), details, now())
}

#[test]
fn a_day_before_the_event_is_promised_if_nobody_says_anything() {
    for silent in [Edit::Keep, Edit::Clear] {
        assert_eq!(listed(&silent, &in_days(10)), Ok(Some(later(9))), "{silent:?}");
        assert_eq!(listed(&silent, &EventDetails::default()), Ok(None));
        assert_eq!(listed(&silent, &in_days(1)), Ok(None), "it is too soon for that");
    }
    assert_eq!(listed(&Edit::Set(SentDelivery::Later { until: None }), &in_days(10)), Ok(Some(later(9))));
}

#[test]
fn a_later_delivery_is_to_come_and_a_day_before_the_event() {
    let millisecond = Duration::from_millis(1);
    for (until, expected) in [
        (now(), Err(InvalidDelivery::Past)),
        (now() + millisecond, Ok(Some(DeliveryPromise::Later { until: now() + millisecond }))),
        (now() + DAY * 9, Ok(Some(later(9)))),
        (now() + DAY * 9 + millisecond, Err(InvalidDelivery::TooLate)),
    ] {
        assert_eq!(listed(&sent_later(until), &in_days(10)), expected, "{until}");
    }
    let later = Edit::Set(SentDelivery::Later { until: None });
    assert_eq!(listed(&later, &EventDetails::default()), Err(InvalidDelivery::NoStart));
    assert_eq!(listed(&later, &in_days(1)), Err(InvalidDelivery::Past));
}

#[test]
fn what_is_to_be_given_to_us_is_not_given_yet_and_stays_given_through_edits() {
    let ours = Edit::Set(SentDelivery::Ours { bought_by: None });
    let event_id: Option<EventId> = "5f1f77bcf86cd799439011e1".parse().ok();
    let to_event = EventDetails { event_id, ..in_days(10) };
    let (none, given) = (DeliveryPromise::Sealed { seal: Seal::NONE, checked: false }, Seal(2));
    assert_eq!(listed(&Edit::Set(SentDelivery::Sealed), &in_days(10)), Ok(Some(none)));
    assert_eq!(listed(&ours, &in_days(10)), Err(InvalidDelivery::NoEvent));
    let none = DeliveryPromise::Ours { seal: Seal::NONE, bought_by: None };
    assert_eq!(listed(&ours, &to_event), Ok(Some(none)));
    for (sent, promised) in [
        (Edit::Set(SentDelivery::Sealed), DeliveryPromise::Sealed { seal: given, checked: true }),
        (ours, DeliveryPromise::Ours { seal: given, bought_by: None }),
    ] {
        let before = with(to_event.clone(), Some(promised));
        for sent in [sent, Edit::Keep] {
            assert_eq!(promise(&sent, &before, &to_event, now()), Ok(Some(promised)), "{sent:?}");
        }
        assert_eq!(promise(&Edit::Clear, &before, &to_event, now()), Ok(Some(later(9))));
    }
}

#[test]
fn what_we_issue_is_for_one_place_and_one_order() {
    let (gala, opera) = ("5f1f77bcf86cd799439011e1".parse().ok(), "5f1f77bcf86cd799439011e2".parse().ok());
    let bought_by: Option<OrderId> = "5f1f77bcf86cd799439011a2".parse().ok();
    let promised = DeliveryPromise::Ours { seal: Seal(1), bought_by };
    let before = EventDetails { event_id: gala, ..with(in_days(10), Some(promised)) };
    let anew = Ok(Some(DeliveryPromise::Ours { seal: Seal::NONE, bought_by }));
    let ours = Edit::Set(SentDelivery::Ours { bought_by });
    for sent in [Edit::Keep, ours] {
        assert_eq!(promise(&sent, &before, &before, now()), Ok(Some(promised)));
        let in_row_b = EventDetails { row: Some("B".into()), ..before.clone() };
        for after in [EventDetails { event_id: opera, ..before.clone() }, in_row_b] {
            assert_eq!(promise(&sent, &before, &after, now()), anew);
        }
    }
    let by_another = Edit::Set(SentDelivery::Ours { bought_by: None });
    let anew = DeliveryPromise::Ours { seal: Seal::NONE, bought_by: None };
    assert_eq!(promise(&by_another, &before, &before, now()), Ok(Some(anew)));
}

#[test]
fn a_moment_that_nobody_has_chosen_follows_the_event_and_a_chosen_one_as_far_as_it_has_to() {
    let keep = |promised, after: &EventDetails| promise(&Edit::Keep, &with(in_days(10), promised), after, now());
    for (promised, days, expected) in [
        (None, 10, Ok(None)),
        (None, 20, Ok(Some(later(19)))),
        (Some(later(9)), 10, Ok(Some(later(9)))),
        (Some(later(9)), 20, Ok(Some(later(19)))),
        (Some(later(9)), 5, Ok(Some(later(4)))),
        (Some(later(9)), 1, Ok(None)),
        (Some(later(7)), 20, Ok(Some(later(7)))),
        (Some(later(7)), 5, Ok(Some(later(4)))),
        (Some(later(7)), 1, Err(InvalidDelivery::Past)),
    ] {
        assert_eq!(keep(promised, &in_days(days)), expected, "{promised:?} {days}");
    }
    assert_eq!(keep(Some(later(9)), &EventDetails::default()), Ok(None));
    assert_eq!(keep(Some(later(7)), &EventDetails::default()), Err(InvalidDelivery::NoStart));
}

#[test]
fn what_is_overdue_is_not_offered_again_as_it_is() {
    let before = with(in_days(10), Some(later(2)));
    assert_eq!(promise(&Edit::Keep, &before, &before, now() + DAY * 2), Err(InvalidDelivery::Past));
    let sealed = DeliveryPromise::Sealed { seal: Seal::NONE, checked: false };
    assert_eq!(promise(&Edit::Set(SentDelivery::Sealed), &before, &before, now() + DAY * 2), Ok(Some(sealed)));
}
