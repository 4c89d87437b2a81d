//! Every attack of `chaos hostile`, in a small form, on the whole system in this process.

use std::time::Duration;

use chaos::hostile::{Attack, Report, Scale, Site, attack};
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

testkit::on_both_engines!(one_account_gets_no_more_than_its_share, one_network_keeps_no_owner_out);

async fn one_account_gets_no_more_than_its_share(engine: Engine) {
    let _turn = ONE_AT_A_TIME.lock().await;
    let world = World::start_with(engine, WorldSettings { is_limited: true, ..WorldSettings::default() }).await;
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
    let site = Site::open(world.address, std::process::id()).await.expect("a marketplace").at_human_pace();
    let mut asked = 0;
    for one in Attack::OF_ONE_ACCOUNT {
        let before = world.simulator.faults().calls(Call::CreateIntent);
        assert_they_fail(&site, &[one]).await;
        if one == Attack::CardTester {
            asked = world.simulator.faults().calls(Call::CreateIntent) - before;
        }
    }
    running.abort();
    // Ten unknown tokens, ten declined cards, and the purchases of honest users.
    assert!(asked < 60, "the provider was asked {asked} times");
    drop(site);
    world.settle().await;
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}
