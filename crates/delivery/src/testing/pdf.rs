use std::fmt::Write;

use harness::ticket_files::{pdf_of, stream_of};

use crate::files::Picture;

/// An A4 page with this content, and with `image` as its only other part.
fn page(content: &str, image: &str) -> Vec<u8> {
    pdf_of(&[
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /XObject << /Code 5 0 R >> >> >>"
            .to_owned(),
        stream_of("", content),
        image.to_owned(),
    ])
}

/// A page with the picture as an image, at `points` to a pixel.
pub(super) fn with_image(picture: &Picture, points: f32) -> Vec<u8> {
    let (width, height) = (picture.width(), picture.height());
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 \
         /Filter /ASCIIHexDecode"
    );
    let image = stream_of(&entries, &format!("{}>", hex::encode(picture.pixels())));
    let content = format!("q {} 0 0 {} 60 500 cm /Code Do Q", width as f32 * points, height as f32 * points);
    page(&content, &image)
}

/// A page with a black rectangle for each run of black pixels, at `points` to a pixel.
pub(super) fn with_lines(picture: &Picture, points: f32) -> Vec<u8> {
    page(&lines_of(picture, points), "null")
}

/// A document with A4 pages that have these contents.
pub(crate) fn pages_of(contents: &[String]) -> Vec<u8> {
    let kids: String = (0..contents.len()).map(|page| format!("{} 0 R ", 3 + 2 * page)).collect();
    let tree = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", contents.len());
    let pages = (0..).zip(contents).flat_map(|(page, content)| {
        let parts = format!("/MediaBox [0 0 595 842] /Contents {} 0 R", 4 + 2 * page);
        [format!("<< /Type /Page /Parent 2 0 R {parts} >>"), stream_of("", content)]
    });
    let catalog = "<< /Type /Catalog /Pages 2 0 R >>".to_owned();
    pdf_of(&[catalog, tree].into_iter().chain(pages).collect::<Vec<_>>())
}

/// A black rectangle for each run of black pixels, at `points` to a pixel.
pub(crate) fn lines_of(picture: &Picture, points: f32) -> String {
    let mut content = String::from("0 g\n");
    for y in 0..picture.height() {
        let row: Vec<bool> = (0..picture.width()).map(|x| picture.at(x.into(), y.into()) < 128).collect();
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run[0] {
                let (left, bottom) = (60.0 + x as f32 * points, 700.0 - y as f32 * points);
                let width = run.len() as f32 * points;
                writeln!(content, "{left:.3} {bottom:.3} {width:.3} {points:.3} re").expect("is written");
            }
            x += run.len();
        }
    }
    content.push('f');
    content
}
