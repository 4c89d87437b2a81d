//! Whether an address has an account is not to be learnt from how long an answer takes, on both engines. (Signing up:
//! `auth/src/routes/sign_up/tests.rs`.)

use std::time::{Duration, Instant};

use client::{Client, Error};
use http::StatusCode;
use testkit::on_both_engines;
use testkit::world::{Engine, World, WorldSettings};

on_both_engines!(known_and_unknown_addresses_take_the_same_time);

/// How many addresses have accounts, and how often each is tried in a round: limits allow no more than five, and on a
/// machine that does little else two suffice.
const KNOWN: usize = 40;
const TIMES: usize = 2;
/// By how much two medians may differ, in per cent.
const TOLERANCE: f64 = 5.0;
/// How many rounds it may take until the medians of all samples so far are as close: a machine does other things, too.
const ROUNDS: usize = 15;
const HOUR: Duration = Duration::from_secs(3600);

const WRONG: &str = "not the password";

async fn known_and_unknown_addresses_take_the_same_time(engine: Engine) {
    let settings = WorldSettings { confirms_addresses: true, hashes_at_full_cost: true, ..WorldSettings::default() };
    let world = World::start_with(engine, settings).await;
    let known = world.users("known", KNOWN).await;
    let notices = world.notices().await;
    for user in known {
        let id = user.current_user().await.expect("answers").expect("is signed in").id;
        let notice = notices.iter().find(|notice| notice.user_id == id).expect("is told");
        user.confirm_address(world.link(notice).await.reveal(), None).await.expect("confirms");
    }
    world.advance(HOUR);
    world.users("claimed", KNOWN).await;
    let sign_in = async |visitor: &Client, email: &str| {
        let refused = visitor.sign_in(email, WRONG).await.expect_err("nobody has this password");
        assert_eq!(refused.status(), Some(StatusCode::BAD_REQUEST), "{refused}");
        Ok(())
    };
    compare(&world, "signing in", ["known", "unknown"], sign_in).await;
    // Four hashes for each sign-in take minutes, and the engines only differ in how they find the accounts.
    if engine == Engine::Embedded {
        compare(&world, "signing in to what is only claimed", ["claimed", "not-claimed"], sign_in).await;
    }
    let forget = async |visitor: &Client, email: &str| visitor.request_reset(email).await;
    compare(&world, "a forgotten password", ["known", "unknown"], forget).await;
    world.end().await;
}

/// Does the same with addresses of two kinds in turn, until the medians are alike.
async fn compare(world: &World, what: &str, kinds: [&str; 2], act: impl AsyncFn(&Client, &str) -> Result<(), Error>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut difference = f64::MAX;
    for round in 0..=ROUNDS {
        // What is counted of an address is counted for the first time in the first round.
        for sample in 0..if round == 0 { KNOWN } else { KNOWN * TIMES } {
            let [one, other] = kinds.map(|kind| format!("{kind}-{}@example.com", sample % KNOWN));
            known.push(timed(world, &one, &act).await);
            unknown.push(timed(world, &other, &act).await);
        }
        // What is done after an answer must not be in the way of the next round.
        world.settle().await;
        world.advance(HOUR);
        if round == 0 {
            (known, unknown) = (Vec::new(), Vec::new());
            continue;
        }
        difference = (median(&mut known) / median(&mut unknown) - 1.0) * 100.0;
        if difference.abs() <= TOLERANCE {
            return;
        }
    }
    panic!("{what}: known addresses take {difference:.1} % more than unknown ones, of {} samples", known.len());
}

async fn timed(world: &World, email: &str, act: &impl AsyncFn(&Client, &str) -> Result<(), Error>) -> Duration {
    let visitor = world.visitor();
    let began = Instant::now();
    act(&visitor, email).await.expect("answers");
    began.elapsed()
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
