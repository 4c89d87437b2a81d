use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use http::HeaderMap;
use runtime::regular_file::read_text;
use serde::{Deserialize, Serialize};

/// The secret that proves that a caller may read the data directory.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminSecret(String);

impl AdminSecret {
    /// A new secret of 256 bits.
    pub fn random() -> Self {
        Self(format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>()))
    }

    /// The value of the `Authorization` header.
    pub fn header(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// Whether the request has the secret.
    pub fn is_proved_by(&self, headers: &HeaderMap) -> bool {
        let expected = self.header();
        let given = headers.get(http::header::AUTHORIZATION).map_or(&[][..], http::HeaderValue::as_bytes);
        // Every byte is compared, so that the time taken reveals nothing about a wrong guess.
        given.len() == expected.len()
            && given.iter().zip(expected.as_bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
    }
}

/// The file in the data directory that says how to reach the running process. Removed when this
/// is dropped.
pub struct SecretFile {
    path: PathBuf,
}

/// How to reach the running process.
#[derive(Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) address: SocketAddr,
    pub(crate) secret: AdminSecret,
}

fn path_in(directory: &Path) -> PathBuf {
    directory.join("admin.json")
}

impl SecretFile {
    /// Writes the secret to the data directory, readable by its owner only.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn leave(directory: &Path, address: SocketAddr, secret: &AdminSecret) -> anyhow::Result<Self> {
        let path = path_in(directory);
        let contact = serde_json::to_string(&Contact { address, secret: secret.clone() })?;
        // An old file would keep its permissions when it is overwritten: remove it first.
        let _ = std::fs::remove_file(&path);
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        file.write_all(contact.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path })
    }
}

impl Drop for SecretFile {
    fn drop(&mut self) {
        // If the file remains, the next command only tries a connection that is refused.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Reads what a running process wrote to the data directory.
pub(crate) fn read(directory: &Path) -> Option<Contact> {
    let text = read_text(&path_in(directory)).ok()?;
    serde_json::from_str(&text).ok()
}
