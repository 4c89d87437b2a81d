//! Tickets as files, for tests that sell them.

use std::io::{Cursor, Write};

use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A pass for a wallet with this QR code: of all files the one that is read soonest.
///
/// # Panics
/// If it cannot be packed.
pub fn pass(code: &str) -> Vec<u8> {
    let barcode = json!({"format": "PKBarcodeFormatQR", "message": code, "messageEncoding": "iso-8859-1"});
    let pass = json!({"formatVersion": 1, "description": "Ticket", "barcodes": [barcode]}).to_string();
    archive(&[("manifest.json", b"{}"), ("pass.json", pass.as_bytes())])
}

/// An archive with these entries, as passes are: of each the name and the content.
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
