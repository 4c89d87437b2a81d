use std::io::{Cursor, Write};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The beginning of a signature, of which nobody looks at the rest.
pub(crate) const SIGNED: &[u8] = b"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// A pass with this text as its `pass.json`.
pub(crate) fn pass_of(text: &str) -> Vec<u8> {
    signed(&[("pass.json", text.as_bytes())])
}

/// An archive with these entries, and with a manifest of them and a signature, as passes have them.
pub(crate) fn signed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let sum = |content: &[u8]| hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, content));
    let sums = entries.iter().map(|(name, content)| ((*name).to_owned(), sum(content).into()));
    let manifest = serde_json::Value::Object(sums.collect()).to_string();
    archive(&[entries, &[("manifest.json", manifest.as_bytes()), ("signature", SIGNED)]].concat())
}

/// An archive with these entries: of each the name and the content.
pub(crate) fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).expect("begins an entry");
        archive.write_all(content).expect("packs");
    }
    archive.finish().expect("ends").into_inner()
}
