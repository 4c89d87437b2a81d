/// The tickets for sale.
pub(crate) struct Catalogue {
    pub(crate) title: &'static str,
}

pub(super) const ENGLISH: Catalogue = Catalogue { title: "Tickets for sale" };
