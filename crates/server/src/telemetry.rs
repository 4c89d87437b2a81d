//! Logging.

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
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    common::runtime::metrics_recorder();
    Ok(())
}
