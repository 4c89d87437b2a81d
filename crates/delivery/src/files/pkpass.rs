//! Passes for wallets: zip archives, of which we read `pass.json`, if it is signed as passes are. All of an archive is
//! unpacked once, to nowhere and up to a limit, since what is a bomb to us would be one to the buyer's phone too.

use std::io::{self, Cursor, Read};

use serde::Deserialize;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::Refusal;
use super::manifest::{self, MANIFEST, SIGNATURE, Sum, Sums};

/// How many entries a pass may have.
pub const MAX_ENTRIES: usize = 500;
/// What all entries of a pass may have together, unpacked.
pub const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
/// What `pass.json`, the manifest and the signature may each have.
const MAX_PASS: u64 = 256 * 1024;
const PASS: &str = "pass.json";

/// What we read of `pass.json`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pass {
    /// The code as passes had it before there could be several.
    #[serde(default)]
    pub barcode: Option<PassBarcode>,
    /// The codes, of which a wallet shows the first that it can.
    #[serde(default)]
    pub barcodes: Vec<PassBarcode>,
}

/// One code of a pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PassBarcode {
    /// Such as `PKBarcodeFormatQR`.
    pub format: String,
    /// What it says.
    pub message: String,
}

/// The pass in this archive.
pub fn read(file: &[u8]) -> Result<Pass, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Refusal::Damaged)?;
    if archive.len() > MAX_ENTRIES {
        return Err(Refusal::UnpacksToTooMuch);
    }
    if recorded_entries(file, archive.comment().len()) != Some(archive.len()) {
        return Err(Refusal::Damaged);
    }
    let (mut parts, mut sums) = (Parts::default(), Sums::new());
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(refusal)?;
        let name = entry.name().map_err(refusal)?.into_owned();
        if entry.is_symlink() || !is_safe(&name) {
            return Err(Refusal::UnsafePath);
        }
        // A phone may read this one.
        if PARTS.iter().any(|part| name != *part && name.eq_ignore_ascii_case(part)) {
            return Err(Refusal::Damaged);
        }
        let mut sum = Sum::new();
        let unpacked = if let Some(part) = parts.named(&name) {
            let content = part.insert(read_part(entry)?);
            io::copy(&mut content.as_slice(), &mut sum).map_err(|_| Refusal::Damaged)?
        } else {
            unpack(entry, left, &mut sum)?
        };
        left = left.checked_sub(unpacked).ok_or(Refusal::UnpacksToTooMuch)?;
        // Neither can name itself, and a folder is no file.
        if ![MANIFEST, SIGNATURE].contains(&name.as_str()) && !name.ends_with('/') {
            sums.insert(name, sum.finish());
        }
    }
    let (Some(pass), Some(manifest), Some(signature)) = (parts.pass, parts.manifest, parts.signature) else {
        return Err(Refusal::UnknownKind);
    };
    if !manifest::is_signature(&signature) {
        return Err(Refusal::Damaged);
    }
    manifest::check(&manifest, &sums)?;
    parse(&pass)
}

/// What every pass has, and is read whole.
const PARTS: [&str; 3] = [PASS, MANIFEST, SIGNATURE];

#[derive(Default)]
struct Parts {
    pass: Option<Vec<u8>>,
    manifest: Option<Vec<u8>>,
    signature: Option<Vec<u8>>,
}

impl Parts {
    fn named(&mut self, name: &str) -> Option<&mut Option<Vec<u8>>> {
        match name {
            PASS => Some(&mut self.pass),
            MANIFEST => Some(&mut self.manifest),
            SIGNATURE => Some(&mut self.signature),
            _ => None,
        }
    }
}

/// How many entries the archive says that it has. Of several with one name we are shown one, and somebody else may be
/// shown another. (APPNOTE.TXT, section 4.3.16: the last record.)
fn recorded_entries(file: &[u8], comment: usize) -> Option<usize> {
    let end = file.get(file.len().checked_sub(22 + comment)?..)?;
    let count = end.strip_prefix(b"PK\x05\x06")?.get(6..8)?;
    Some(usize::from(u16::from_le_bytes(count.try_into().ok()?)))
}

/// Whether a path stays in the folder that it is unpacked in, on every system.
fn is_safe(path: &str) -> bool {
    !path.contains(['\\', ':', '\0'])
        && path.trim_end_matches('/').split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn refusal(error: ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Refusal::Locked,
        _ => Refusal::Damaged,
    }
}

/// How much the entry unpacks to; `left` and one at most.
fn unpack(entry: ZipFile<'_, Cursor<&[u8]>>, left: u64, sum: &mut Sum) -> Result<u64, Refusal> {
    io::copy(&mut entry.take(left + 1), sum).map_err(|_| Refusal::Damaged)
}

fn read_part(entry: ZipFile<'_, Cursor<&[u8]>>) -> Result<Vec<u8>, Refusal> {
    let mut text = Vec::new();
    let read = entry.take(MAX_PASS + 1).read_to_end(&mut text).map_err(|_| Refusal::Damaged)?;
    if read as u64 > MAX_PASS { Err(Refusal::UnpacksToTooMuch) } else { Ok(text) }
}

fn parse(text: &[u8]) -> Result<Pass, Refusal> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    serde_json::from_slice(text).map_err(|_| Refusal::Damaged)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::testing::{SIGNED, archive, signed};

    const JSON: &[u8] =
        br#"{"formatVersion":1,"barcodes":[{"format":"PKBarcodeFormatQR","message":"A1","messageEncoding":"utf-8"}]}"#;

    #[test]
    fn the_codes_of_a_pass_are_read() {
        let pass = read(&signed(&[("icon.png", b"x"), ("en.lproj/pass.strings", b"x"), ("pass.json", JSON)]));
        let code = PassBarcode { format: "PKBarcodeFormatQR".into(), message: "A1".into() };
        assert_eq!(pass, Ok(Pass { barcode: None, barcodes: vec![code] }));
        assert_eq!(read(&signed(&[("pass.json", b"\xef\xbb\xbf{}")])), Ok(Pass { barcode: None, barcodes: vec![] }));
    }

    #[test]
    fn other_archives_are_refused() {
        assert_eq!(read(&signed(&[("word/document.xml", b"<x/>")])), Err(Refusal::UnknownKind));
        assert_eq!(read(&signed(&[("inner/pass.json", JSON)])), Err(Refusal::UnknownKind));
        assert_eq!(read(&signed(&[("pass.json", b"[")])), Err(Refusal::Damaged));
        assert_eq!(read(b"PK\x03\x04 and nothing else"), Err(Refusal::Damaged));
        let nested = "[".repeat(100_000);
        assert_eq!(read(&signed(&[("pass.json", nested.as_bytes())])), Err(Refusal::Damaged));
    }

    /// With these entries beside the pass, and this manifest and signature if any.
    fn with(entries: &[(&str, &[u8])], manifest: Option<&str>, signature: Option<&[u8]>) -> Result<Pass, Refusal> {
        let mut all = [entries, &[("pass.json", JSON)]].concat();
        all.extend(manifest.map(|text| ("manifest.json", text.as_bytes())));
        all.extend(signature.map(|signature| ("signature", signature)));
        read(&archive(&all))
    }

    #[test]
    fn an_archive_with_a_pass_that_is_not_signed_as_passes_are_is_refused() {
        let sum = |content: &[u8]| {
            let mut sum = Sum::new();
            io::copy(&mut &*content, &mut sum).expect("adds up");
            sum.finish()
        };
        let right = format!(r#"{{"pass.json":"{}","icon.png":"{}"}}"#, sum(JSON), sum(b"x").to_uppercase());
        let icon: &[(&str, &[u8])] = &[("icon.png", b"x")];
        assert!(with(icon, Some(&right), Some(SIGNED)).is_ok());
        // Documents and programs that happen to have one.
        assert_eq!(with(icon, None, None), Err(Refusal::UnknownKind));
        assert_eq!(with(&[("word/document.xml", b"<x/>")], None, Some(SIGNED)), Err(Refusal::UnknownKind));
        assert_eq!(with(icon, Some(&right), None), Err(Refusal::UnknownKind));
        let damaged = Err(Refusal::Damaged);
        assert_eq!(with(icon, Some(&right), Some(b"signature")), damaged);
        assert_eq!(with(&[("icon.png", b"y")], Some(&right), Some(SIGNED)), damaged, "another icon");
        assert_eq!(with(&[], Some(&right), Some(SIGNED)), damaged, "no icon");
        let more: &[(&str, &[u8])] = &[("icon.png", b"x"), ("classes.dex", b"x")];
        assert_eq!(with(more, Some(&right), Some(SIGNED)), damaged, "more than was signed");
        let wrong = right.replace(&sum(JSON), &sum(b"x"));
        for manifest in ["", "[]", "{}", r#"{"pass.json":1,"icon.png":1}"#, &wrong] {
            assert_eq!(with(icon, Some(manifest), Some(SIGNED)), damaged, "{manifest}");
        }
    }

    #[test]
    fn a_second_pass_beside_the_first_is_refused() {
        const OTHER: &str = "pass.jso_";
        let mut file = signed(&[("pass.json", JSON), (OTHER, b"{}")]);
        for at in 0..file.len() - OTHER.len() {
            if file[at..at + OTHER.len()] == *OTHER.as_bytes() {
                file[at..at + OTHER.len()].copy_from_slice(PASS.as_bytes());
            }
        }
        assert_eq!(read(&file), Err(Refusal::Damaged));
        assert_eq!(read(&signed(&[("pass.json", JSON), ("PASS.JSON", b"{}")])), Err(Refusal::Damaged));
    }

    #[test]
    fn bombs_are_refused() {
        let zeros = vec![0; usize::try_from(MAX_UNPACKED).expect("fits") + 1];
        let bomb = signed(&[("pass.json", JSON), ("logo.png", &zeros)]);
        assert!(bomb.len() < 100_000, "it is small: {}", bomb.len());
        assert_eq!(read(&bomb), Err(Refusal::UnpacksToTooMuch));
        let half = &zeros[..zeros.len() / 2];
        let in_parts = signed(&[("a", half), ("pass.json", JSON), ("b", half)]);
        assert_eq!(read(&in_parts), Err(Refusal::UnpacksToTooMuch));
        let long = signed(&[("pass.json", &zeros[..300_000])]);
        assert_eq!(read(&long), Err(Refusal::UnpacksToTooMuch));
        let names: Vec<String> = (0..=MAX_ENTRIES).map(|number| format!("{number}.png")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
        assert_eq!(read(&signed(&many)), Err(Refusal::UnpacksToTooMuch));
    }

    #[test]
    fn an_entry_that_lies_about_its_size_is_refused() {
        let mut bomb = signed(&[("pass.json", JSON), ("logo.png", &vec![0; 1_000_000])]);
        let size = 1_000_000_u32.to_le_bytes();
        let at: Vec<usize> = (0..bomb.len() - 4).filter(|&at| bomb[at..at + 4] == size).collect();
        assert!(!at.is_empty(), "the size is in the archive");
        for at in at {
            bomb[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
        }
        // Whether the size or the content is believed: it is not the million bytes that somebody else would get.
        assert_eq!(read(&bomb), Err(Refusal::Damaged));
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        for name in ["../pass.json", "/etc/passwd", "en.lproj/../../x", "..\\x"] {
            // The writer would make some of these safe.
            let mut file = signed(&[("pass.json", JSON), (&"_".repeat(name.len()), b"x")]);
            for at in 0..file.len() - name.len() {
                if file[at..at + name.len()].iter().all(|&byte| byte == b'_') {
                    file[at..at + name.len()].copy_from_slice(name.as_bytes());
                }
            }
            assert_eq!(read(&file), Err(Refusal::UnsafePath), "{name}");
        }
        for name in ["/etc/passwd", "a//b", "C:x", "a\0b", "..", ""] {
            assert!(!is_safe(name), "{name}");
        }
        assert!(is_safe("en.lproj/") && is_safe("en.lproj/pass.strings") && is_safe("a..b"));
        let mut linked = ZipWriter::new(Cursor::new(Vec::new()));
        linked.add_symlink("logo.png", "/etc/passwd", SimpleFileOptions::default()).expect("adds");
        let linked = linked.finish().expect("ends").into_inner();
        assert_eq!(read(&linked), Err(Refusal::UnsafePath));
    }

    proptest! {
        #[test]
        fn damaged_archives_end_in_an_answer(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
            let mut file = signed(&[("icon.png", &[7; 300]), ("pass.json", JSON)]);
            for (at, byte) in changes {
                let at = at.index(file.len());
                file[at] = byte;
            }
            let _ = read(&file);
        }
    }
}
