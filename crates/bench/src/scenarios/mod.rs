//! The scenarios of the product, one file each.

mod delivery;
mod existing_orders;
mod list_creation;
mod list_page;
mod live_listeners;
mod memory;
mod one_ticket;
mod one_ticket_rush;
mod operations;
mod order_burst;
mod propagation;
mod purchase_flow;
mod search;
mod sign_in;
mod stage;
mod start;
mod start_ended_sessions;

use anyhow::Result;

use crate::cli::Measurement;
use crate::report::Figure;

pub(crate) use stage::{Scale, Stage};

/// Measures one of them. Empty for raw limits.
///
/// # Errors
/// If the product misbehaves.
pub(crate) async fn run(measurement: Measurement, stage: &mut Stage) -> Result<Vec<Figure>> {
    match measurement {
        Measurement::ListCreation => list_creation::run(stage).await,
        Measurement::ListPage => list_page::run(stage).await,
        Measurement::OneTicket => one_ticket::run(stage).await,
        Measurement::OrderBurst => order_burst::run(stage).await,
        Measurement::PurchaseFlow => purchase_flow::run(stage).await,
        Measurement::Operations => operations::run(stage).await,
        Measurement::Propagation => propagation::run(stage).await,
        Measurement::OneTicketRush => one_ticket_rush::run(stage).await,
        Measurement::SignIn => sign_in::run(stage).await,
        Measurement::LiveListeners => live_listeners::run(stage).await,
        Measurement::Search => search::run(stage).await,
        Measurement::StartEndedSessions => start_ended_sessions::run(stage).await,
        Measurement::ExistingOrders => existing_orders::run(stage).await,
        Measurement::Delivery => delivery::run(stage).await,
        Measurement::Memory => memory::run(stage).await,
        Measurement::Start => start::run(stage).await,
        Measurement::RawHttp
        | Measurement::RawMongodb
        | Measurement::RawJetstream
        | Measurement::RawSqlite
        | Measurement::RawArgon2
        | Measurement::RawFiles => Ok(Vec::new()),
    }
}
