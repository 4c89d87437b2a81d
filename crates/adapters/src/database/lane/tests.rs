use std::sync::mpsc;

use futures::FutureExt;

use super::*;

const LIMITS: LaneLimits =
    LaneLimits { waiting: 2, patience: Duration::from_secs(60), budget: Duration::from_secs(60), niceness: 0 };
/// Counts to infinity.
const ENDLESS: &str = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

fn lane(limits: LaneLimits) -> Lane {
    Lane::start("reader", vec![Connection::open_in_memory().expect("opens")], limits).expect("starts")
}

fn number(connection: &Connection, text: &str) -> Result<i64, StoreError> {
    connection.query_row(text, [], |row| row.get(0)).map_err(|error| super::super::error::store_error(&error))
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_stopped_and_the_next_is_not() {
    let lane = lane(LaneLimits { budget: Duration::from_millis(20), ..LIMITS });
    for _ in 0..2 {
        let endless = lane.read(|connection| number(connection, ENDLESS)).await;
        assert!(matches!(endless, Err(StoreError::OverBudget(_))), "{endless:?}");
        assert_eq!(lane.read(|connection| number(connection, "SELECT 7")).await.expect("reads"), 7);
    }
}

#[tokio::test]
async fn a_read_is_begun_before_it_is_waited_for() {
    let lane = lane(LIMITS);
    let (began, has_begun) = mpsc::channel();
    let read = lane.read(move |connection| {
        let _ = began.send(());
        number(connection, "SELECT 7")
    });
    has_begun.recv_timeout(Duration::from_secs(10)).expect("begins");
    assert_eq!(read.await.expect("reads"), 7);
}

#[tokio::test]
async fn only_so_many_wait_and_who_stops_waiting_costs_nothing() {
    let lane = lane(LIMITS);
    let (go_on, gate) = mpsc::channel::<()>();
    let (began, has_begun) = mpsc::channel();
    let first = lane.read(move |_| {
        let _ = began.send(());
        Ok(gate.recv().is_ok())
    });
    let mut first = std::pin::pin!(first);
    assert!(first.as_mut().now_or_never().is_none());
    has_begun.recv().expect("begins");
    let mut impatient = Box::pin(lane.read(|_| -> Result<(), _> { unreachable!("nobody waits for it") }));
    let mut patient = Box::pin(lane.read(|connection| number(connection, "SELECT 7")));
    assert!(impatient.as_mut().now_or_never().is_none() && patient.as_mut().now_or_never().is_none());
    let one_too_many = lane.read(|_| Ok(())).await;
    assert!(matches!(one_too_many, Err(StoreError::OverBudget(_))), "{one_too_many:?}");
    drop(impatient);
    go_on.send(()).expect("it waits");
    assert!(first.await.expect("reads"));
    assert_eq!(patient.await.expect("reads"), 7);
}

#[tokio::test]
async fn what_has_waited_for_too_long_is_not_begun() {
    let lane = lane(LaneLimits { patience: Duration::ZERO, ..LIMITS });
    let late = lane.read(|_| -> Result<(), _> { unreachable!("it is too late") }).await;
    assert!(matches!(late, Err(StoreError::OverBudget(_))), "{late:?}");
}

#[tokio::test]
async fn dropping_the_lane_ends_what_is_in_progress() {
    let lane = lane(LIMITS);
    let (began, has_begun) = mpsc::channel();
    let mut endless = Box::pin(lane.read(move |connection| {
        let _ = began.send(());
        number(connection, ENDLESS)
    }));
    assert!(endless.as_mut().now_or_never().is_none());
    has_begun.recv().expect("begins");
    drop(endless);
    drop(lane);
}
