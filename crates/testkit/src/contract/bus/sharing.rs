use std::sync::{Arc, Mutex};

use ports::bus::Deliveries;

use super::fixture::{Fixture, consumer};
use super::messages::{assert_each_once, ids_of, many, next, process, publish, quiet};

/// All joiners of one consumer share its messages; none is delivered twice.
pub async fn joiners_share_the_work(fixture: &mut Fixture) {
    let (consumer, batch) = (consumer("orders"), many(400));
    let ids = Arc::new(Mutex::new(Vec::new()));
    let mut joiners = Vec::new();
    for _ in 0..2 {
        let deliveries = fixture.bus.consume(&consumer).await.expect("joins");
        joiners.push(tokio::spawn(acknowledge_all(deliveries, ids.clone())));
    }
    publish(fixture.bus.as_ref(), &batch).await;
    quiet(fixture.bus.as_ref(), &consumer).await;
    for joiner in joiners {
        joiner.abort();
    }
    let ids = ids.lock().expect("no panic").clone();
    assert_each_once(&ids, &batch);
}

async fn acknowledge_all(mut deliveries: Box<dyn Deliveries>, ids: Arc<Mutex<Vec<String>>>) {
    loop {
        let delivery = next(&mut deliveries).await;
        ids.lock().expect("no panic").push(delivery.envelope.id.clone());
        delivery.acknowledger.ack().await.expect("acknowledges");
    }
}

/// When one joiner leaves, the others get all messages.
pub async fn a_joiner_that_leaves_takes_nothing_with_it(fixture: &mut Fixture) {
    let consumer = super::fixture::impatient("orders");
    let mut stays = fixture.bus.consume(&consumer).await.expect("joins");
    let mut leaves = fixture.bus.consume(&consumer).await.expect("joins");
    // Both wait, one cancels.
    let _ = tokio::time::timeout(std::time::Duration::from_millis(50), leaves.next()).await;
    let _ = tokio::time::timeout(std::time::Duration::from_millis(50), stays.next()).await;
    drop(leaves);
    publish(fixture.bus.as_ref(), &many(20)).await;
    assert_each_once(&process(&mut stays, 20).await, &many(20));
}

/// Messages sent to a joiner that left go to the others soon, not only after `ack_wait`.
pub async fn deliveries_to_a_joiner_that_left_are_made_soon(fixture: &mut Fixture) {
    let consumer = consumer("orders");
    publish(fixture.bus.as_ref(), &many(20)).await;
    let mut leaves = fixture.bus.consume(&consumer).await.expect("joins");
    assert_eq!(process(&mut leaves, 1).await, ["m00000"]);
    let mut stays = fixture.bus.consume(&consumer).await.expect("joins");
    drop(leaves);
    let rest = tokio::time::timeout(consumer.ack_wait / 4, process(&mut stays, 19)).await;
    assert_each_once(&rest.expect("they were held up"), &many(20)[1..]);
}

/// Consumers of different names get all messages each.
pub async fn different_consumers_each_get_everything(fixture: &mut Fixture) {
    let batch = many(50);
    let mut orders = fixture.bus.consume(&consumer("orders")).await.expect("joins");
    publish(fixture.bus.as_ref(), &batch).await;
    let mut payments = fixture.bus.consume(&consumer("payments")).await.expect("joins");
    assert_eq!(process(&mut orders, 50).await, ids_of(&batch));
    assert_eq!(process(&mut payments, 50).await, ids_of(&batch));
}
