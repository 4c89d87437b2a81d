//! Documents: how many objects and pages one has is looked at before any is drawn. How long drawing takes nobody knows
//! before: the worker's limit ends it.

use hayro::hayro_syntax::{LoadPdfError, Pdf};

use super::Refusal;
use super::{active_content, page_tree};

/// How many pages a document may have.
pub const MAX_PAGES: usize = 50;
/// How many objects a document may have.
pub const MAX_OBJECTS: usize = 50_000;

/// The document, unless it is too large, locked, or more than a document.
pub fn open(file: Vec<u8>) -> Result<Pdf, Refusal> {
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
    if active_content::is_in(&pdf)? { Err(Refusal::ActiveContent) } else { Ok(pdf) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::pdf_of;

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
    fn documents_that_do_something_are_refused() {
        for active in [
            "<< /S /JavaScript /JS (app.alert(1)) >>",
            "<< /Type /Annot /A << /S /Launch /F (cmd.exe) >> >>",
            "[ << /Next [ << /S /#4aavaScript >> ] >> ]",
            "<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream",
            "<< /Type /Annot /Subtype /RichMedia >>",
            "<< /Fields [] /XFA [(template) 4 0 R] >>",
            "<< /S /SubmitForm /F (https://example.com/) >>",
            "<< /Type /Annot /A << /S /GoToR /F (other.pdf) /D [0 /Fit] >> >>",
            "<< /S /GoToE /T << /R /C /N (inner.pdf) >> >>",
            "<< /S /ImportData /F (form.fdf) >>",
        ] {
            assert_eq!(refusal(with(active)), Some(Refusal::ActiveContent), "{active}");
        }
    }

    #[test]
    fn links_lead_to_what_a_browser_opens_without_harm() {
        for uri in [
            "https://a.example/?x=javascript:1",
            "HTTP://a.example",
            "mailto:a@b.c",
            "tel:+44",
            "www.a.example",
            "#a:b",
        ] {
            assert_eq!(refusal(with(&format!("<< /S /URI /URI ({uri}) >>"))), None, "{uri}");
        }
        for uri in [
            "javascript:alert\\(1\\)",
            " JavaScript:x",
            "java\\nscript:x",
            "\\000j\\000avascript:x",
            "file:///etc/passwd",
            "FILE:a",
            "vbscript:x",
            "data:text/html,x",
            "search-ms:query=x",
            "\\\\\\\\server\\\\share",
            "//server/share",
        ] {
            assert_eq!(refusal(with(&format!("<< /S /URI /URI ({uri}) >>"))), Some(Refusal::ActiveContent), "{uri}");
            let annotated = format!("<< /Type /Annot /A << /S /URI /URI ({uri}) >> >>");
            assert_eq!(refusal(with(&annotated)), Some(Refusal::ActiveContent), "{uri}");
            let based = format!("<< /URI << /Base ({uri}) >> >>");
            assert_eq!(refusal(with(&based)), Some(Refusal::ActiveContent), "{uri}");
        }
    }

    #[test]
    fn what_is_no_document_is_damaged() {
        assert_eq!(refusal(b"%PDF-1.7\n".to_vec()), Some(Refusal::Damaged));
        assert_eq!(refusal(b"%PDF-1.7\n<script>alert(1)</script>".to_vec()), Some(Refusal::Damaged));
    }
}
