use serde_json::Value;

use super::dead_letters::letters;
use super::fixture::{Fixture, consumer, impatient, within};
use super::messages::{created, next, nothing_more, process, publish, quiet};

/// Nearly all that NATS takes in one message (1 MiB, headers included).
const HUGE: usize = 1_047_500;

/// A message of the largest size becomes a dead letter like any other, whatever the reason: listed once and
/// whole, and replayed whole. Those after it are not delayed.
pub async fn a_huge_message_becomes_a_dead_letter(fixture: &mut Fixture) {
    let (bus, consumer) = (fixture.bus.as_ref(), impatient("orders"));
    let mut huge = created("huge");
    huge.data = Value::from("x".repeat(HUGE)).into();
    publish(bus, &[huge.clone(), created("a"), created("b")]).await;
    let mut deliveries = bus.consume(&consumer).await.expect("joins");
    let reason = format!("this makes no sense: {}", "x".repeat(HUGE));
    within(next(&mut deliveries).await.acknowledger.reject(&reason)).await.expect("answers");
    next(&mut deliveries).await.acknowledger.reject("no").await.expect("answers");
    assert_eq!(process(&mut deliveries, 1).await, ["b"]);
    let both = letters(bus, 2).await;
    assert!(both[0].envelope == huge, "it was changed");
    assert!(both[0].reason.starts_with("this makes no sense: xx"), "{:.50}", both[0].reason);
    assert_eq!(both[1].envelope, created("a"));
    let rest = bus.dead_letters(both[0].number, 10).await.expect("lists");
    assert_eq!(rest, both[1..]);

    bus.replay(both[0].number).await.expect("replays");
    let again = next(&mut deliveries).await;
    assert!(again.envelope.data == huge.data, "it was changed");
    again.acknowledger.ack().await.expect("acknowledges");
    nothing_more(&mut deliveries).await;
    quiet(bus, &consumer).await;
    letters(bus, 2).await;
}

/// Two consumers that reject the same huge message create a dead letter each.
pub async fn each_consumer_has_its_own_huge_dead_letter(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    let mut huge = created("huge");
    huge.data = Value::from("x".repeat(HUGE)).into();
    publish(bus, &[huge.clone()]).await;
    for service in ["orders", "payments"] {
        let mut deliveries = bus.consume(&consumer(service)).await.expect("joins");
        next(&mut deliveries).await.acknowledger.reject(&"no".repeat(450)).await.expect("answers");
    }
    let found: Vec<_> =
        letters(bus, 2).await.into_iter().map(|letter| (letter.consumer, letter.envelope == huge)).collect();
    assert_eq!(found, [("orders-tickets".to_owned(), true), ("payments-tickets".to_owned(), true)]);
}
