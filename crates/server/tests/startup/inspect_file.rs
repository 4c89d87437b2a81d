//! The worker that looks at uploaded files, as the product's own program: by a pipe, and within its limits.

use std::path::Path;
use std::time::Duration;

use delivery::barcodes::{Code, Symbology};
use delivery::files::{Kind, MAX_BYTES, Refusal};
use delivery::inspection::Inspection;
use delivery::worker::{Client, Look, WorkerError};

/// A page with a QR code drawn in lines.
const TICKET: &[u8] = include_bytes!("ticket.pdf");

async fn inspected(look: Look, file: &[u8]) -> Result<Result<Inspection, Refusal>, WorkerError> {
    let program = Path::new(env!("CARGO_BIN_EXE_ticketing")).to_owned();
    Client::new(program, vec!["inspect-file".into()], Duration::from_secs(120), 1).inspect(look, file).await
}

#[tokio::test]
async fn the_code_in_a_document_is_found() {
    let code = Code { symbology: Symbology::Qr, text: "TICKET/2027-06-12/ROW 13".to_owned() };
    for look in [Look::Brief, Look::Whole] {
        let found = inspected(look, TICKET).await.expect("answers");
        assert_eq!(found, Ok(Inspection { kind: Kind::Pdf, codes: vec![code.clone()] }), "{look:?}");
    }
    assert_eq!(inspected(Look::Brief, b"<svg/>").await.expect("answers"), Err(Refusal::UnknownKind));
}

#[tokio::test]
async fn a_bomb_ends_its_worker_at_most() {
    let nested = [b"%PDF-1.7\n1 0 obj\n".as_slice(), &vec![b'['; MAX_BYTES as usize - 100]].concat();
    let ended = inspected(Look::Whole, &nested).await;
    let is_refused = matches!(&ended, Ok(Err(Refusal::Damaged | Refusal::TooManyPages)));
    assert!(is_refused || matches!(&ended, Err(error) if error.is_about_the_file()), "{ended:?}");
}

#[tokio::test]
async fn the_largest_photograph_is_within_its_memory() {
    let mut file = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(7_000, 7_000).write_to(&mut file, image::ImageFormat::Png).expect("encodes");
    let found = inspected(Look::Whole, file.get_ref()).await.expect("answers");
    assert_eq!(found, Ok(Inspection { kind: Kind::Png, codes: vec![] }));
}
