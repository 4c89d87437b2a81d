use std::io::{Cursor, Write};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What is looked at of a signature by PKCS #7 of this: that it is signed data, and the sum of what was signed.
pub fn signature_of(manifest: &[u8]) -> Vec<u8> {
    const SIGNED_DATA: &[u8] = b"\x30\x2e\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    const MESSAGE_DIGEST: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04\x31\x16\x04\x14";
    [SIGNED_DATA, MESSAGE_DIGEST, digest(&SHA1_FOR_LEGACY_USE_ONLY, manifest).as_ref()].concat()
}

/// The `pass.json` of a pass, with these entries beside or instead of those that each has.
///
/// # Panics
/// If they are no object.
pub fn pass_text(entries: &Value) -> String {
    let mut pass = json!({
        "formatVersion": 1,
        "passTypeIdentifier": "pass.example.tickets",
        "serialNumber": "1",
        "teamIdentifier": "A1B2C3D4E5",
        "organizationName": "Example",
        "description": "Ticket",
        "eventTicket": {},
    });
    for (key, value) in entries.as_object().expect("is an object") {
        pass[key] = value.clone();
    }
    pass.to_string()
}

/// A pass with this text as its `pass.json`.
///
/// # Panics
/// If it cannot be packed.
pub fn pass_of(text: &str) -> Vec<u8> {
    signed(&[("pass.json", text.as_bytes())])
}

/// An archive with these entries, and with a manifest of them and a signature, as passes have them.
///
/// # Panics
/// If it cannot be packed.
pub fn signed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let sum = |content: &[u8]| hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, content));
    let sums = entries.iter().map(|(name, content)| ((*name).to_owned(), sum(content).into()));
    let manifest = Value::Object(sums.collect()).to_string();
    let signature = signature_of(manifest.as_bytes());
    archive(&[entries, &[("manifest.json", manifest.as_bytes()), ("signature", &signature)]].concat())
}

/// An archive with these entries, as nobody signed it: of each the name and the content.
///
/// # Panics
/// If it cannot be packed.
pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).expect("begins an entry");
        archive.write_all(content).expect("packs");
    }
    archive.finish().expect("ends").into_inner()
}
