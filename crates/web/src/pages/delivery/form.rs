use client::{Sealing, Symbology};
use maud::{Markup, html};
use serde::Deserialize;

use super::LARGEST_FILE;
use crate::components::Field;
use crate::forms::FormErrors;
use crate::visitor::Visitor;

/// What is taken, as the chooser of files knows it. What a file is, its content says.
const ACCEPTED: &str = ".pdf,.png,.jpg,.jpeg,.pkpass,application/pdf,image/png,image/jpeg,application/vnd.apple.pkpass";

/// The kinds of codes, by their names in the form.
const SYMBOLOGIES: [(&str, &str, Symbology); 4] = [
    ("qr", "QR", Symbology::Qr),
    ("aztec", "Aztec", Symbology::Aztec),
    ("pdf417", "PDF417", Symbology::Pdf417),
    ("code128", "Code 128", Symbology::Code128),
];

/// A code as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TypedCode {
    pub(super) code: String,
    pub(super) symbology: String,
}

impl TypedCode {
    /// Its kind, if that is a known one.
    pub(super) fn kind(&self) -> Option<Symbology> {
        let known = SYMBOLOGIES.into_iter().find(|(name, ..)| *name == self.symbology);
        known.map(|(.., symbology)| symbology)
    }
}

/// The name of a kind of code.
pub(crate) fn name_of(symbology: Symbology) -> &'static str {
    SYMBOLOGIES.into_iter().find(|(.., known)| *known == symbology).map_or("", |(_, name, _)| name)
}

/// A code that is typed joins the file that we have, unless that has another: then it takes the place of the file.
pub(super) fn form(visitor: &Visitor, typed: &TypedCode, errors: &FormErrors, sealing: &Sealing) -> Markup {
    let text = &visitor.text.delivery;
    let wrong: Vec<_> = errors.for_field("file").collect();
    let is_wrong = !wrong.is_empty();
    let has_file = sealing.file.is_some() && sealing.checked;
    let code_hint = if has_file { text.code_instead } else { text.code_hint };
    let described = if is_wrong { "file-hint file-error" } else { "file-hint" };
    html! {
        form method="post" enctype="multipart/form-data" data-upload
            data-largest=(LARGEST_FILE) data-too-large=(text.too_large) data-broken-off=(text.broken_off) {
            div.field {
                label for="file" { (text.file) }
                p.hint #file-hint { (text.file_hint) }
                @if is_wrong { p.field-error #file-error { (wrong.join(". ")) } }
                input #file name="file" type="file" accept=(ACCEPTED) aria-invalid=[is_wrong.then_some("true")]
                    aria-describedby=(described);
            }
            (Field::text("code", text.code, &typed.code, errors).hint(code_hint).autocomplete("off"))
            div.field {
                label for="symbology" { (text.symbology) }
                select #symbology name="symbology" {
                    @for (value, name, _) in SYMBOLOGIES { option value=(value) selected[value == typed.symbology] { (name) } }
                }
            }
            div data-progress hidden {
                label for="progress" { (text.on_its_way) }
                progress #progress max="1" value="0" {}
            }
            p.field-error role="alert" data-wrong {}
            button.primary { (text.give) }
        }
    }
}
