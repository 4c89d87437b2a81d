use std::process::Command;

use super::binary::Binary;
use super::home::Home;
use super::server::{Kind, Server};

/// The Python that has `moto`.
const PYTHON: Binary = Binary {
    name: "python-with-moto",
    variable: "OBJECT_STORE_PYTHON",
    manual: "install the package moto[server] for some Python",
    obtain: "cargo xtask engines --objects",
};
/// The only bucket.
const BUCKET: &str = "tickets";

/// A server of its own on 127.0.0.1 that speaks S3, with an empty bucket. Whoever asks is let in, with any keys. What it
/// has is in its memory. Killed when dropped.
pub struct ObjectStore(Server);

impl ObjectStore {
    /// A new one.
    ///
    /// # Panics
    /// If there is no `moto`, or it does not start.
    pub async fn launch() -> Self {
        let store = Self(Server::launch(Kind::ObjectStore, Home::temporary()).await);
        let made = reqwest::Client::new().put(store.bucket()).send().await.expect("it answers");
        assert!(made.status().is_success(), "it makes no bucket: {}", made.status());
        store
    }

    /// Its address, for `OBJECT_STORE`.
    pub fn address(&self) -> String {
        format!("s3://{BUCKET}?endpoint={}&region=us-east-1", url(self.0.port))
    }

    /// The bucket, for who speaks HTTP.
    pub fn bucket(&self) -> String {
        format!("{}/{BUCKET}", url(self.0.port))
    }

    /// Kills it.
    pub fn kill(&mut self) {
        self.0.kill();
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

pub(super) fn command(port: u16) -> Command {
    let mut command = Command::new(PYTHON.find());
    command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
    command
}

/// Whether it answers.
pub(super) async fn serves(port: u16) -> bool {
    let answer = reqwest::get(format!("{}/moto-api/", url(port))).await;
    answer.is_ok_and(|answer| answer.status().is_success())
}
