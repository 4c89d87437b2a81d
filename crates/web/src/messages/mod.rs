//! Everything we say to visitors. A language is one value of [`Messages`]; the compiler makes sure
//! that it is complete. What the API says about a form it says itself.

mod account;
mod catalogue;
mod errors;
mod layout;
mod orders;
mod sell;
mod ticket;

pub(crate) use account::Account;
pub(crate) use catalogue::Catalogue;
pub(crate) use errors::Errors;
pub(crate) use layout::Layout;
pub(crate) use orders::{Checkout, Orders, Said};
pub(crate) use sell::Sell;
pub(crate) use ticket::Ticket;

/// One language.
pub(crate) struct Messages {
    /// Its tag.
    pub(crate) language: &'static str,
    /// Around every page.
    pub(crate) layout: Layout,
    /// What went wrong.
    pub(crate) errors: Errors,
    /// Signing up, in and out, and the account.
    pub(crate) account: Account,
    /// The tickets for sale.
    pub(crate) catalogue: Catalogue,
    /// One ticket.
    pub(crate) ticket: Ticket,
    /// Listing tickets and changing them.
    pub(crate) sell: Sell,
    /// Orders: checkout, receipt and what can become of them.
    pub(crate) orders: Orders,
}

/// English, complete.
pub(crate) static ENGLISH: Messages = Messages {
    language: "en",
    layout: layout::ENGLISH,
    errors: errors::ENGLISH,
    account: account::ENGLISH,
    catalogue: catalogue::ENGLISH,
    ticket: ticket::ENGLISH,
    sell: sell::ENGLISH,
    orders: orders::ENGLISH,
};
