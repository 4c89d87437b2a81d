/// A part of a page that explains something.
pub(crate) struct Section {
    pub(crate) heading: &'static str,
    pub(crate) paragraphs: Vec<String>,
}

impl Section {
    pub(super) fn new<const N: usize>(heading: &'static str, paragraphs: [&str; N]) -> Self {
        Self { heading, paragraphs: paragraphs.map(str::to_owned).into() }
    }
}
