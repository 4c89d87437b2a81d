//! Logging.

use std::io::IsTerminal;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::settings::{LogFormat, ProcessSettings};

/// Begins to log as the settings say, and to count.
///
/// # Errors
/// If the filter cannot be read.
pub fn init(settings: &ProcessSettings) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(&settings.log).with_context(|| format!("--log {:?} is no log filter", settings.log))?;
    // Colours are for people who look on, not for files.
    let is_watched = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(is_watched);
    match settings.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    common::runtime::metrics_recorder();
    Ok(())
}
