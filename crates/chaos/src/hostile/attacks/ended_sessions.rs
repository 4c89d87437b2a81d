use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use common::id::{IdGenerator, SessionId};
use ports::clock::Clock;
use reqwest::Method;
use server::engines::BusConfig;
use testkit::ended_sessions::end_sessions;

use crate::hostile::product::Product;
use crate::hostile::report::Row;
use crate::hostile::site::{Site, cookie};
use crate::hostile::upkeep::Upkeep;

pub(in crate::hostile) const NAME: &str = "ended sessions";

/// What a start may take longer with ended sessions than without, however many there are. Were each compared to all
/// before, 200,000 would take a minute even in an optimised build.
const LONGER: Duration = Duration::from_secs(1);

/// Sessions that somebody opened and ended for hours: the services know all of them when they start, and start
/// as soon as otherwise. They are ended by events in the log, since hashing so many passwords takes hours. Each
/// number comes on top of those before.
pub(in crate::hostile) async fn attack(site: &Site, product: &mut Product, counts: &[usize]) -> Result<Vec<Row>> {
    let (alone, mut rows) = (time_to_ready(product).await, Vec::new());
    for count in counts {
        rows.push(restart_beside(site, product, *count, alone).await?);
    }
    Ok(rows)
}

async fn restart_beside(site: &Site, product: &mut Product, count: usize, alone: Duration) -> Result<Row> {
    let before = Upkeep::of(product.server.pid())?;
    let leaver = site.user("leaver").await?;
    let left = cookie(&leaver)?;
    leaver.sign_out().await?;
    product.server.stop().await;
    let began = Instant::now();
    let (ids, now) = (IdGenerator::random(), Clock::system().now());
    let sessions: Vec<SessionId> = (0..count).map(|_| ids.next(now)).collect();
    let log = BusConfig::Directory(product.data().to_owned());
    end_sessions(&log, &sessions).await.context("ending sessions")?;
    let written = began.elapsed();
    product.server.start();
    let with_all = ready(product).await;
    let mut findings = Vec::new();
    if with_all > alone + LONGER {
        findings.push(format!("ready after {with_all:.2?}, and without ended sessions after {alone:.2?}"));
    }
    let refused = site.request(Method::GET, "/api/orders").header("cookie", left).send().await?.status();
    if refused != 401 {
        findings.push(format!("a session that was ended before all others is answered {refused}"));
    }
    let after = Upkeep::of(product.server.pid())?;
    Ok(Row {
        attack: NAME,
        tried: format!("{count} sessions ended (written to the log in {written:.1?}), then a restart"),
        did: format!("ready after {with_all:.2?}; without them after {alone:.2?}; all of them are refused"),
        honest: "nobody is there meanwhile".into(),
        upkeep: format!("{} files, {} MiB; after it {}, {}", before.files, before.memory, after.files, after.memory),
        findings,
    })
}

async fn time_to_ready(product: &mut Product) -> Duration {
    product.server.stop().await;
    product.server.start();
    ready(product).await
}

async fn ready(product: &mut Product) -> Duration {
    let began = Instant::now();
    product.server.until_ready().await;
    began.elapsed()
}
