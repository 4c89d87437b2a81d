//! `ticketing` is killed repeatedly while people trade.

mod marketplace;
mod program;

use std::path::Path;
use std::time::{Duration, Instant};

use client::BaseUrls;
use marketplace::{Books, Trade, reconcile, sign_up, trade_through};
use program::ticketing;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use server::engines::StoreConfig;
use testkit::process::{Program, Server};

const PEOPLE: usize = 12;
const KILLS: u32 = 20;

fn in_directory(data: &Path) -> Program {
    ticketing().args(["--limits", "off", "--data"]).arg(data)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_nothing_left_undone_after_twenty_kills_on_sqlite_and_the_local_bus() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let (data, began) = (tempfile::tempdir().expect("a directory"), Instant::now());
    let mut server = Server::launch(in_directory(data.path()).args(["--reservation", "8s"])).await;
    let people = sign_up(BaseUrls::one(&server.url()).expect("a URL"), PEOPLE).await;
    let trade = Trade::default();
    trade_through(&trade, &people, seed, async {
        let mut chance = StdRng::seed_from_u64(seed);
        for _ in 0..KILLS {
            tokio::time::sleep(Duration::from_millis(chance.random_range(50..1000))).await;
            server.kill().await;
            server.restart().await;
        }
    })
    .await;
    println!("{KILLS} kills in {:?}", began.elapsed());
    reconcile(&trade, &people, async || {
        server.stop().await;
        let books = Books::read(&StoreConfig::Directory(data.path().to_owned())).await;
        server.restart().await;
        books
    })
    .await;
    let letters = ticketing().args(["dead-letters", "list", "--data"]);
    assert_eq!(letters.arg(data.path()).run().await.stdout, "There are no dead letters.\n");
}
