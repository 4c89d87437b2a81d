/// Listing tickets and changing them.
pub(crate) struct Sell {
    pub(crate) title: &'static str,
}

pub(super) const ENGLISH: Sell = Sell { title: "Tickets for sale" };
