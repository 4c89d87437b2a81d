//! Files that are no tickets, or more than tickets.

use std::io::Write;

use anyhow::Result;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use harness::ticket_files::{archive, pass_text, pdf_of, signed, stream_of};
use serde_json::json;

/// What a file may have.
const TEN_MIB: usize = 10 * 1024 * 1024;

/// A file, and whether it must be refused. What may be a ticket for all that anybody can tell has to be answered in time,
/// and may be taken.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) file: Vec<u8>,
    pub(super) must_be_refused: bool,
}

/// All of them, but only so many of those `without_codes`: each of these is looked at for 8 s of a processor. `endless`
/// is how much of something those have that do not end.
pub(super) fn cases(endless: usize, without_codes: usize) -> Result<Vec<Case>> {
    let refused = |name, file: Vec<u8>| Case { name, file, must_be_refused: true };
    let mut cases = vec![
        refused("nothing", Vec::new()),
        refused("an SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec()),
        refused("a page", b"<!doctype html><script>alert(1)</script>".to_vec()),
        refused("a page with a document in it", [b"<html>".as_slice(), &document(&[])].concat()),
        refused("a program", b"\x7fELF\x02\x01\x01\0\0\0\0\0".to_vec()),
        refused("a moving picture", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
        refused("more than 10 MiB", [document(&[]), vec![b' '; TEN_MIB]].concat()),
        refused("an image of 100,000 x 100,000", png(100_000, 100_000)),
        refused("an image of 30,000 x 1,600 that ends at once", png(30_000, 1_600)),
        refused("a JPEG of 65,535 x 65,535", jpeg_of_the_largest()),
    ];
    cases.extend(passes(endless).into_iter().map(|(name, file)| refused(name, file)));
    let (active, plain): (Vec<_>, Vec<_>) = documents(endless)?.into_iter().partition(|case| case.must_be_refused);
    cases.extend(active);
    cases.extend(plain.into_iter().take(without_codes));
    Ok(cases)
}

fn passes(endless: usize) -> Vec<(&'static str, Vec<u8>)> {
    // A pass without a code, in which nothing else is wrong.
    let pass = pass_text(&json!({}));
    let pass = pass.as_bytes();
    let zeros = vec![0; 65 * 1024 * 1024 + endless];
    let nested = "[".repeat(60_000);
    let long = [pass, &vec![b' '; 1024 * 1024]].concat();
    let names: Vec<String> = (0..1_000).map(|number| format!("{number}.png")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    let beside = |name: &str, content: &[u8]| signed(&[("pass.json", pass), (name, content)]);
    vec![
        ("a pass that unpacks to more than 64 MiB", beside("logo.png", &zeros)),
        ("a pass of a thousand parts", signed(&[many.as_slice(), &[("pass.json", pass)]].concat())),
        ("a pass whose text has 1 MiB", signed(&[("pass.json", &long)])),
        ("a pass of 60,000 lists in one another", signed(&[("pass.json", nested.as_bytes())])),
        ("a pass with ../../etc/passwd", beside("../../etc/passwd", b"root::0:0::/:")),
        ("a pass with /etc/passwd", beside("/etc/passwd", b"root::0:0::/:")),
        ("a pass with C:\\x", beside("C:\\x", b"x")),
        ("an archive with a pass that nobody signed", archive(&[("pass.json", pass)])),
        ("a document with a pass in it", archive(&[("word/document.xml", b"<x/>"), ("pass.json", pass)])),
        ("two passes in one file", [signed(&[("pass.json", pass)]), signed(&[("pass.json", pass)])].concat()),
        ("a pass with a pass for another language", beside("en.lproj/pass.json", pass)),
        ("a pass that is an empty object", signed(&[("pass.json", b"{}")])),
        ("a pass with a program in it", beside("classes.dex", b"dex")),
        ("a pass in a pass in a pass", signed(&[("pass.pkpass", &signed(&[("pass.json", pass)]))])),
    ]
}

fn documents(endless: usize) -> Result<Vec<Case>> {
    let case = |name, must_be_refused, file| Case { name, file, must_be_refused };
    let drawn = |content: &str| document(&[stream_of("", content)]);
    let itself = "<< /Type /XObject /Subtype /Form /BBox [0 0 600 850] /Resources << /XObject << /X 4 0 R >> >> \
                  /Length 5 >>\nstream\n/X Do\nendstream";
    let lists = format!("{}{}", "[".repeat(endless), "]".repeat(endless));
    Ok(vec![
        case("a document of 5,000 pages", true, with_pages(5_000)),
        case("a document with a script", true, document(&["<< /S /JavaScript /JS (app.alert\\(1\\)) >>".into()])),
        case("a document that starts a program", true, document(&["<< /S /Launch /F (cmd.exe) >>".into()])),
        case("a document that sends a form", true, document(&["<< /S /SubmitForm /F (https://a.example) >>".into()])),
        case("a document with a link to a script", true, document(&["<< /S /URI /URI (javascript:alert) >>".into()])),
        case("a document with a link to a program", true, document(&["<< /S /URI /URI (calc.exe) >>".into()])),
        case("a document that hides what is on it", true, document(&["<< /A << /S /Hide /T (x) >> >>".into()])),
        case("a document with a file of no kind", true, document(&["<< /F (a) /EF << /F 4 0 R >> >>".into()])),
        case("a page that is there a million times", true, of_one_page(1_000_000)),
        case("drawings of drawings without end", true, of_drawings()),
        case("a document with a file in it", true, document(&["<< /Type /EmbeddedFile >>".into()])),
        case("a document whose pages are its pages", false, of_itself()),
        case("a drawing that is part of itself", false, document(&[itself.into()])),
        case("lines without end", false, drawn(&"0 0 m 595 842 l S\n".repeat(endless))),
        case("states without end", false, drawn(&"q\n".repeat(endless))),
        case("a page that unpacks without end", false, document(&[packed(endless)?])),
        case("lists in one another without end", false, document(&[lists])),
        case("a page of a million kilometres", true, with_sides("[0 0 1e15 1e15]")),
        case("a page without sides", true, with_sides("[0 0 0 0]")),
    ])
}

/// A page, and these objects, of which the first is what is on it.
fn document(objects: &[String]) -> Vec<u8> {
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
                /Resources << /XObject << /X 4 0 R >> >> >>";
    let first = [CATALOG, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page].map(str::to_owned);
    pdf_of(&[first.as_slice(), objects].concat())
}

const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";

fn with_sides(sides: &str) -> Vec<u8> {
    let page = format!("<< /Type /Page /Parent 2 0 R /MediaBox {sides} >>");
    pdf_of(&[CATALOG.into(), "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(), page])
}

fn with_pages(count: usize) -> Vec<u8> {
    let kids: String = (0..count).map(|page| format!("{} 0 R ", page + 3)).collect();
    let pages = format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>");
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_owned();
    pdf_of(&[vec![CATALOG.into(), pages], vec![page; count]].concat())
}

fn of_itself() -> Vec<u8> {
    pdf_of(&[CATALOG.into(), "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 2 0 R] /Count 1000000 >>".into()])
}

fn of_one_page(times: usize) -> Vec<u8> {
    let pages = format!("<< /Type /Pages /Kids [{}] /Count {times} >>", "3 0 R ".repeat(times));
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_owned();
    pdf_of(&[CATALOG.into(), pages, page])
}

/// Thirty drawings, of which each has the next one ten times.
fn of_drawings() -> Vec<u8> {
    let content = "/X Do\n".repeat(10);
    let drawings: Vec<String> = (0..30)
        .map(|number| {
            let (next, length) = (number + 5, content.len());
            format!(
                "<< /Type /XObject /Subtype /Form /BBox [0 0 600 850] /Resources << /XObject << /X {next} 0 R >> >> \
                 /Length {length} >>\nstream\n{content}\nendstream"
            )
        })
        .collect();
    document(&drawings)
}

/// What unpacks to two hundred times as many spaces.
fn packed(count: usize) -> Result<String> {
    let (mut packing, spaces) = (ZlibEncoder::new(Vec::new(), Compression::fast()), vec![b' '; 200]);
    for _ in 0..count {
        packing.write_all(&spaces)?;
    }
    let packed = hex::encode(packing.finish()?);
    let length = packed.len() + 1;
    Ok(format!("<< /Filter [/ASCIIHexDecode /FlateDecode] /Length {length} >>\nstream\n{packed}>\nendstream"))
}

/// An image of these sides, of which no pixel comes.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 6, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (length, part) in [(13_u32, header), (0, b"IDAT".to_vec())] {
        let mut sum = flate2::Crc::new();
        sum.update(&part);
        file.extend(length.to_be_bytes());
        file.extend(part);
        file.extend(sum.sum().to_be_bytes());
    }
    file
}

/// The header of an image, and nothing else.
fn jpeg_of_the_largest() -> Vec<u8> {
    b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xd9".to_vec()
}
