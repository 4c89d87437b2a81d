//! One file per attack.

pub(super) mod aborted;
mod answers;
mod bunches;
pub(super) mod card_tester;
pub(super) mod deaf;
pub(super) mod edits;
pub(super) mod ended_sessions;
pub(super) mod few_files;
pub(super) mod filler;
pub(super) mod forgery;
pub(super) mod guessing;
pub(super) mod hoarder;
pub(super) mod idle;
pub(super) mod one_network;
pub(super) mod oversized;
pub(super) mod schemathesis;
pub(super) mod searching;
pub(super) mod shapes;
pub(super) mod slow;
pub(super) mod starving;
pub(super) mod strangers;
pub(super) mod uploader;
pub(super) mod uploads;
