//! Being written.

use anyhow::Result;

use crate::Verdict;

/// What can be asked of it.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// If it could not be carried out.
pub async fn run(_args: &Args) -> Result<Verdict> {
    Ok(Verdict::Impossible("it is being written".into()))
}
