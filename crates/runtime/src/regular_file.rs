//! What is in a file that a setting names, or that is in a directory that one names. Only a regular file has it: to open a
//! pipe would keep the start waiting until somebody writes to it, and a device may have no end.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The longest text that is read, in bytes: many times what keys or a mail need.
const LONGEST: usize = 1024 * 1024;

/// The first bytes of a file, at most so many.
///
/// # Errors
/// If it cannot be read, or is no regular file.
pub fn read(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(u64::try_from(most).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text in a file.
///
/// # Errors
/// If it cannot be read, is no regular file, longer than 1 MiB, or no text in UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    let bytes = read(path, LONGEST + 1)?;
    if bytes.len() > LONGEST {
        return Err(io::Error::other("it is longer than 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not text in UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_from_a_regular_file_that_is_not_too_long() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("text");
        let said = || read_text(&path).expect_err("it is none").to_string();
        assert_eq!(read_text(&path).expect_err("it is not there").kind(), io::ErrorKind::NotFound);
        std::fs::write(&path, "a".repeat(LONGEST)).expect("is written");
        assert_eq!(read_text(&path).expect("a text").len(), LONGEST);
        std::fs::write(&path, "a".repeat(LONGEST + 1)).expect("is written");
        assert_eq!(said(), "it is longer than 1 MiB");
        std::fs::write(&path, b"\xe9").expect("is written");
        assert_eq!(said(), "it is not text in UTF-8");
        let link = directory.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        assert_eq!(read(&link, 5).expect("as Kubernetes mounts them"), b"\xe9");
    }

    #[test]
    fn nobody_waits_for_whoever_writes_to_a_pipe() {
        let directory = tempfile::tempdir().expect("a directory");
        let pipe = directory.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        for path in [pipe.as_path(), directory.path(), Path::new("/dev/zero")] {
            assert_eq!(read_text(path).expect_err("it is none").to_string(), "it is no regular file");
        }
    }
}
