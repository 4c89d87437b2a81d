//! The reader of documents, tried with documents that are almost right.

use fuzz::json_like;
use mongodb::bson::{RawDocument, RawDocumentBuf};
use ports::store::Collection;
use proptest::prelude::*;
use proptest::sample::Index;

use super::document::{of_record, to_record};
use super::value::to_document;

const THINGS: Collection = Collection { name: "things", indexes: &[] };

const DOCUMENTS: &[&str] = &[
    r#"{"_id":"5f1f77bcf86cd799439011aa","version":3,"title":"Łódź","price":1999,"lock":{"order":null,"sold":true},"of":[1,2.5]}"#,
];

proptest! {
    #[test]
    fn documents(json in json_like(DOCUMENTS), damage in prop::collection::vec((any::<Index>(), any::<u8>()), 0..3)) {
        let Ok(document) = to_document(&json.as_object().cloned().unwrap_or_default()) else { return Ok(()) };
        let Ok(whole) = RawDocumentBuf::try_from(&document) else { return Ok(()) };
        let mut bytes = whole.into_bytes();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let Ok(found) = RawDocument::from_bytes(&bytes) else { return Ok(()) };
        // What can be read can be written, and is read as the same.
        let Ok(record) = to_record(&THINGS, found) else { return Ok(()) };
        let Ok(written) = of_record(&record) else { return Ok(()) };
        let Ok(written) = RawDocumentBuf::try_from(&written) else { return Ok(()) };
        prop_assert_eq!(to_record(&THINGS, &written).expect("reads back"), record);
    }
}
