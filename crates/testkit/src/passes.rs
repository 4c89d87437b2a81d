//! Tickets as passes for a wallet, for tests that sell them.

use harness::ticket_files::{pass_of, pass_text};
use serde_json::json;

/// A pass for a wallet with this QR code: of all files the one that is read soonest.
///
/// # Panics
/// If it cannot be packed.
pub fn pass(code: &str) -> Vec<u8> {
    let barcode = json!({"format": "PKBarcodeFormatQR", "message": code, "messageEncoding": "iso-8859-1"});
    pass_of(&pass_text(&json!({"barcodes": [barcode]})))
}
