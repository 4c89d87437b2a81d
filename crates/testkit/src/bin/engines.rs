//! Runs one mongod and one nats-server, prints their addresses as two lines `NAME=value` for the environment
//! of programs that need them, and stops them when its standard input closes.
//!
//! `cargo xtask test` passes these two to all test executables; by hand, type Ctrl-D to stop them.

use testkit::engines;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (mongodb, nats) = tokio::join!(engines::mongodb_uri(), engines::nats_url());
    println!("MONGODB_URI={mongodb}\nNATS_URL={nats}");
    tokio::io::copy(&mut tokio::io::stdin(), &mut tokio::io::sink()).await?;
    Ok(())
}
