//! A stand-in for Stripe: implements the part of its HTTP API that the payments service uses, with the
//! documented test tokens and cards, and keeps its simulated money in a record store.
//!
//! Its responses follow Stripe's API reference (PaymentIntents, Refunds, Tokens, Errors, Idempotent
//! requests, Webhook signatures). Everything an account could configure is fixed: one account, test mode,
//! cards only.

mod api;
mod auth;
mod bank;
mod bank_address;
mod dashboard;
mod domain;
mod error;
mod faults;
mod form;
mod idempotency;
mod ledger;
mod routes;
mod simulator;
mod store;
mod webhooks;

pub use bank_address::{BANK_PATH, BankAddress};
pub use dashboard::{DisputeOutcome, NotPossible};
pub use domain::{Authentication, DisputeStatus, Processed, RefundFate, RefundRefusal, RefundStatus};
pub use faults::{Call, Failure, Faults, Held, KeyState, Moment};
pub use ledger::{Ledger, LedgerIntent, LedgerRefund};
pub use simulator::{Simulator, SimulatorSettings};
pub use webhooks::WebhookTarget;
