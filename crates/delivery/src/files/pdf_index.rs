//! Where a document says that its parts are. A program that finds nothing there looks through the whole file, and may take
//! other parts for the document than we do: such a file could show us one ticket and its buyer another, or run a script
//! that we have not seen. It is damaged anyway: an upload was cut off, or something was added behind its end.
//!
//! Of an index that is a stream it is only seen that it is there.
//! <https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf>, 7.5.4 and 7.5.5

/// How often a document may have been added to.
const MOST_REVISIONS: usize = 100;

/// Whether the document ends where it says so, and each part is where the index says.
pub(super) fn is_right(file: &[u8]) -> bool {
    let Some(at) = file.windows(START.len()).rposition(|window| window == START) else { return false };
    let Some((mut index, rest)) = number(&file[at + START.len()..]) else { return false };
    let Some(behind) = rest.trim_ascii_start().strip_prefix(b"%%EOF") else { return false };
    if !behind.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return false;
    }
    for _ in 0..MOST_REVISIONS {
        let Some(part) = file.get(index..) else { return false };
        let Some(table) = part.trim_ascii_start().strip_prefix(b"xref") else { return is_stream(part) };
        match previous(file, table) {
            Ok(Some(earlier)) => index = earlier,
            Ok(None) => return true,
            Err(NotThere) => return false,
        }
    }
    false
}

const START: &[u8] = b"startxref";
const TRAILER: &[u8] = b"trailer";

/// A part is not where it should be.
struct NotThere;

/// Checks the entries of one table, and says where the one before it is, if there is one.
fn previous(file: &[u8], mut table: &[u8]) -> Result<Option<usize>, NotThere> {
    loop {
        if let Some(trailer) = table.trim_ascii_start().strip_prefix(TRAILER) {
            let end = trailer.windows(START.len()).position(|window| window == START).unwrap_or(trailer.len());
            let trailer = &trailer[..end];
            let before = trailer.windows(5).position(|window| window == b"/Prev");
            return Ok(before.and_then(|at| number(&trailer[at + 5..])).map(|(index, _)| index));
        }
        let (first, rest) = number(table).ok_or(NotThere)?;
        let (count, rest) = number(rest).ok_or(NotThere)?;
        table = rest;
        for object in first..first.saturating_add(count) {
            let (offset, rest) = number(table).ok_or(NotThere)?;
            let (generation, rest) = number(rest).ok_or(NotThere)?;
            let (kind, rest) = rest.trim_ascii_start().split_first().ok_or(NotThere)?;
            if *kind == b'n' && file.get(offset..).and_then(header) != Some((object, generation)) {
                return Err(NotThere);
            }
            table = rest;
        }
    }
}

/// Whether an index that is a stream begins here.
fn is_stream(part: &[u8]) -> bool {
    let end = part.windows(6).position(|window| window == b"stream").unwrap_or(part.len());
    header(part).is_some() && part[..end].windows(5).any(|window| window == b"/XRef")
}

/// The number and the generation of the object that begins here.
fn header(part: &[u8]) -> Option<(usize, usize)> {
    let (object, rest) = number(part)?;
    let (generation, rest) = number(rest)?;
    rest.trim_ascii_start().starts_with(b"obj").then_some((object, generation))
}

/// The number that follows, and what is behind it.
fn number(text: &[u8]) -> Option<(usize, &[u8])> {
    let text = text.trim_ascii_start();
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use harness::ticket_files::pdf_of;

    use super::*;

    fn document() -> Vec<u8> {
        pdf_of(&["<< /Type /Catalog /Pages 2 0 R >>".to_owned(), "<< /Type /Pages /Kids [] /Count 0 >>".to_owned()])
    }

    /// With other words in place of these.
    fn with(words: &str, others: &str) -> Vec<u8> {
        String::from_utf8(document()).expect("text").replacen(words, others, 1).into_bytes()
    }

    #[test]
    fn a_document_with_its_parts_where_it_says_is_right() {
        assert!(is_right(&document()));
        assert!(is_right(&[document().as_slice(), b"\r\n\0\0"].concat()));
        // Once more with an object, as programs add to a document.
        let first = document();
        let table = format!("3 0 obj\nnull\nendobj\nxref\n3 1\n{:010} 00000 n \n", first.len());
        let earlier = String::from_utf8_lossy(&first).rfind("\nxref\n0 ").map(|before| before + 1).expect("there is one");
        let start = first.len() + "3 0 obj\nnull\nendobj\n".len();
        let more = format!("{table}trailer\n<< /Root 1 0 R /Prev {earlier} >>\nstartxref\n{start}\n%%EOF\n");
        assert!(is_right(&[first.as_slice(), more.as_bytes()].concat()));
        let astray = more.replace(&format!("/Prev {earlier}"), "/Prev 10");
        assert!(!is_right(&[first.as_slice(), astray.as_bytes()].concat()));
        // An index that is a stream.
        let stream = b"%PDF-1.7\n1 0 obj\n<< /Type /XRef >>\nendobj\nstartxref\n9\n%%EOF".as_slice();
        assert!(is_right(stream));
        assert!(!is_right(b"%PDF-1.7\n1 0 obj\n<< /Type /Page >>\nendobj\nstartxref\n9\n%%EOF"));
    }

    #[test]
    fn one_that_another_program_would_repair_is_not() {
        let whole = document();
        for kept in [whole.len() - 3, whole.len() * 19 / 20, whole.len() / 2, 0] {
            assert!(!is_right(&whole[..kept]), "{kept}");
        }
        for (words, others) in [
            ("startxref\n", "startxref\n9"),
            ("startxref\n", "startxref\n-"),
            ("startxref", "start"),
            ("\nxref\n", "\n"),
            ("1 0 obj", "1 0  obj "),
            ("1 0 obj", "3 0 obj"),
            ("00000 n", "00001 n"),
            ("0 3", "1 2"),
            ("0 3", "0 4"),
            ("trailer", "tailer"),
        ] {
            assert!(!is_right(&with(words, others)), "{others}");
        }
        for behind in ["<html><script>alert(1)</script>", "PK\u{3}\u{4}", "%", "%%EOF"] {
            assert!(!is_right(&[whole.as_slice(), behind.as_bytes()].concat()), "{behind}");
        }
    }
}
