//! Documents: how many objects and pages one has is looked at before any is drawn. How long drawing takes nobody knows
//! before: the worker's limit ends it.

use std::ops::RangeInclusive;

use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};

use super::Refusal;
use super::{active_content, page_tree, pdf_index};

/// How many pages a document may have.
pub const MAX_PAGES: usize = 50;
/// How many objects a document may have.
pub const MAX_OBJECTS: usize = 50_000;
/// How wide and how high a page may be, in points: from half an inch to what the format has as its limit, 200 inches.
const SIDES: RangeInclusive<f64> = 36.0..=14_400.0;

/// The document, unless it is too large, locked, or more than a document.
pub fn open(file: Vec<u8>) -> Result<Pdf, Refusal> {
    let packed = pdf_index::read(&file).ok_or(Refusal::Damaged)?;
    let pdf = parse(file)?;
    if packed.is_right_in(&pdf) { Ok(pdf) } else { Err(Refusal::Damaged) }
}

/// The same, wherever its parts are.
pub(crate) fn parse(file: Vec<u8>) -> Result<Pdf, Refusal> {
    let pdf = Pdf::new(file).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Refusal::Locked,
        LoadPdfError::Invalid => Refusal::Damaged,
    })?;
    if pdf.len() > MAX_OBJECTS || pdf.pages().len() > MAX_PAGES || !page_tree::is_within_limits(&pdf) {
        return Err(Refusal::TooManyPages);
    }
    if pdf.pages().is_empty() {
        return Err(Refusal::Damaged);
    }
    if pdf.pages().iter().any(|page| !is_of_paper(page)) {
        return Err(Refusal::UnfitPage);
    }
    active_content::check(&pdf)?;
    Ok(pdf)
}

/// Whether a page has sides that somebody could hold or hang up. What cannot be seen would not be drawn either, and count
/// as a page without a code.
fn is_of_paper(page: &Page<'_>) -> bool {
    let unit = page.raw().get::<f32>(b"UserUnit").map_or(1.0, f64::from);
    [page.media_box(), page.intersected_crop_box()]
        .iter()
        .flat_map(|sides| [sides.width(), sides.height()])
        .all(|side| SIDES.contains(&(side * unit)))
}

#[cfg(test)]
mod tests {
    use harness::ticket_files::pdf_of;

    use super::*;

    fn refusal(file: Vec<u8>) -> Option<Refusal> {
        open(file).err()
    }

    const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";

    /// A document with `pages` empty pages.
    fn pages(pages: usize) -> Vec<u8> {
        let kids: String = (0..pages).map(|page| format!("{} 0 R ", page + 3)).collect();
        let mut objects = vec![CATALOG.to_owned(), format!("<< /Type /Pages /Kids [{kids}] /Count {pages} >>")];
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>";
        objects.extend(std::iter::repeat_n(page.to_owned(), pages));
        pdf_of(&objects)
    }

    fn with(object: &str) -> Vec<u8> {
        let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned();
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>".to_owned();
        pdf_of(&[CATALOG.to_owned(), pages, page, object.to_owned()])
    }

    #[test]
    fn plain_documents_are_opened() {
        assert_eq!(open(pages(MAX_PAGES)).map(|pdf| pdf.pages().len()), Ok(MAX_PAGES));
        assert_eq!(refusal(with("<< /S /URI /URI (https://example.com) >>")), None);
    }

    #[test]
    fn endless_documents_are_refused() {
        assert_eq!(refusal(pages(MAX_PAGES + 1)), Some(Refusal::TooManyPages));
        let mut objects = vec![CATALOG.to_owned(), "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned()];
        objects.push("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>".to_owned());
        objects.extend(std::iter::repeat_n("null".to_owned(), MAX_OBJECTS));
        assert_eq!(refusal(pdf_of(&objects)), Some(Refusal::TooManyPages));
    }

    #[test]
    fn a_page_tree_that_goes_in_circles_ends() {
        let circle = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>".to_owned();
        assert!(refusal(pdf_of(&[CATALOG.to_owned(), circle])).is_some());
    }

    /// A document whose only page is in its tree as often as these nodes say; the page is the last of the objects.
    fn one_page_in(nodes: &[String]) -> Vec<u8> {
        let page = "<< /Type /Page /MediaBox [0 0 200 200] >>".to_owned();
        pdf_of(&[&[CATALOG.to_owned()], nodes, &[page]].concat())
    }

    #[test]
    fn a_page_counts_as_often_as_it_is_in_the_tree() {
        let flat = |kids: &str, count: usize| {
            one_page_in(&[format!("<< /Type /Pages /Kids [{}] /Count {count} >>", kids.repeat(count))])
        };
        assert_eq!(refusal(flat("3 0 R ", MAX_PAGES)), None);
        for count in [MAX_PAGES + 1, 1_000_000] {
            assert_eq!(refusal(flat("3 0 R ", count)), Some(Refusal::TooManyPages), "{count}");
        }
        // What is no page is looked at, too.
        assert_eq!(refusal(flat("3 0 R null ", 1_000)), Some(Refusal::TooManyPages));
        // Ten times ten times ten of it, by five objects; with and without saying what they are.
        for said in ["/Type /Pages", ""] {
            let node = |next: usize| format!("<< {said} /Kids [{}] /Count 9 >>", format!("{next} 0 R ").repeat(10));
            let nested = one_page_in(&[node(3), node(4), node(5)]);
            assert_eq!(refusal(nested), Some(Refusal::TooManyPages), "{said}");
        }
    }

    #[test]
    fn a_page_has_sides_that_paper_has() {
        let page = |entries: &str| {
            let page = format!("<< /Type /Page /Parent 2 0 R {entries} >>");
            refusal(pdf_of(&[CATALOG.to_owned(), "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(), page]))
        };
        for sides in ["[0 0 36 14400]", "[595 842 0 0]", "[-100 -100 100 100]", "[0 0 60 60] /UserUnit 10"] {
            assert_eq!(page(&format!("/MediaBox {sides}")), None, "{sides}");
        }
        assert_eq!(page(""), None, "A4");
        for sides in [
            "[0 0 1 1]",
            "[0 0 0 0]",
            "[0 0 35 200]",
            "[0 0 200 14401]",
            "[0 0 1000000000 200]",
            "[0 0 200 200] /CropBox [0 0 1 1]",
            "[0 0 200 200] /CropBox [300 300 400 400]",
            "[0 0 200 200] /UserUnit 1000",
            "[0 0 200 200] /UserUnit 0",
            "[0 0 200 200] /UserUnit -1",
        ] {
            assert_eq!(page(&format!("/MediaBox {sides}")), Some(Refusal::UnfitPage), "{sides}");
        }
        assert_eq!(page("/MediaBox [0 0 1e9 1e9]"), Some(Refusal::Damaged), "no numbers");
    }

    #[test]
    fn what_is_no_document_is_damaged() {
        assert_eq!(refusal(b"%PDF-1.7\n".to_vec()), Some(Refusal::Damaged));
        assert_eq!(refusal(b"%PDF-1.7\n<script>alert(1)</script>".to_vec()), Some(Refusal::Damaged));
    }
}
