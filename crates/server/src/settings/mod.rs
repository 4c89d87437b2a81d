//! Settings: every flag has an environment variable, and a wrong one stops the start with one
//! line that says which and why.

mod descriptors;
mod duration;
mod engines;
#[cfg(test)]
mod fuzz;
mod limits;
mod payment_limits;
mod payments;
mod process;
mod service;
mod services;
mod web;

pub use duration::{duration, duration_or_zero};
pub use engines::EngineSettings;
pub use limits::{Allowed, LimitFlags, Limited};
pub use payment_limits::PaymentLimitFlags;
pub use payments::PaymentSettings;
pub use process::{LogFormat, ProcessSettings};
pub use service::ServiceSettings;
pub use services::{OrderSettings, SessionSettings, TicketSettings};
pub use web::WebSettings;

use clap::Parser;

/// Reads the settings of this process, or ends it: with the help text if that was requested, else
/// with one line about what is wrong.
pub fn parse<S: Parser>() -> S {
    S::try_parse().unwrap_or_else(|error| {
        if !error.use_stderr() {
            error.exit();
        }
        let text = error.to_string();
        let line: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
        eprintln!("{}", line.join(" "));
        std::process::exit(2);
    })
}
