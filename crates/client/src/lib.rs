//! Typed client of the ticket marketplace's HTTP API.
//!
//! ```no_run
//! # async fn example() -> Result<(), client::Error> {
//! use client::{Client, Price, TicketFilter, TicketForm};
//!
//! let seller = Client::new("http://localhost:3000")?;
//! seller.sign_up("ada@example.com", "correct horse battery").await?;
//! let price = Price::from_minor_units(19_99).expect("more than nothing");
//! let ticket = seller.create_ticket(&TicketForm::new("Row A, seat 12", price)).await?;
//!
//! let buyer = seller.anonymous();
//! buyer.sign_up("bob@example.com", "hunting for tickets").await?;
//! let order = buyer.create_order(ticket.id).await?;
//! buyer.pay(order.id, "tok_visa").await?;
//! # Ok(())
//! # }
//! ```
//!
//! Calls need Tokio's runtime. Addresses are plain `http://`, which is enough inside a cluster or on one
//! machine; the feature `tls` adds `https://` and some twenty dependencies.

mod base_urls;
mod connection;
mod connector;
mod deliveries;
mod doors;
mod error;
mod events;
mod export;
mod live;
mod orders;
mod page;
mod passkeys;
mod payments;
mod request;
mod session;
mod sitemap;
#[cfg(test)]
mod stub;
mod test_cards;
mod tickets;
mod users;

pub use base_urls::BaseUrls;
pub use common::delivery::{DeliveryPromise, Seal};
pub use common::email::Email;
pub use common::errors::ErrorEntry;
pub use common::events::{CancelReason, DisputeStatus, EventDetails};
pub use common::id::{EventId, OrderId, PasskeyId, PaymentId, SessionId, TicketId, UserId};
pub use common::money::{Currency, Price};
pub use common::order_status::OrderStatus;
pub use common::payment_status::PaymentStatus;
pub use common::time::Timestamp;
pub use common::version::Version;
pub use common::zone::{TimeZone, WallTime, ZonedTime};
pub use connection::Client;
pub use deliveries::{Code, Delivery, DeliveryState, Download, FileKind, Sealing, SealingState, StoredFile, Symbology};
pub use doors::{Door, DoorPlace, DoorScan, PlaceSeat, Scan, ScanAnswer, Scanned, TicketKey};
pub use error::Error;
pub use events::{Event, EventFilter, EventForm, EventStatus, Tier, TierForm, Venue};
pub use live::{LiveEvent, TicketChange};
pub use orders::{Order, OrderedTicket, Refund, RefundState};
pub use page::Page;
pub use passkeys::{HalfWay, Passkey, Passkeys, SignIn};
pub use payments::{Card, Paid, Payment, PaymentAction, PaymentsConfig};
pub use sitemap::{Sitemap, SitemapPart};
pub use test_cards::{TEST_CARDS, TestCard, TestOutcome};
pub use tickets::{CheckedTicket, DeliveryForm, ListingState, Seller, Ticket, TicketFilter, TicketForm, TicketSort};
pub use users::{Account, CurrentUser, OpenSession};
