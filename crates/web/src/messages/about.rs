/// Who runs the site.
pub(crate) struct AboutText {
    pub(crate) heading: &'static str,
    pub(crate) name: &'static str,
    pub(crate) address: &'static str,
    pub(crate) email: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) site: &'static str,
}

pub(super) const ENGLISH: AboutText = AboutText {
    heading: "Who runs this site",
    name: "Name",
    address: "Address",
    email: "Email",
    phone: "Phone",
    site: "Website",
};
