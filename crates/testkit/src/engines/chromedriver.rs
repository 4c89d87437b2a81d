use std::path::{Path, PathBuf};
use std::process::Command;

use super::binary::{CHROMEDRIVER, CHROMIUM};
use super::home::Home;
use super::server::{Kind, Server};

/// A `chromedriver` of its own on 127.0.0.1, which opens Chromium browsers. Killed with all of them when
/// dropped.
pub struct ChromeDriver(Server);

impl ChromeDriver {
    /// A new one.
    ///
    /// # Panics
    /// If there is no `chromedriver`, or it does not start.
    pub async fn launch() -> Self {
        Self(Server::launch(Kind::ChromeDriver, Home::temporary()).await)
    }

    /// Where it takes WebDriver's commands.
    pub fn url(&self) -> String {
        url(self.0.port)
    }

    /// The browser executable.
    ///
    /// # Panics
    /// If there is none.
    pub fn chromium() -> PathBuf {
        CHROMIUM.find()
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

pub(super) fn command(home: &Path, port: u16) -> Command {
    let mut command = Command::new(CHROMEDRIVER.find());
    // The browsers' profiles are in its own directory and are removed with it.
    command.arg(format!("--port={port}")).env("TMPDIR", home);
    command
}

/// Whether it accepts commands.
pub(super) async fn serves(port: u16) -> bool {
    let answer = reqwest::get(format!("{}/status", url(port))).await;
    answer.is_ok_and(|answer| answer.status().is_success())
}
