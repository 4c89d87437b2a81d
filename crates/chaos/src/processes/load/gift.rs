use testkit::documents::document;
use testkit::passes::pass;

/// So large that it comes to the object store in several parts.
const LARGE: usize = 5_500_000;

/// What a seller has tried to give us for a ticket. No two have the same code.
#[derive(Debug, Clone)]
pub(in crate::processes) struct Gift {
    /// The code in it.
    pub(in crate::processes) code: String,
    form: GiftForm,
    /// Which of those that were given it is, once that was acknowledged.
    pub(in crate::processes) seal: Option<u32>,
}

/// How a seller gives us a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::processes) enum GiftForm {
    /// By typing the text of its code.
    Typed,
    /// As a small file.
    Pass,
    /// As a large one.
    Document,
}

impl Gift {
    pub(super) fn new(code: String, form: GiftForm) -> Self {
        Self { code, form, seal: None }
    }

    /// The file, if it is one.
    pub(in crate::processes) fn file(&self) -> Option<Vec<u8>> {
        match self.form {
            GiftForm::Typed => None,
            GiftForm::Pass => Some(pass(&self.code)),
            GiftForm::Document => Some(document(&self.code, LARGE)),
        }
    }
}
