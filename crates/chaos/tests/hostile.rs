//! Every attack of `chaos hostile`, in a small form, on the whole system in this process.

use chaos::hostile::{Attack, Report, Scale, Site, attack};
use testkit::world::{Engine, World};

#[tokio::test(flavor = "multi_thread")]
async fn no_attack_gets_anywhere_and_honest_users_notice_nothing() {
    let world = World::start(Engine::Embedded).await;
    let site = Site::open(world.address, std::process::id()).await.expect("a marketplace");
    let mut rows = Vec::new();
    for one in Attack::ALL {
        rows.push(
            attack(one, &site, &Scale::small()).await.unwrap_or_else(|error| panic!("{}: {error:#}", one.name())),
        );
    }
    println!("{}", Report(&rows));
    let findings: Vec<&String> = rows.iter().flat_map(|row| &row.findings).collect();
    assert!(findings.is_empty(), "{findings:#?}");
    drop(site);
    world.settle().await;
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}
