//! Tickets as files, for tests that sell them.

use std::io::{Cursor, Write};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The beginning of a signature by PKCS #7: that it is signed data, and of what with this sum.
const SIGNATURE: &[u8] = b"\x30\x2e\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\
    \x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04\x31\x16\x04\x14";

/// A pass for a wallet with this QR code: of all files the one that is read soonest.
///
/// # Panics
/// If it cannot be packed.
pub fn pass(code: &str) -> Vec<u8> {
    let barcode = json!({"format": "PKBarcodeFormatQR", "message": code, "messageEncoding": "iso-8859-1"});
    signed(&[("pass.json", text(&[barcode]).as_bytes())])
}

/// The text of a pass with these codes, and with all that every pass has.
pub fn text(barcodes: &[Value]) -> String {
    let pass = json!({
        "formatVersion": 1,
        "passTypeIdentifier": "pass.example.tickets",
        "serialNumber": "1",
        "teamIdentifier": "A1B2C3D4E5",
        "organizationName": "Example",
        "description": "Ticket",
        "eventTicket": {},
        "barcodes": barcodes,
    });
    pass.to_string()
}

/// A pass with these entries, its manifest and its signature, of which nobody looks at more than the beginning.
///
/// # Panics
/// If it cannot be packed.
pub fn signed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let hex = |sum: &[u8]| sum.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let sum = |content: &[u8]| hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, content).as_ref());
    let sums = entries.iter().map(|(name, content)| ((*name).to_owned(), sum(content).into()));
    let manifest = Value::Object(sums.collect()).to_string();
    let signature = [SIGNATURE, digest(&SHA1_FOR_LEGACY_USE_ONLY, manifest.as_bytes()).as_ref()].concat();
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
