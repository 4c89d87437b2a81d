use std::time::Duration;

use common::events::{NewEvent, RefundStatus};
use common::version::Version;
use ports::store::StoreError;
use runtime::store::{Silent, Store};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::domain::{Claim, Message, News, Withdrawn};
use crate::testing::*;

/// How long a message belongs to whoever has claimed it.
const LEASE: Duration = Duration::from_secs(5 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_does_not_take_now_is_sent_later_and_once_under_one_message_id() {
    let app = start().await;
    app.script(Reply::Later);
    let message = app.bought().await;
    app.until_attempts(&message, 1).await;
    let record = app.record(&message).await.expect("is there");
    assert_eq!(record.field("failure"), "the recipient: 451 4.7.1");
    assert_eq!(*record.field("dueAt"), json!(app.clock.now() + RETRY));
    app.clock.advance(RETRY);
    app.until_attempts(&message, 2).await;
    app.script(Reply::Accept);
    app.clock.advance(2 * RETRY);
    let mails = app.until_told(1).await;
    assert!(mails[0].id.ends_with("@example.com"), "{}", mails[0].id);
    app.until_state(&message, "sent").await;
    app.told_no_more(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_cannot_be_sent_for_three_days_is_given_up() {
    let app = start().await;
    app.script(Reply::Later);
    let message = app.bought().await;
    app.until_attempts(&message, 1).await;
    app.clock.advance(3 * DAY);
    app.until_state(&message, "given-up").await;
    app.script(Reply::Accept);
    app.clock.advance(3 * DAY);
    app.told_no_more(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_yet_to_confirm_their_address_is_told_once_they_have() {
    let app = start().await;
    app.know_unconfirmed();
    let message = app.bought().await;
    app.until_attempts(&message, 1).await;
    app.know("ada@example.com");
    app.clock.advance(RETRY);
    app.until_state(&message, "sent").await;

    app.know_unconfirmed();
    let message = app.bought().await;
    app.until_attempts(&message, 1).await;
    app.clock.advance(3 * DAY - Duration::from_secs(30));
    app.until_dropped(&message).await;
    app.told_no_more(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_refused_says_nothing_about_its_address() {
    let app = start().await;
    app.script(Reply::Never);
    let refused = app.bought().await;
    app.until_state(&refused, "refused").await;
    app.script(Reply::Accept);
    let sent = app.bought().await;
    app.until_state(&sent, "sent").await;
    app.told_no_more(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_at_which_nobody_is_known_is_not_written_to_again_but_another_one_is() {
    let app = start().await;
    app.script(Reply::NobodyThere);
    let first = app.bought().await;
    app.until_state(&first, "refused").await;
    // Nobody asks the server, which would take it.
    app.script(Reply::Accept);
    let second = app.bought().await;
    app.until_state(&second, "refused").await;
    assert_eq!(app.record(&second).await.expect("is there").field("reason"), "the address was refused before");
    assert!(!app.everything_kept().await.contains("somebody@example.com"));
    app.know("another@example.com");
    let third = app.bought().await;
    app.until_state(&third, "sent").await;
    app.told_no_more(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_auth_does_not_answer_messages_wait() {
    let app = start().await;
    app.lose_auth();
    let message = app.bought().await;
    app.until_attempts(&message, 1).await;
    let failure = app.record(&message).await.expect("is there").field("failure").clone();
    assert_eq!(failure, "the auth service did not answer");
    app.know("somebody@example.com");
    app.clock.advance(RETRY);
    app.until_state(&message, "sent").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_send_each_of_many_messages_once() {
    let app = start().await;
    let shutdown = CancellationToken::new();
    app.script(Reply::Later);
    let mut messages = Vec::new();
    for _ in 0..40 {
        messages.push(app.bought().await);
    }
    for message in &messages {
        app.until_attempts(message, 1).await;
    }
    app.script(Reply::Accept);
    app.run_another(&shutdown);
    app.clock.advance(RETRY);
    for message in &messages {
        app.until_state(message, "sent").await;
    }
    app.told_no_more(messages.len()).await;
    let recipients: std::collections::HashSet<_> =
        app.until_told(messages.len()).await.iter().map(|mail| mail.recipient.to_string()).collect();
    assert_eq!(recipients, messages.iter().map(|message| recipient(message).to_string()).collect());
    shutdown.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_process_was_sending_when_it_crashed_is_sent_when_its_claim_is_over() {
    let app = start().await;
    let (ids, now) = (app.deps.platform.ids.clone(), app.clock.now());
    let news = News::Withdrawn(Withdrawn { ticket: ids.next(now), title: "Front row".into(), is_overdue: false });
    let (messages, message): (Store<Message>, _) = (app.deps.store(), Message::new(ids.next(now), news, now));
    let id = message.id();
    messages.insert(message, &()).await.expect("stores");
    let claim = |message: &mut Message, _| {
        let claimed = message.claim(now).changed();
        assert_eq!(claimed, Some(Claim::Attempt(1)));
        Ok::<_, StoreError>(common::outcome::Outcome::Changed(Silent(())))
    };
    messages.update(&id, claim).await.expect("stores");
    let shutdown = CancellationToken::new();
    app.run_another(&shutdown);
    app.clock.advance(LEASE - Duration::from_millis(1));
    // Something else, which is sent at once.
    let fence = app.bought().await;
    app.until_state(&fence, "sent").await;
    assert_eq!(app.state(&id).await.as_deref(), Some("due"));
    app.clock.advance(Duration::from_millis(1));
    app.until_state(&id, "sent").await;
    app.told_no_more(2).await;
    shutdown.cancel();
}

/// Whoever installs mail in a market that has traded for years does not want to tell everybody about all of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_happened_before_mail_was_there_is_known_and_not_told() {
    let past = start().await.order();
    let history = [
        (Version(0), NewEvent::of(&past)),
        (Version(1), NewEvent::of(&order_completed(&past))),
        (Version(2), NewEvent::of(&refund(&past, "re_1", RefundStatus::Succeeded))),
    ];
    let app = start_after(&history).await;
    app.settle().await;
    app.told_no_more(0).await;
    app.publish("payments", &refund(&past, "re_2", RefundStatus::Succeeded)).await;
    app.settle().await;
    let mails = app.until_told(1).await;
    assert_eq!(mails[0].subject, "Refunded: Front row");
    app.told_no_more(1).await;
}
