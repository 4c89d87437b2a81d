//! A short run of the experiment `chaos processes`: services crash between two steps, MongoDB, the connections to NATS
//! and the object store fail, orders hangs; afterwards the books are right.

use std::time::Duration;

use chaos::processes::{Binary, Fault, Link, Part, Plan, experiment};
use runtime::crash_point::CrashPoint;
use server::services::ServiceName;
use testkit::proxy::LinkState;

/// Not optimised, its futures need more than the thread of a test has.
const STACK: usize = 16 * 1024 * 1024;

#[test]
fn money_and_tickets_are_right_after_crashes_between_two_steps_and_everything_else() {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(the_books_are_right());
    });
    thread.expect("a thread").join().expect("they are");
}

async fn the_books_are_right() {
    let faults = vec![
        Fault::Crash(ServiceName::Payments, CrashPoint::Captured, 1),
        Fault::Kill(Part::Mongod, Duration::from_millis(500)),
        Fault::Crash(ServiceName::Orders, CrashPoint::Committed, 2),
        Fault::Cut(Link::Buses, LinkState::Dropped, Duration::from_secs(1)),
        Fault::Crash(ServiceName::Payments, CrashPoint::Authorized, 1),
        Fault::Freeze(Part::Service(ServiceName::Orders), Duration::from_secs(3)),
        Fault::Crash(ServiceName::Tickets, CrashPoint::OrderKnown, 1),
        Fault::Crash(ServiceName::Expiration, CrashPoint::RelayPublished, 1),
        Fault::Crash(ServiceName::Delivery, CrashPoint::FileStored, 1),
        Fault::Kill(Part::ObjectStore, Duration::from_millis(500)),
        Fault::Full(Duration::from_secs(1)),
    ];
    let binary = Binary::build().expect("a program with crash points");
    let (seed, reservation) = (rand::random_range(0..1_000_000), Duration::from_secs(6));
    println!("seed {seed}");
    let plan = Plan { seed, people: 8, reservation, faults, at_least: Duration::ZERO };
    let report = experiment(&binary, plan).await.expect("the experiment can be carried out");
    assert_eq!(report.failures(), Vec::<String>::new(), "{report}");
}
