/// Orders: checkout, receipt and what can become of them.
pub(crate) struct Orders {
    pub(crate) title: &'static str,
}

pub(super) const ENGLISH: Orders = Orders { title: "Tickets for sale" };
