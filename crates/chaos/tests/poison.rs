//! Unprocessable messages among good ones, on both buses; `chaos poison` does more of it.

use chaos::poison::{Amounts, Kind, play};

const FEW: Amounts = Amounts { good: 1_000, poison: 31 };

#[tokio::test(flavor = "multi_thread")]
async fn poison_does_not_slow_good_events_on_the_local_bus() {
    holds(Kind::Local).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn poison_does_not_slow_good_events_on_jetstream() {
    holds(Kind::JetStream).await;
}

async fn holds(kind: Kind) {
    let outcome = play(kind, FEW).await.expect("it comes to an end");
    assert_eq!(outcome.faults, Vec::<String>::new());
    assert!(outcome.letters >= FEW.poison, "{outcome:?}");
}
