//! All texts shown to visitors. A language is one value of [`Messages`], and the compiler ensures that it is
//! complete. Validation messages come from the API.

mod about;
mod account;
mod addresses;
mod catalogue;
mod delivery;
mod door;
mod errors;
mod event;
mod farewell;
mod forgotten;
mod help;
mod layout;
mod order_money;
mod order_views;
mod orders;
mod passkeys;
mod privacy;
mod section;
mod sell;
mod ticket;

pub(crate) use about::AboutText;
pub(crate) use account::Account;
pub(crate) use addresses::Addresses;
pub(crate) use catalogue::Catalogue;
pub(crate) use delivery::DeliveryText;
pub(crate) use door::Door;
pub(crate) use errors::Errors;
pub(crate) use event::Event;
pub(crate) use farewell::Farewell;
pub(crate) use forgotten::Forgotten;
pub(crate) use help::Help;
pub(crate) use layout::Layout;
pub(crate) use order_views::OrderViewText;
pub(crate) use orders::{Checkout, Orders};
pub(crate) use passkeys::Passkeys;
pub(crate) use privacy::Privacy;
pub(crate) use section::Section;
pub(crate) use sell::Sell;
pub(crate) use ticket::Ticket;

/// One language.
pub(crate) struct Messages {
    /// Its language tag.
    pub(crate) language: &'static str,
    /// The layout of every page.
    pub(crate) layout: Layout,
    /// Doors of events.
    pub(crate) door: Door,
    /// Error pages.
    pub(crate) errors: Errors,
    /// Sign-up, sign-in, sign-out and the account page.
    pub(crate) account: Account,
    /// Confirming an address.
    pub(crate) addresses: Addresses,
    /// A forgotten password.
    pub(crate) forgotten: Forgotten,
    /// Passkeys and recovery codes.
    pub(crate) passkeys: Passkeys,
    /// A person's data, and their leaving.
    pub(crate) farewell: Farewell,
    /// The catalogue of tickets for sale.
    pub(crate) catalogue: Catalogue,
    /// An event's page.
    pub(crate) event: Event,
    /// A ticket's page.
    pub(crate) ticket: Ticket,
    /// Listing and editing tickets.
    pub(crate) sell: Sell,
    /// The ticket itself.
    pub(crate) delivery: DeliveryText,
    /// Orders: checkout, receipt and outcomes.
    pub(crate) orders: Orders,
    /// How buying and selling works.
    pub(crate) help: Help,
    /// Who runs the site.
    pub(crate) about: AboutText,
    /// What is stored about people.
    pub(crate) privacy: Privacy,
}

/// English.
pub(crate) static ENGLISH: Messages = Messages {
    language: "en",
    layout: layout::ENGLISH,
    door: door::ENGLISH,
    errors: errors::ENGLISH,
    account: account::ENGLISH,
    addresses: addresses::ENGLISH,
    forgotten: forgotten::ENGLISH,
    passkeys: passkeys::ENGLISH,
    farewell: farewell::ENGLISH,
    catalogue: catalogue::ENGLISH,
    event: event::ENGLISH,
    ticket: ticket::ENGLISH,
    sell: sell::ENGLISH,
    delivery: delivery::ENGLISH,
    orders: orders::ENGLISH,
    help: help::ENGLISH,
    about: about::ENGLISH,
    privacy: privacy::ENGLISH,
};
