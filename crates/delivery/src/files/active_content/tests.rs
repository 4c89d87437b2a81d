use crate::files::{Refusal, open_pdf};
use harness::ticket_files::pdf_of;

const PAGES: &str = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>";

/// A document of one page, with these entries in its catalog, and these objects from the fourth on.
fn document(catalog: &str, objects: &[&str]) -> Vec<u8> {
    let catalog = format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>");
    let all: Vec<String> = [&[&catalog, PAGES, PAGE], objects].concat().into_iter().map(str::to_owned).collect();
    pdf_of(&all)
}

fn refusal(file: Vec<u8>) -> Option<Refusal> {
    open_pdf(file).err()
}

fn with(objects: &[&str]) -> Option<Refusal> {
    refusal(document("", objects))
}

fn with_catalog(catalog: &str) -> Option<Refusal> {
    refusal(document(catalog, &[]))
}

const ACTIVE: Option<Refusal> = Some(Refusal::ActiveContent);

#[test]
fn what_documents_have_that_were_made_to_be_read_is_taken() {
    for honest in [
        "<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.com) >> >>",
        "<< /Type /Annot /Subtype /Link /A << /Type /Action /S /GoTo /D [3 0 R /Fit] >> >>",
        "<< /Title (a) /Next << /Title (b) >> /A << /S /Named /N /NextPage >> >>",
        "<< /Type /StructElem /S /Sound /A << /O /Layout >> >>",
        "<< /Type /StructElem /S /Link /A [<< /O /Layout /Placement /Block >>] >>",
        "<< /Type /Group /S /Transparency /CS /DeviceRGB >>",
        "<< /Font << /F 3 0 R /EF << /Type /Font >> /AF << /Type /Font >> >> >>",
        "<< /W 1 /S /S >>",
    ] {
        assert_eq!(with(&[honest]), None, "{honest}");
    }
    for honest in [
        "/OpenAction [3 0 R /Fit]",
        "/OpenAction (first)",
        "/OpenAction << /S /GoTo /D [3 0 R /Fit] >>",
        "/AA << /WC << /S /Named /N /FirstPage >> >>",
        "/URI << /Base (https://example.com/) >>",
        "/Lang (en) /PageMode /UseNone /Metadata null",
    ] {
        assert_eq!(with_catalog(honest), None, "{honest}");
    }
}

#[test]
fn documents_that_do_something_are_refused() {
    for active in [
        "<< /S /JavaScript /JS (app.alert(1)) >>",
        "<< /Type /Annot /A << /S /Launch /F (cmd.exe) >> >>",
        "[ << /Next [ << /S /#4aavaScript >> ] >> ]",
        "<< /Fields [] /XFA [(template) 4 0 R] >>",
        "<< /S /SubmitForm /F (https://example.com/) >>",
        "<< /Type /Annot /A << /S /GoToR /F (other.pdf) /D [0 /Fit] >> >>",
        "<< /S /GoToE /T << /R /C /N (inner.pdf) >> >>",
        "<< /S /ImportData /F (form.fdf) >>",
    ] {
        assert_eq!(with(&[active]), ACTIVE, "{active}");
    }
}

#[test]
fn files_inside_are_refused_whatever_they_call_themselves() {
    for active in [
        "<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream",
        "<< /F (a.exe) /EF << /F 3 0 R >> >>",
        "<< /UF (a.exe) /EF << /UF 3 0 R >> >>",
        "[ [ << /EF << /Unix 3 0 R >> >> ] ]",
        "<< /Type /Filespec /F (a.exe) >>",
        "<< /AF [ 3 0 R ] >>",
        "<< /Type /Annot /Subtype /FileAttachment /FS 3 0 R >>",
    ] {
        assert_eq!(with(&[active]), ACTIVE, "{active}");
    }
    for catalog in ["/Names << /EmbeddedFiles << /Names [(a.exe) 3 0 R] >> >>", "/AF [3 0 R]"] {
        assert_eq!(with_catalog(catalog), ACTIVE, "{catalog}");
    }
    assert_eq!(with(&["<< /F (a) /EF 5 0 R >>", "<< /F 3 0 R >>"]), ACTIVE, "elsewhere");
    assert_eq!(with(&["<< /AF 5 0 R >>", "[ 3 0 R ]"]), ACTIVE, "elsewhere");
}

#[test]
fn streams_that_are_in_another_file_are_refused() {
    for file in ["(a.txt)", "<< /FS /URL /F (https://a.example) >>", "3 0 R"] {
        let image = format!("<< /Type /XObject /Subtype /Image /F {file} /Length 1 >>\nstream\nx\nendstream");
        assert_eq!(with(&[&image]), ACTIVE, "{file}");
    }
}

#[test]
fn what_sounds_or_moves_is_refused() {
    for kind in ["Screen", "3D", "RichMedia", "Movie", "Sound", "FileAttachment"] {
        assert_eq!(with(&[&format!("<< /Type /Annot /Subtype /{kind} >>")]), ACTIVE, "{kind}");
        assert_eq!(with(&["<< /Type /Annot /Subtype 5 0 R >>", &format!("/{kind}")]), ACTIVE, "{kind} elsewhere");
    }
}

/// Every kind of action that is in the standard or in Adobe's extensions to it, and one that nobody knows, but those that
/// are taken.
const ACTIONS: [&str; 21] = [
    "/S /Launch",
    "/S /Thread",
    "/S /Sound",
    "/S /Movie",
    "/S /Hide",
    "/S /SubmitForm",
    "/S /ResetForm",
    "/S /ImportData",
    "/S /JavaScript",
    "/S /SetOCGState",
    "/S /Rendition",
    "/S /Trans",
    "/S /GoTo3DView",
    "/S /RichMediaExecute",
    "/S /GoToR",
    "/S /GoToE",
    "/S /GoToDp",
    "/S /NOP",
    "/S /Named /N /Print",
    "/S /Named",
    "/S (GoTo)",
];

#[test]
fn actions_are_refused_but_for_those_that_are_known() {
    for action in ACTIONS {
        for place in [
            "/A << @ >>",
            "/PA << @ >>",
            "/Next << @ >>",
            "/Next [ << @ >> ]",
            "/AA << /O << @ >> >>",
            "/Type /Action @",
        ] {
            let object = format!("<< {} >>", place.replace('@', action));
            assert_eq!(with(&[&object]), ACTIVE, "{object}");
        }
        assert_eq!(with(&["<< /A 5 0 R >>", &format!("<< {action} >>")]), ACTIVE, "{action} elsewhere");
    }
}

#[test]
fn what_happens_without_a_click_is_another_page_at_most() {
    let link = "/S /URI /URI (https://a.example)";
    for action in ACTIONS.into_iter().chain([link]) {
        for place in ["/OpenAction", "/AA << /WC", "/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next"] {
            let closing = if place.contains("<<") { ">>" } else { "" };
            let catalog = format!("{place} << {action} >> {closing}");
            assert_eq!(with_catalog(&catalog), ACTIVE, "{catalog}");
        }
    }
    assert_eq!(refusal(document("/OpenAction 4 0 R", &["<< /S /Hide >>"])), ACTIVE);
    assert_eq!(refusal(document("/AA 4 0 R", &["<< /WP 5 0 R >>", "<< /S /Hide >>"])), ACTIVE);
    for odd in ["/OpenAction 7", "/AA [ << /S /Hide >> ]", "/AA << /O [ 3 0 R ] >>", "/OpenAction << >>"] {
        assert_eq!(with_catalog(odd), ACTIVE, "{odd}");
    }
}

#[test]
fn what_is_said_elsewhere_counts_as_if_it_were_said_here() {
    let script = "(javascript:a)";
    assert_eq!(with(&["<< /A << /S 5 0 R >> >>", "/Hide"]), ACTIVE);
    assert_eq!(with(&["<< /S 5 0 R >>", "/JavaScript"]), ACTIVE);
    assert_eq!(with(&["<< /S /URI /URI 5 0 R >>", script]), ACTIVE);
    // References to references, of which our parser tells the first number.
    for end in ["/JavaScript", "/Hide", script] {
        for key in ["S", "Type", "Subtype", "URI", "Base", "A", "Next", "AA", "EF", "AF"] {
            assert_eq!(with(&[&format!("<< /{key} 5 0 R >>"), "6 0 R", "7 0 R", end]), ACTIVE, "{key} {end}");
        }
    }
    assert_eq!(with(&["<< /A 5 0 R >>", "<< /S /URI /URI 6 0 R >>", "(https://a.example)"]), None);
}

#[test]
fn links_lead_to_what_a_browser_opens_without_harm() {
    for (uri, expected) in
        [("https://a.example", None), ("calc.exe", ACTIVE), ("../../x", ACTIVE), ("file:///x", ACTIVE)]
    {
        for place in ["/S /URI /URI (@)", "/Type /Annot /A << /S /URI /URI (@) >>", "/URI << /Base (@) >>"] {
            let object = format!("<< {} >>", place.replace('@', uri));
            assert_eq!(with(&[&object]), expected, "{object}");
        }
    }
    assert_eq!(with(&["<< /S /URI /URI /calc.exe >>"]), ACTIVE, "no address at all");
    assert_eq!(with_catalog("/URI << /Base (mailto:a@b.c) >>"), ACTIVE, "no base for pages");
}

#[test]
fn an_entry_with_two_values_is_refused() {
    for two in ["<< /S /GoTo /S /Trans >>", "<< /A << /S /GoTo >> /A << /S /Hide >> >>", "[ << /B 1 /B 2 >> ]"] {
        assert_eq!(with(&[two]), Some(Refusal::Damaged), "{two}");
    }
}

#[test]
fn what_no_index_has_is_found_by_its_name() {
    for name in ["JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "#4aS"] {
        let object = format!("9 0 obj\n<< /S /{name} >>\nendobj\n");
        let plain = String::from_utf8(document("", &[])).expect("is text");
        // No index has it, and all is where the only one says.
        let index = plain.rfind("\nxref\n0 ").map(|before| before + 1).expect("has one");
        let (start, moved) =
            (format!("startxref\n{index:010}\n"), format!("startxref\n{:010}\n", index + object.len()));
        let unlisted = [&plain[..index], &object, &plain[index..].replace(&start, &moved)].concat();
        assert_eq!(refusal(unlisted.into_bytes()), ACTIVE, "{name}");
    }
    let shown = "<< /Length 22 >>\nstream\n(/JS) Tj /JavaScript Do\nendstream";
    assert_eq!(with(&[shown, "(/JavaScript)"]), None, "what is only text");
}
