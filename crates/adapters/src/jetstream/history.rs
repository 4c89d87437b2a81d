//! Where a durable consumer's history ends: what was in the stream before the consumer was made. The server keeps it
//! with the consumer.

use std::collections::HashMap;

use ports::bus::{BusError, Consumer};

use super::bus::Shared;
use super::error::of_stream;

/// The consumer's metadata with this name is the last sequence number of its history.
const HISTORY: &str = "history";

/// The end of the consumer's history, also if it has to be made yet. One that was made before histories were kept has
/// none: nothing of its stream had ever been removed.
pub(super) async fn end(bus: &Shared, consumer: &Consumer) -> Result<u64, BusError> {
    if let Some(info) = bus.info(consumer).await? {
        return Ok(info.config.metadata.get(HISTORY).and_then(|end| end.parse().ok()).unwrap_or(0));
    }
    let stream = bus.context.get_stream(bus.names.stream(consumer.stream)).await;
    let stream = stream.map_err(|error| of_stream(consumer.stream, &error))?;
    Ok(stream.cached_info().state.last_sequence)
}

/// The metadata that say so.
pub(super) fn metadata(end: u64) -> HashMap<String, String> {
    [(HISTORY.to_owned(), end.to_string())].into()
}
