use common::id::IdGenerator;
use serde_json::json;

use super::*;
use crate::domain::{OrderMatter, Withdrawn};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

fn start() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

fn id<T>(number: u64) -> common::id::Id<T> {
    IdGenerator::seeded(number).next(start())
}

fn message() -> Message {
    Message::new(id(1), News::of_order(id(2), OrderMatter::Bought), start())
}

/// One that somebody has begun to send.
fn claimed() -> Message {
    let mut message = message();
    assert_eq!(message.claim(start()), Outcome::Changed(Claim::Attempt(1)));
    message
}

fn finished() -> [Message; 4] {
    let [mut sent, mut refused, mut dropped, mut given_up] = [claimed(), claimed(), claimed(), claimed()];
    assert_eq!(sent.sent(start()), Outcome::Changed(()));
    assert_eq!(refused.refuse("550", start()), Outcome::Changed(()));
    assert_eq!(dropped.drop_it(start()), Outcome::Changed(()));
    assert_eq!(given_up.claim(start() + KEEP_TRYING), Outcome::Changed(Claim::GivenUp));
    [sent, refused, dropped, given_up]
}

#[test]
fn it_is_due_at_once_and_whoever_claims_it_has_it_alone() {
    let mut message = message();
    assert_eq!(message.due_at(), Some(start()));
    assert_eq!(message.claim(start() - MINUTE), Outcome::Unchanged, "it was not due");
    assert_eq!(message.claim(start()), Outcome::Changed(Claim::Attempt(1)));
    assert_eq!(message.claim(start() + LEASE - Duration::from_millis(1)), Outcome::Unchanged);
    assert_eq!(message.claim(start() + LEASE), Outcome::Changed(Claim::Attempt(2)), "the first has crashed");
}

#[test]
fn pauses_grow_up_to_an_hour() {
    let (mut message, mut now, mut pauses) = (message(), start(), Vec::new());
    for attempt in 1..=8 {
        assert_eq!(message.claim(now), Outcome::Changed(Claim::Attempt(attempt)));
        assert_eq!(message.put_off(attempt, "busy", now), Outcome::Changed(()));
        let due_at = message.due_at().expect("is due");
        pauses.push(due_at.since(now));
        now = due_at;
    }
    assert_eq!(pauses, [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE, 32 * MINUTE, HOUR, HOUR]);
    assert_eq!(pause_after(u32::MAX), HOUR);
}

#[test]
fn it_is_given_up_after_three_days_and_says_why_it_failed() {
    let (mut message, mut now, mut attempts) = (message(), start(), 0);
    loop {
        match message.claim(now) {
            Outcome::Changed(Claim::Attempt(attempt)) => {
                attempts = attempt;
                assert!(message.put_off(attempt, "TCP", now).is_changed());
                now = message.due_at().expect("is due");
            }
            Outcome::Changed(Claim::GivenUp) => break,
            Outcome::Unchanged => panic!("it was due"),
        }
    }
    let after = now.since(start());
    assert!(after >= KEEP_TRYING && after < KEEP_TRYING + LONGEST_PAUSE, "{after:?}");
    assert!(attempts > 70, "{attempts}");
    assert_eq!(json!(message)["state"], "given-up");
    assert_eq!(json!(message)["failure"], "TCP");
}

#[test]
fn what_nobody_has_tried_to_send_is_not_given_up() {
    let mut message = message();
    assert_eq!(message.claim(start() + 2 * KEEP_TRYING), Outcome::Changed(Claim::Attempt(1)));
}

#[test]
fn an_attempt_that_took_too_long_does_not_put_off_the_next_one() {
    let mut message = claimed();
    let later = start() + LEASE;
    assert_eq!(message.claim(later), Outcome::Changed(Claim::Attempt(2)));
    let before = message.clone();
    assert_eq!(message.put_off(1, "slow", later), Outcome::Unchanged);
    assert_eq!(message, before);
    assert_eq!(message.sent(later), Outcome::Changed(()), "it has been sent, whoever did it");
}

#[test]
fn what_is_finished_stays_so() {
    for mut message in finished() {
        let before = message.clone();
        let later = start() + 2 * KEEP_TRYING;
        assert_eq!(message.due_at(), None);
        assert_eq!(message.claim(later), Outcome::Unchanged);
        assert_eq!(message.put_off(1, "late", later), Outcome::Unchanged);
        assert_eq!(message.sent(later), Outcome::Unchanged);
        assert_eq!(message.refuse("550", later), Outcome::Unchanged);
        assert_eq!(message.drop_it(later), Outcome::Unchanged);
        assert_eq!(message, before);
    }
}

#[test]
fn the_same_news_has_the_same_message_id_and_it_tells_nothing() {
    let later = Message::new(id(1), News::of_order(id(2), OrderMatter::Bought), start() + HOUR);
    assert_eq!(message().mail_id(), later.mail_id());
    let another = Message::new(id(1), News::of_order(id(2), OrderMatter::Sold), start());
    assert_ne!(message().mail_id(), another.mail_id());
    assert!(!message().mail_id().contains(&id::<()>(1).to_string()));
    assert_eq!(message().mail_id().len(), 32);
}

/// What was recorded by an earlier version has to be read.
#[test]
fn a_record_keeps_its_form() {
    let title = "Front row".to_owned();
    let message = Message::new(id(1), News::Withdrawn(Withdrawn { ticket: id(2), title, is_overdue: false }), start());
    let record = json!({
        "recipient": id::<()>(1), "about": "withdrawn", "ticket": id::<()>(2), "title": "Front row",
        "since": start(), "state": "due", "dueAt": start(), "attempts": 0,
    });
    assert_eq!(json!(message), record);
    for message in finished().into_iter().chain([message, claimed()]) {
        assert_eq!(serde_json::from_value::<Message>(json!(message)).expect("reads back"), message);
    }
}
