/// One ticket.
pub(crate) struct Ticket {
    pub(crate) title: &'static str,
}

pub(super) const ENGLISH: Ticket = Ticket { title: "Tickets for sale" };
