//! Who may look into the data directory: it holds the keys that sessions are signed with.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use testkit::process::Server;

use crate::programs::in_directory;
use crate::refusals::assert_refuses;

fn mode(path: &Path) -> u32 {
    path.metadata().expect("is there").permissions().mode() & 0o777
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_it_is_private_and_refused_while_it_is_not() {
    let scratch = tempfile::tempdir().expect("a directory");
    let data = scratch.path().join("data");
    let mut server = Server::launch(in_directory(&data)).await;
    let mut files: Vec<PathBuf> =
        data.read_dir().expect("the directory").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let kept = [
        "admin.json",
        "delivery.keys",
        "files",
        "ticket.keys",
        "ticketing.db",
        "ticketing.db-shm",
        "ticketing.db-wal",
        "ticketing.db.lock",
    ];
    assert_eq!(files, kept.map(|name| data.join(name)));
    assert_eq!(mode(&data), 0o700);
    for file in &files {
        let private = if file.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(file), private, "{}", file.display());
    }
    // Without its shutdown, so that all of them stay.
    server.kill().await;
    for (path, open, private) in [(data.join("ticketing.db-wal"), 0o640, 0o600), (data.clone(), 0o755, 0o700)] {
        set_mode(&path, open);
        let (named, shown) = (path.display().to_string(), format!("mode {open:04o}"));
        assert_refuses(in_directory(&data), &[&named, &shown, "chmod -R go="]).await;
        set_mode(&path, private);
    }
    server.restart().await;
}
