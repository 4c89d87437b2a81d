//! What people upload and what is kept, tried with what is almost right. What a changed byte does to images and archives
//! is tried next to what reads them.

use fuzz::{bytes_like, json_like, text_like};
use harness::ticket_files::pass_of;
use proptest::prelude::*;

use crate::barcodes::{Code, MAX_CODES, MAX_TEXT, find_in_pages};
use crate::files::parse_pdf;
use crate::inspection::inspect;
use crate::sealing::{KeyId, WrappedKey};
use crate::storage::StorageAddress;

/// Documents without an index of their objects: whatever is changed, all of them are found.
const DOCUMENTS: &[&str] = &[
    "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
     3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>\nendobj\n4 0 obj\n<< /Length 27 >>\n\
     stream\n0 g 10 10 50 50 re f q 1 0 Q\nendstream\nendobj\ntrailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n",
    "%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >> endobj\n\
     2 0 obj << /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >> endobj 3 0 obj << /Type /Page /MediaBox [0 0 1e9 1] \
     /Contents [4 0 R 4 0 R] /Resources << /XObject << /X 5 0 R >> >> >> endobj 4 0 obj << /Length 5 0 R >> stream\n\
     /X Do\nendstream endobj 5 0 obj << /Subtype /Form /BBox [0 0 9 9] /Length 5 >> stream\n/X Do\nendstream endobj \
     trailer << /Root 1 0 R >>",
];

const PASSES: &[&str] = &[
    r#"{"formatVersion":1,"passTypeIdentifier":"p","serialNumber":"1","teamIdentifier":"t","organizationName":"o",
        "description":"d","eventTicket":{},
        "barcodes":[{"format":"PKBarcodeFormatAztec","message":"A1","messageEncoding":"utf-8"}]}"#,
    r#"{"formatVersion":1,"barcode":{"format":"PKBarcodeFormatQR","message":"A1"},"barcodes":null}"#,
];

fn is_within_limits(codes: &[Code]) -> bool {
    codes.len() <= MAX_CODES && codes.iter().all(|code| code.text.len() <= MAX_TEXT)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn documents(file in bytes_like(DOCUMENTS)) {
        // Each page is drawn once, since that it is empty would be looked at in fifteen ways.
        let asked = std::cell::Cell::new(0);
        let may_go_on = || asked.replace(asked.get() + 1) < 2;
        if let Ok(codes) = parse_pdf(file).and_then(|pdf| find_in_pages(&pdf, &may_go_on)) {
            prop_assert!(is_within_limits(&codes));
        }
    }

    #[test]
    fn passes(pass in json_like(PASSES), text in text_like(PASSES)) {
        for text in [pass.to_string(), text] {
            let Ok(inspection) = inspect(pass_of(&text), &|| true) else { continue };
            prop_assert!(is_within_limits(&inspection.codes));
        }
    }

    #[test]
    fn wrapped_keys(text in text_like(&["v1.0123456789abcdef.AAECAwQFBgcICQoLDA0ODw", "v1..", "v2.0123456789abcdef."])) {
        if let Ok(key) = text.parse::<WrappedKey>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn key_ids(text in text_like(&["0123456789abcdef", "ffffffffffffffff"])) {
        if let Ok(id) = text.parse::<KeyId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn addresses_of_stores(text in text_like(&[
        "memory:",
        "file:///data/files",
        "s3://tickets/a?endpoint=https://s3.example.com&region=eu-1",
    ])) {
        if let Ok(address) = text.parse::<StorageAddress>() {
            prop_assert!(!address.to_string().is_empty());
        }
    }
}
