use std::cell::RefCell;
use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use futures::future::join_all;
use rand::Rng;

use super::disk::Disk;
use super::platter::Cut;
use super::subject::{Running, Subject, Write};

/// The number of concurrent writers: enough for commits to be grouped, as in production.
const WRITERS: u32 = 16;
/// How long they write before the power is cut.
const WRITING: std::ops::Range<u64> = 300..2_000;
/// A cut before this many acknowledgements would prove little.
const AT_LEAST: usize = 200;
const POLL: Duration = Duration::from_millis(5);

/// The result of one power cut.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Writes acknowledged before the cut.
    pub(super) acknowledged: usize,
    /// The acknowledged writes that are lost.
    pub(super) lost: usize,
    /// What happened to the disk's cache.
    pub(super) cut: Cut,
    /// Why nothing could be read afterwards.
    pub(super) unreadable: Option<String>,
}

/// One disk, one store, one power cut.
pub(super) async fn play(subject: Subject, home: &Path, number: usize) -> Result<Outcome> {
    let mut disk = Disk::make(home, subject.barriers()).await.context("no disk could be made")?;
    let mut running = subject.start(&disk.files()).await?;
    let acknowledged = write_for_a_while(running.as_ref()).await?;
    // Acknowledgements between these two lines are not counted.
    let cut = disk.cut(share(number)).await?;
    running.power_off();
    let found = match disk.revive().await {
        Ok(disk) => {
            let found = find(running.as_mut()).await;
            running.power_off();
            disk.unmount().await?;
            found
        }
        Err(error) => Err(error.context("the file system does not come back")),
    };
    drop(running);
    std::fs::remove_dir_all(home)?;
    let (found, unreadable) = match found {
        Ok(found) => (found, None),
        Err(error) => (HashSet::new(), Some(format!("{error:#}"))),
    };
    let lost = acknowledged.difference(&found).count();
    Ok(Outcome { acknowledged: acknowledged.len(), lost, cut, unreadable })
}

async fn find(running: &mut dyn Running) -> Result<HashSet<Write>> {
    running.power_on().await?;
    running.found().await
}

/// The share of its cache that the disk had written already: nothing in the first round, then random.
fn share(number: usize) -> f64 {
    if number == 0 { 0.0 } else { rand::rng().random() }
}

/// The writes acknowledged when the time is up.
async fn write_for_a_while(running: &dyn Running) -> Result<HashSet<Write>> {
    let acknowledged = RefCell::new(HashSet::new());
    let writers = join_all((0..WRITERS).map(|writer| write_on(running, writer, &acknowledged)));
    let moment = async {
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(WRITING))).await;
        while acknowledged.borrow().len() < AT_LEAST {
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::select! {
        failed = writers => {
            let failed: Vec<String> = failed.into_iter().map(|error| format!("{error:#}")).collect();
            anyhow::bail!("writing ended before the cut: {failed:?}");
        }
        () = moment => {}
    }
    Ok(acknowledged.into_inner())
}

/// Writes until a write fails.
async fn write_on(running: &dyn Running, writer: u32, acknowledged: &RefCell<HashSet<Write>>) -> anyhow::Error {
    for number in 0.. {
        let write = Write { writer, number };
        if let Err(error) = running.write(write).await {
            return error;
        }
        acknowledged.borrow_mut().insert(write);
    }
    anyhow::anyhow!("it ran out of numbers")
}
