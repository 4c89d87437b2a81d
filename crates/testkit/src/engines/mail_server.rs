use std::collections::HashMap;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;

use super::binary::Binary;
use super::home::Home;
use super::server::{Kind, Server};

/// The Python that has `aiosmtpd`.
const PYTHON: Binary = Binary {
    name: "python-with-aiosmtpd",
    variable: "MAIL_SERVER_PYTHON",
    manual: "install the package aiosmtpd for some Python",
    obtain: "cargo xtask engines --mail",
};

/// The files of the server: its program, its certificate with its key, and the authority that has issued it.
const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/engines/mail_server");

/// What a mail server does with mails from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// It takes them.
    Accept,
    /// It takes them after three seconds.
    Late,
    /// It knows nobody: 550.
    Unknown,
    /// It wants to be asked again later: 451.
    Greylist,
    /// It does not want what they say: 554.
    Spam,
    /// It takes them, and hangs up without saying so.
    Drop,
}

/// Whether a mail server speaks to everybody, or over TLS only and to who knows its password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    None,
    Tls,
}

/// A real mail server of its own on 127.0.0.1. Killed when dropped.
pub struct MailServer {
    server: Server,
    cover: Cover,
}

/// A mail that it has taken, as its own parser has read it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReceivedMail {
    /// Whom it is from, as the server was told.
    pub envelope_from: String,
    /// Whom it is for, as the server was told.
    pub envelope_to: Vec<String>,
    /// Its heads, by their names in lower case.
    pub heads: HashMap<String, String>,
    /// What it says as text.
    pub text: String,
    /// What it says as HTML.
    pub html: String,
    /// What is wrong with its form.
    pub defects: Vec<String>,
}

impl MailServer {
    /// One that takes mails from everybody.
    ///
    /// # Panics
    /// If there is no `aiosmtpd`, or it does not start.
    pub async fn launch() -> Self {
        Self::launch_covered(Cover::None).await
    }

    /// One that takes mails over TLS only, begun by STARTTLS, with the certificate of an authority that nobody knows,
    /// and from who knows its password.
    ///
    /// # Panics
    /// If there is no `aiosmtpd`, or it does not start.
    pub async fn launch_with_tls() -> Self {
        Self::launch_covered(Cover::Tls).await
    }

    async fn launch_covered(cover: Cover) -> Self {
        let home = Home::temporary();
        write_behaviour(home.path(), Behaviour::Accept);
        Self { server: Server::launch(Kind::MailServer(cover), home).await, cover }
    }

    /// Its address, with the password if it wants one.
    pub fn url(&self) -> String {
        match self.cover {
            Cover::None => format!("smtp://127.0.0.1:{}?tls=none", self.server.port),
            Cover::Tls => format!("smtp://mail:p%40ss%3Aword@localhost:{}", self.server.port),
        }
    }

    /// The certificate of the authority that nobody knows: for `SSL_CERT_FILE`.
    pub fn authority() -> PathBuf {
        Path::new(FILES).join("authority.pem")
    }

    /// What it does from now on.
    ///
    /// # Panics
    /// If it cannot be told.
    pub fn behave(&self, how: Behaviour) {
        write_behaviour(self.server.home(), how);
    }

    /// The mails that it has taken, in order.
    ///
    /// # Panics
    /// If they cannot be read.
    pub fn mails(&self) -> Vec<ReceivedMail> {
        let folder = fs::read_dir(self.server.home().join("mails")).expect("its mails can be listed");
        let files = folder.map(|file| file.expect("its mails can be listed").path());
        let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|kind| kind == "json")).collect();
        files.sort();
        let read = |file: &PathBuf| fs::read(file).expect("a mail can be read");
        files.iter().map(|file| serde_json::from_slice(&read(file)).expect("a mail as the server writes it")).collect()
    }

    /// Kills it.
    pub fn kill(&mut self) {
        self.server.kill();
    }

    /// Starts it again at the same port.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn restart(&mut self) {
        self.server.restart().await;
    }
}

fn write_behaviour(home: &Path, how: Behaviour) {
    let word = match how {
        Behaviour::Accept => "accept",
        Behaviour::Late => "late",
        Behaviour::Unknown => "unknown",
        Behaviour::Greylist => "greylist",
        Behaviour::Spam => "spam",
        Behaviour::Drop => "drop",
    };
    // Renamed into place: it is read while it is written.
    let (new, file) = (home.join("behaviour.new"), home.join("behaviour"));
    fs::write(&new, word).and_then(|()| fs::rename(&new, &file)).expect("it can be told what to do");
}

pub(super) fn command(home: &Path, port: u16, cover: Cover) -> Command {
    let mut command = Command::new(PYTHON.find());
    command.arg(Path::new(FILES).join("server.py")).arg(home).arg(port.to_string());
    if cover == Cover::Tls {
        command.arg(Path::new(FILES).join("server.pem"));
    }
    command
}

/// Whether it greets.
pub(super) async fn serves(port: u16) -> bool {
    let Ok(connection) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else { return false };
    let mut greeting = String::new();
    BufReader::new(connection).read_line(&mut greeting).await.is_ok() && greeting.starts_with("220")
}
