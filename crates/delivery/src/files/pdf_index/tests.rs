use harness::ticket_files::{pdf_of, stream_of};

use super::*;
use crate::files::open_pdf;

fn is_right(file: &[u8]) -> bool {
    read(file).is_some()
}

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
    let before = format!("/Prev {earlier}");
    let twice = format!("{before} /Prev 10");
    for astray in ["/Prev 10", "/Prev /Here", "/Prev 10 0 R", "/Prev null", "/XRefStm 10", &twice] {
        let astray = more.replace(&before, astray);
        assert!(!is_right(&[first.as_slice(), astray.as_bytes()].concat()), "{astray}");
    }
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

/// One page, whose catalog and tree are inside object 4, with these rows of an index that is a stream.
fn streamed(change: impl FnOnce(&mut [[usize; 3]; 6])) -> String {
    let [catalog, tree] = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"];
    let numbers = format!("1 0 2 {} ", catalog.len() + 1);
    let both =
        stream_of(&format!("/Type /ObjStm /N 2 /First {}", numbers.len()), &format!("{numbers}{catalog} {tree}"));
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>".to_owned();
    let (mut file, mut places) = ("%PDF-1.7\n".to_owned(), Vec::new());
    for (number, object) in [(3, page), (4, both)] {
        places.push(file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    let mut rows = [[0, 0, 65_535], [2, 4, 0], [2, 4, 1], [1, places[0], 0], [1, places[1], 0], [1, start, 0]];
    change(&mut rows);
    let rows: String = rows.iter().map(|[kind, first, second]| format!("{kind:02x}{first:08x}{second:04x}")).collect();
    let entries = "/Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R /Filter /ASCIIHexDecode";
    let index = stream_of(entries, &format!("{rows}>"));
    format!("{file}5 0 obj\n{index}\nendobj\nstartxref\n{start}\n%%EOF")
}

/// The same, if object 4 has more inside than the index says, and objects beside it: these.
fn with_more(numbers: &str, objects: &str, beside: &str) -> String {
    let right = streamed(|_| ());
    let (count, first) = ((numbers.split(' ').count() - 1) / 2, numbers.len());
    let packed = stream_of(&format!("/Type /ObjStm /N {count} /First {first}"), &format!("{numbers}{objects}"));
    let (before, index) = right.split_at(right.find("4 0 obj").expect("is there"));
    let index = &index[index.find("5 0 obj").expect("is there")..];
    let (at, file) = (before.len(), format!("{before}4 0 obj\n{packed}\nendobj\n"));
    let (start, beside_at) = (file.len() + beside.len(), file.len());
    let old = right.find("5 0 obj").expect("is there");
    let row = |at: usize| format!("01{at:08x}0000");
    let index = index.replace(&row(right.find("4 0 obj").expect("is there")), &row(at));
    let index = index.replace(
        &row(old),
        &format!("{}{}", row(start), if beside.is_empty() { String::new() } else { row(beside_at) }),
    );
    let index = index.replace(&format!("startxref\n{old}"), &format!("startxref\n{start}"));
    let index =
        if beside.is_empty() { index } else { index.replace("/Size 6", "/Size 7").replace("/Length 85", "/Length 99") };
    format!("{file}{beside}{index}")
}

fn opens(file: &str) -> bool {
    open_pdf(file.as_bytes().to_vec()).is_ok()
}

#[test]
fn an_index_may_be_a_stream() {
    let right = streamed(|_| ());
    assert!(opens(&right));
    assert!(opens(&right.replace("/Size 6", "/Size 6 /Index [0 6]")));
    assert!(opens(&right.replace("/Size 6", "/Size 6 /Index [0 2 2 4]")));
}

#[test]
fn what_is_inside_others_is_there_once_and_as_the_index_says() {
    let [catalog, tree] = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"];
    let script = "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>";
    let (both, third) = (format!("{catalog} {tree} "), catalog.len() + tree.len() + 2);
    assert!(opens(&with_more("1 0 2 34 ", &both, "")));
    for more in [1, 2, 7] {
        let numbers = format!("1 0 2 34 {more} {third} ");
        for object in [script, catalog, "null"] {
            assert!(!opens(&with_more(&numbers, &format!("{both}{object}"), "")), "{more} {object}");
        }
    }
    let other = |objects: &str| stream_of("/Type /ObjStm /N 1 /First 4", &format!("1 0 {objects}"));
    for object in [script, catalog] {
        let beside = format!("6 0 obj\n{}\nendobj\n", other(object));
        assert!(!opens(&with_more("1 0 2 34 ", &both, &beside)), "{object}");
    }
    assert!(opens(&with_more("1 0 2 34 ", &both, "6 0 obj\n<< /A /B >>\nendobj\n")));
}

#[test]
fn one_that_is_a_stream_and_lies_is_not_right() {
    for (object, row) in [
        (1, [2, 4, 1]),
        (1, [2, 4, 2]),
        (1, [2, 3, 0]),
        (1, [2, 9, 0]),
        (2, [2, 4, 0]),
        (3, [1, 10, 0]),
        (3, [1, 9, 1]),
        (3, [1, 1_000_000, 0]),
        (3, [3, 9, 0]),
        (5, [1, 9, 0]),
    ] {
        assert!(!opens(&streamed(|rows| rows[object] = row)), "{object}: {row:?}");
    }
    for (words, others) in [
        ("/Size 6", "/Size 7"),
        ("/Size 6", "/Size 6 /Index [1 6]"),
        ("/Size 6", "/Size 6 /Index 6"),
        ("/Size 6", "/Size 6 /Prev 10"),
        ("/Size 6", "/Size 6 /Size 5"),
        ("/W [1 4 2]", "/W [1 4 3]"),
        ("/W [1 4 2]", "/W [0 0 0]"),
        ("/Type /XRef", "/Type /Page"),
        ("/ASCIIHexDecode /Length 8", "/ASCIIHexDecode /Length 7"),
        ("1 0 2 34 ", "1 0 3 34 "),
        ("/Type /ObjStm", "/Type /ObjSum"),
    ] {
        let right = streamed(|_| ());
        assert!(right.contains(words), "{words}");
        assert!(!opens(&right.replacen(words, others, 1)), "{others}");
    }
}
