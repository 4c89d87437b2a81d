//! Passes for wallets: zip archives, of which we read `pass.json`, if it is signed as passes are. All of an archive is
//! unpacked once, to nowhere and up to a limit, since what is a bomb to us would be one to the buyer's phone too.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::pass_part::Part;
use super::{Pass, Refusal, manifest, pass_text, zip_layout};

/// How many entries a pass may have.
pub const MAX_ENTRIES: usize = 500;
/// What all entries of a pass may have together, unpacked.
pub const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
/// What each entry but an image may have.
const MAX_TEXT: u64 = 256 * 1024;

/// The entries that every pass has: what it is, the sums of all entries but these two, and the signature of those.
pub(super) const PASS: &str = "pass.json";
pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const SIGNATURE: &str = "signature";
const OWN: [&str; 3] = [PASS, MANIFEST, SIGNATURE];

/// The pass in this archive.
pub fn read(file: &[u8]) -> Result<Pass, Refusal> {
    let count = zip_layout::count(file)?;
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Refusal::Damaged)?;
    if count > MAX_ENTRIES {
        return Err(Refusal::UnpacksToTooMuch);
    }
    // Of several with one name we are shown one, and somebody else may be shown another.
    if archive.len() != count {
        return Err(Refusal::Damaged);
    }
    if OWN.iter().any(|part| archive.index_for_name(part).is_none()) {
        return Err(Refusal::UnknownKind);
    }
    let (mut own, mut sums) = (BTreeMap::new(), manifest::Sums::new());
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(refusal)?;
        let name = entry.name().map_err(refusal)?.into_owned();
        if entry.is_symlink() || !is_safe(&name) {
            return Err(Refusal::UnsafePath);
        }
        let part = Part::called(&name).ok_or(Refusal::UnfitPass)?;
        let content = unpack(entry, if part == Part::Picture { left } else { left.min(MAX_TEXT) })?;
        left -= content.len() as u64;
        part.check(&content)?;
        // Neither can name itself, and a folder is no file.
        if ![MANIFEST, SIGNATURE].contains(&name.as_str()) && part != Part::Folder {
            sums.insert(name.clone(), manifest::sum(&content));
        }
        if part == Part::Own {
            own.insert(name, content);
        }
    }
    if !manifest::is_signature(&own[SIGNATURE], &own[MANIFEST]) {
        return Err(Refusal::UnfitPass);
    }
    manifest::check(&own[MANIFEST], &sums)?;
    pass_text::parse(&own[PASS])
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

/// What is in the entry, if it is no more than that.
fn unpack(entry: ZipFile<'_, Cursor<&[u8]>>, most: u64) -> Result<Vec<u8>, Refusal> {
    let mut content = Vec::new();
    let read = entry.take(most + 1).read_to_end(&mut content).map_err(|_| Refusal::Damaged)?;
    if read as u64 > most { Err(Refusal::UnpacksToTooMuch) } else { Ok(content) }
}

#[cfg(test)]
mod tests {
    use harness::ticket_files::{archive, pass_text, signature_of, signed};
    use proptest::prelude::*;
    use serde_json::json;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::files::{PassBarcode, Picture};
    use crate::testing::png;

    /// The text of a pass with a code.
    fn json() -> Vec<u8> {
        let barcode = json!({"format": "PKBarcodeFormatQR", "message": "A1", "messageEncoding": "utf-8"});
        pass_text(&json!({"barcodes": [barcode]})).into_bytes()
    }

    /// An image as small as passes have them.
    fn icon() -> Vec<u8> {
        png(&Picture::from_fn(29, 29, |_, _| 200).expect("has pixels"))
    }

    #[test]
    fn the_codes_of_a_pass_are_read() {
        let (json, icon) = (json(), icon());
        let words = b"\"a\" = \"b\";".as_slice();
        let pass = signed(&[
            ("icon.png", &icon),
            ("en.lproj/pass.strings", words),
            ("de.lproj/logo@2x.png", &icon),
            ("pass.json", &json),
        ]);
        let code = PassBarcode { format: "PKBarcodeFormatQR".into(), message: "A1".into() };
        assert_eq!(read(&pass), Ok(Pass { barcode: None, barcodes: vec![code] }));
    }

    #[test]
    fn other_archives_are_refused() {
        let json = json();
        assert_eq!(read(&signed(&[("word/document.xml", b"<x/>")])), Err(Refusal::UnknownKind));
        assert_eq!(read(&signed(&[("inner/pass.json", &json)])), Err(Refusal::UnknownKind));
        assert_eq!(read(&signed(&[("pass.json", b"[")])), Err(Refusal::Damaged));
        assert_eq!(read(&signed(&[("pass.json", b"{}")])), Err(Refusal::UnfitPass));
        assert_eq!(read(b"PK\x03\x04 and nothing else"), Err(Refusal::Damaged));
    }

    #[test]
    fn what_no_pass_has_is_refused_also_if_it_is_signed() {
        let json = json();
        for name in ["classes.dex", "word/document.xml", "en.lproj/pass.json", "PASS.JSON", "a.pkpass", "a.html"] {
            assert_eq!(read(&signed(&[("pass.json", &json), (name, &json)])), Err(Refusal::UnfitPass), "{name}");
        }
    }

    #[test]
    fn an_image_of_a_pass_is_one_and_nothing_else() {
        let (json, icon) = (json(), icon());
        let read_with = |image: &[u8]| read(&signed(&[("pass.json", &json), ("icon.png", image)])).err();
        assert_eq!(read_with(&icon), None);
        for other in [b"x".as_slice(), b"<svg/>", b"\xff\xd8\xff\xe0", &icon[..icon.len() - 4], b"\x89PNG\r\n\x1a\n"] {
            assert_eq!(read_with(other), Some(Refusal::UnfitPass), "{}", other[..1].escape_ascii());
        }
        assert_eq!(read_with(&[&icon, b"PK\x03\x04".as_slice()].concat()), Some(Refusal::UnfitPass), "more behind it");
        let mut large = icon;
        // Its header says so, with the sum that belongs to it.
        large[16..24].copy_from_slice(&[0, 0, 0x80, 0, 0, 0, 0x80, 0]);
        let mut sum = flate2::Crc::new();
        sum.update(&large[12..29]);
        large[29..33].copy_from_slice(&sum.sum().to_be_bytes());
        assert_eq!(read_with(&large), Some(Refusal::TooManyPixels));
    }

    /// Makes a signature of a manifest.
    type Sign = dyn Fn(&[u8]) -> Vec<u8>;

    /// With these entries beside the pass, and this manifest and signature if any.
    fn with(entries: &[(&str, &[u8])], manifest: Option<&str>, sign: Option<&Sign>) -> Option<Refusal> {
        let json = json();
        let mut all = [entries, &[("pass.json", &json)]].concat();
        all.extend(manifest.map(|text| ("manifest.json", text.as_bytes())));
        let signature = sign.map(|sign| sign(manifest.unwrap_or_default().as_bytes()));
        all.extend(signature.iter().map(|signature| ("signature", signature.as_slice())));
        read(&archive(&all)).err()
    }

    #[test]
    fn an_archive_with_a_pass_that_is_not_signed_as_passes_are_is_refused() {
        let (image, sum_of_json) = (icon(), manifest::sum(&json()));
        let sum_of_icon = manifest::sum(&image);
        let right = format!(r#"{{"pass.json":"{sum_of_json}","icon.png":"{}"}}"#, sum_of_icon.to_uppercase());
        let icon: &[(&str, &[u8])] = &[("icon.png", &image)];
        assert_eq!(with(icon, Some(&right), Some(&signature_of)), None);
        // Documents and programs that happen to have one.
        assert_eq!(with(icon, None, None), Some(Refusal::UnknownKind));
        assert_eq!(with(&[("word/document.xml", b"<x/>")], None, Some(&signature_of)), Some(Refusal::UnknownKind));
        assert_eq!(with(icon, Some(&right), None), Some(Refusal::UnknownKind));
        let unfit = Some(Refusal::UnfitPass);
        assert_eq!(with(icon, Some(&right), Some(&|_| b"signature".to_vec())), unfit);
        let of_another = |_: &[u8]| signature_of(b"{}");
        assert_eq!(with(icon, Some(&right), Some(&of_another)), unfit, "of another manifest");
        let other = [image.as_slice(), b"\0"].concat();
        assert_eq!(with(&[("icon.png", &other)], Some(&right), Some(&signature_of)), unfit, "another icon");
        assert_eq!(with(&[], Some(&right), Some(&signature_of)), unfit, "no icon");
        let more: &[(&str, &[u8])] = &[("icon.png", &image), ("logo.png", &image)];
        assert_eq!(with(more, Some(&right), Some(&signature_of)), unfit, "more than was signed");
        let wrong = right.replace(&sum_of_json, &sum_of_icon);
        let first = right.replacen('{', &format!(r#"{{"pass.json":"{sum_of_icon}","#), 1);
        let last = right.replacen('}', &format!(r#","pass.json":"{sum_of_json}"}}"#), 1);
        for manifest in ["", "[]", "{}", r#"{"pass.json":1,"icon.png":1}"#, &wrong, &first, &last] {
            assert_eq!(with(icon, Some(manifest), Some(&signature_of)), unfit, "{manifest}");
        }
    }

    #[test]
    fn a_second_pass_beside_the_first_is_refused() {
        const OTHER: &str = "icon1.png";
        let mut file = signed(&[("pass.json", &json()), (OTHER, b"{}")]);
        for at in 0..file.len() - OTHER.len() {
            if file[at..at + OTHER.len()] == *OTHER.as_bytes() {
                file[at..at + OTHER.len()].copy_from_slice(PASS.as_bytes());
            }
        }
        assert_eq!(read(&file), Err(Refusal::Damaged));
        let (one, other) = (signed(&[("pass.json", &json())]), signed(&[("pass.json", b"{}")]));
        assert_eq!(read(&[other, one].concat()), Err(Refusal::Damaged), "in an archive before it");
    }

    #[test]
    fn bombs_are_refused() {
        let (json, icon) = (json(), icon());
        // What is behind an image is no harm to it, and packs well.
        let zeros = [icon, vec![0; usize::try_from(MAX_UNPACKED).expect("fits") + 1]].concat();
        let bomb = signed(&[("pass.json", &json), ("logo.png", &zeros)]);
        assert!(bomb.len() < 100_000, "it is small: {}", bomb.len());
        assert_eq!(read(&bomb), Err(Refusal::UnpacksToTooMuch));
        let half = &zeros[..zeros.len() / 2];
        let in_parts = signed(&[("a.png", half), ("pass.json", &json), ("b.png", half)]);
        assert_eq!(read(&in_parts), Err(Refusal::UnpacksToTooMuch));
        let long = signed(&[("pass.json", &zeros[..300_000])]);
        assert_eq!(read(&long), Err(Refusal::UnpacksToTooMuch));
        let names: Vec<String> = (0..=MAX_ENTRIES).map(|number| format!("{number}.png")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
        assert_eq!(read(&signed(&many)), Err(Refusal::UnpacksToTooMuch));
    }

    #[test]
    fn an_entry_that_lies_about_its_size_is_refused() {
        let mut bomb = signed(&[("pass.json", &json()), ("logo.png", &vec![0; 1_000_000])]);
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
            let mut file = signed(&[("pass.json", &json()), (&"_".repeat(name.len()), b"x")]);
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
        for name in OWN {
            linked.start_file(name, SimpleFileOptions::default()).expect("begins an entry");
        }
        linked.add_symlink("logo.png", "/etc/passwd", SimpleFileOptions::default()).expect("adds");
        let linked = linked.finish().expect("ends").into_inner();
        assert_eq!(read(&linked), Err(Refusal::UnsafePath));
    }

    proptest! {
        #[test]
        fn damaged_archives_end_in_an_answer(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
            let mut file = signed(&[("icon.png", &icon()), ("pass.json", &json())]);
            for (at, byte) in changes {
                let at = at.index(file.len());
                file[at] = byte;
            }
            let _ = read(&file);
        }
    }
}
