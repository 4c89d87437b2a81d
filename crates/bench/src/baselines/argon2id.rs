use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::load::Tally;
use crate::report::Figure;
use crate::system::Meter;

/// Passwords hashed on all cores, with the product's parameters.
pub(super) async fn run(time: Duration) -> Result<Vec<Figure>> {
    let (meter, cores) = (Meter::start(&[])?, std::thread::available_parallelism()?.get());
    let threads: Vec<_> = (0..cores).map(|_| tokio::task::spawn_blocking(move || hash(time))).collect();
    let mut tally = Tally::new();
    for thread in threads {
        tally.add(&thread.await.context("hashing")??);
    }
    let figure = Figure::rate("argon2id", "argon2id m=19456 t=2 p=1, all cores", &tally);
    Ok(vec![figure.costing(meter.shares(tally.count())?)])
}

fn hash(time: Duration) -> Result<Tally> {
    let parameters = Params::new(19_456, 2, 1, None).map_err(|error| anyhow!("{error}"))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let (mut tally, began, mut output) = (Tally::new(), Instant::now(), [0; 32]);
    while began.elapsed() < time {
        let started = Instant::now();
        let hashed = argon2.hash_password_into(b"correct horse battery", b"sixteen bytes of", &mut output);
        hashed.map_err(|error| anyhow!("{error}"))?;
        tally.note(0, started.elapsed());
        tally.elapsed = began.elapsed();
    }
    Ok(tally)
}
