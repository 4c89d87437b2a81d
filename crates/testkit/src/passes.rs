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
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("manifest.json", "{}"), ("pass.json", pass.as_str())] {
        archive.start_file(name, SimpleFileOptions::default()).expect("begins an entry");
        archive.write_all(content.as_bytes()).expect("packs");
    }
    archive.finish().expect("ends").into_inner()
}
