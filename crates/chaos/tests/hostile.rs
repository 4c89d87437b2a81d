//! Every attack of `chaos hostile`, in a small form, on the whole system in this process.

use std::time::Duration;

use chaos::hostile::{Attack, Report, Scale, Site, attack, edit_often};
use stripe_sim::Call;
use testkit::world::{Engine, World, WorldSettings};
use tokio::sync::Mutex;

/// How often the clock of a world is moved on that runs as clocks do.
const TICK: Duration = Duration::from_millis(20);

/// The tests share a process, whose files and memory they look at.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// Makes these attacks, one after the other, and finds nothing wrong.
async fn assert_they_fail(site: &Site, attacks: &[Attack]) {
    let mut rows = Vec::new();
    for one in attacks {
        let row = attack(*one, site, &Scale::small()).await;
        rows.push(row.unwrap_or_else(|error| panic!("{}: {error:#}", one.name())));
    }
    println!("{}", Report(&rows));
    let findings: Vec<&String> = rows.iter().flat_map(|row| &row.findings).collect();
    assert!(findings.is_empty(), "{findings:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_attack_gets_anywhere_and_honest_users_notice_nothing() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let world = World::start(Engine::Embedded).await;
    let site = Site::open(world.address, std::process::id()).await.expect("a marketplace");
    assert_they_fail(&site, &Attack::ALL).await;
    drop(site);
    world.settle().await;
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}

async fn one_network_keeps_no_owner_out(engine: Engine) {
    let _turn = ONE_AT_A_TIME.lock().await;
    let world = World::start_with(engine, WorldSettings { trusted_proxies: 1, ..WorldSettings::default() }).await;
    let site = Site::open(world.address, std::process::id()).await.expect("a marketplace");
    assert_they_fail(&site, &Attack::THROUGH_A_PROXY).await;
    drop(site);
    world.settle().await;
    world.end().await;
}

testkit::on_both_engines!(
    one_account_and_one_address_get_no_more_than_their_share,
    one_network_keeps_no_owner_out,
    edits_leave_in_the_streams_what_a_new_consumer_needs
);

async fn edits_leave_in_the_streams_what_a_new_consumer_needs(engine: Engine) {
    let _turn = ONE_AT_A_TIME.lock().await;
    let row = edit_often(engine, 80).await.expect("an experiment");
    println!("{}", Report(std::slice::from_ref(&row)));
    assert_eq!(row.findings, Vec::<String>::new());
}

async fn one_account_and_one_address_get_no_more_than_their_share(engine: Engine) {
    let _turn = ONE_AT_A_TIME.lock().await;
    let settings = WorldSettings {
        is_limited: true,
        address_limits: Some(Scale::small().address),
        trusted_proxies: 1,
        ..WorldSettings::default()
    };
    let world = World::start_with(engine, settings).await;
    // What drains, drains as it does in life.
    let running = tokio::spawn({
        let clock = world.clock.clone();
        async move {
            loop {
                tokio::time::sleep(TICK).await;
                clock.advance(TICK);
            }
        }
    });
    let site = Site::open(world.address, std::process::id()).await.expect("a marketplace");
    let site = site.at_human_pace().with_addresses();
    // What is captured is paid by honest users.
    let asked = || {
        let faults = world.simulator.faults();
        faults.calls(Call::CreateIntent) - faults.calls(Call::Capture)
    };
    for one in Attack::OF_ONE_PARTY {
        let before = asked();
        assert_they_fail(&site, &[one]).await;
        let asked = asked() - before;
        match one {
            // Ten unknown tokens and ten declined cards, and what is under way when that is reached.
            Attack::CardTester => assert!((1..40).contains(&asked), "the provider was asked {asked} times"),
            // As many as may come from one address.
            Attack::CardTesters => assert!((5..40).contains(&asked), "the provider was asked {asked} times"),
            _ => {}
        }
    }
    running.abort();
    drop(site);
    world.settle().await;
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}
