use std::sync::mpsc;
use std::time::Duration;

use ports::bus::Watched;
use serde_json::Value;

use super::*;

fn event() -> Envelope {
    Envelope {
        id: "a:0".into(),
        source: "items".into(),
        kind: "items.changed".into(),
        subject: "a".into(),
        time: common::time::Timestamp::from_millis(1),
        traceparent: None,
        replay_for: None,
        data: Value::Null.into(),
    }
}

/// It may have a long way to go, and everything that is written meanwhile would wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_reads_beside_the_writer() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("bus.db");
    let earlier = LocalBus::open(&path).expect("opens");
    earlier.declare(&Stream::new("items")).await.expect("declares");
    earlier.publish(&[event()]).await.remove(0).expect("publishes");
    drop(earlier);
    let bus = LocalBus::open(&path).expect("is free");
    let (go_on, gate) = mpsc::channel::<()>();
    bus.0.writer().submit(move |_| {
        // Returns when the other end is gone.
        let _ = gate.recv();
        Box::new(|_| {})
    });
    let mut watch = bus.watch("items", &["items.changed"], true).await.expect("watches");
    let seen = tokio::time::timeout(Duration::from_secs(10), watch.next()).await;
    drop(go_on);
    assert_eq!(seen.expect("it waits for the writer").expect("watches"), Watched::Event(event().into()));
}
