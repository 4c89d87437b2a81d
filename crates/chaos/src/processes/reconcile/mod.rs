//! The invariants of an idle system: checked against the services' databases, the streams and Stripe's
//! ledger.

mod books;
mod deliveries;
mod files;
mod gate;
mod history;
mod money;
mod promises;
mod replicas;
mod rest;
mod rows;
mod tickets;
mod violation;

pub(super) use books::Books;
pub(super) use files::violations as files;
pub(super) use rest::unrest;
pub(super) use violation::Violation;

use super::load::Journal;

/// All violations.
pub(super) fn violations(books: &Books, journal: &Journal) -> Vec<Violation> {
    let mut violations = money::violations(books);
    violations.extend(tickets::violations(books));
    violations.extend(replicas::violations(books));
    violations.extend(history::violations(books));
    violations.extend(promises::violations(books, journal));
    violations.extend(gate::violations(books, journal));
    violations.extend(deliveries::violations(books, journal));
    violations.extend(books.dead_letters.iter().map(|letter| Violation::new("I11", letter.clone())));
    violations
}
