//! Tickets as documents of any size, for what sells many of them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::iter::repeat_n;

use harness::ticket_files::{pdf_of, stream_of};
use qrcode::{Color, QrCode};
use rand::SeedableRng;
use rand::distr::{Alphanumeric, SampleString};
use rand::rngs::StdRng;

/// How large a module of the code is on the page, in points.
const MODULE: usize = 4;
/// Where the code begins on the page, from the left and from above.
const MARGIN: usize = 60;
/// An A4 page, in points.
const WIDTH: usize = 595;
const HEIGHT: usize = 842;

/// A PDF of exactly so many bytes, with a page on which this QR code is drawn in lines. What the page does not take is
/// noise that belongs to the code: no two codes have the same, and it packs to no less.
///
/// # Panics
/// If the code is too long to be drawn, or the page alone takes more.
pub fn document(code: &str, bytes: usize) -> Vec<u8> {
    let bare = with_noise(code, "").len();
    // The length of the noise is written, too.
    let written = |noise: usize| bare + noise + noise.to_string().len() - 1;
    let room = bytes.checked_sub(bare).expect("a page takes less");
    let noise = (room.saturating_sub(12)..=room).rev().find(|noise| written(*noise) <= bytes).expect("room for noise");
    let mut document = with_noise(code, &noise_of(code, noise));
    // One more digit can make one byte of difference.
    document.extend(repeat_n(b'\n', bytes - document.len()));
    document
}

/// The same for the same code.
fn noise_of(code: &str, length: usize) -> String {
    let mut hasher = DefaultHasher::new();
    code.hash(&mut hasher);
    Alphanumeric.sample_string(&mut StdRng::seed_from_u64(hasher.finish()), length)
}

fn with_noise(code: &str, noise: &str) -> Vec<u8> {
    let page =
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R /Resources << >> >>");
    pdf_of(&[
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        page,
        stream_of("", &lines(code)),
        stream_of("", noise),
    ])
}

/// A black square for each black module.
fn lines(code: &str) -> String {
    let drawn = QrCode::new(code).expect("is short");
    let (side, modules) = (drawn.width(), drawn.to_colors());
    let black = modules.iter().enumerate().filter(|(_, colour)| **colour == Color::Dark);
    let squares = black.map(|(at, _)| {
        let (left, bottom) = (MARGIN + at % side * MODULE, HEIGHT - MARGIN - (at / side + 1) * MODULE);
        format!("{left} {bottom} {MODULE} {MODULE} re\n")
    });
    format!("0 g\n{}f", squares.collect::<String>())
}

#[cfg(test)]
mod tests {
    use delivery::files::Kind;
    use delivery::inspection::inspect;

    use super::*;

    const MIB: usize = 1024 * 1024;

    #[test]
    fn a_document_is_as_large_as_it_is_to_be_and_its_code_is_read() {
        let inspected = inspect(document("ROW A/12", MIB), &|| true).expect("is taken");
        assert_eq!(inspected.kind, Kind::Pdf);
        assert_eq!(inspected.codes.iter().map(|code| code.text.as_str()).collect::<Vec<_>>(), ["ROW A/12"]);
        for bytes in [20_000, 99_999, 100_000, 100_001, 109_999, 110_001, MIB] {
            assert_eq!(document("A", bytes).len(), bytes);
        }
    }

    #[test]
    fn two_documents_have_hardly_anything_in_common_but_their_page() {
        let (one, other) = (document("SEAT 1", 100_000), document("SEAT 2", 100_000));
        let same = one.iter().zip(&other).filter(|(one, other)| one == other).count();
        assert!(same < 20_000, "{same}");
        assert_eq!(document("SEAT 1", 100_000), one);
    }
}
