use std::time::Duration;

use mongodb::Client;
use mongodb::bson::doc;
use mongodb::options::{Acknowledgment, ClientOptions, ReadConcern, SelectionCriteria, WriteConcern};
use ports::store::StoreError;

use super::error::store_error;

/// How long to look for a primary before saying that there is none: an election takes less.
const SELECTION_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a majority may take to confirm a write before its outcome counts as unknown.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);
/// Updates and reads each take a connection while they wait.
const POOL: u32 = 128;

/// Connects with the guarantees that the Store port promises, even if the URI asks for others.
pub(super) async fn connect(uri: &str, patience: Duration) -> Result<Client, StoreError> {
    let wrong = |error: mongodb::error::Error| StoreError::Unavailable(format!("wrong MongoDB URI: {}", error.kind));
    let mut options = ClientOptions::parse(uri).await.map_err(wrong)?;
    let hosts: Vec<_> = options.hosts.iter().map(ToString::to_string).collect();
    options.app_name.get_or_insert_with(|| "ticketing".into());
    options.max_pool_size.get_or_insert(POOL);
    options.server_selection_timeout.get_or_insert(SELECTION_TIMEOUT);
    options.connect_timeout.get_or_insert(CONNECT_TIMEOUT);
    options.write_concern =
        Some(WriteConcern::builder().w(Acknowledgment::Majority).journal(true).w_timeout(WRITE_TIMEOUT).build());
    options.read_concern = Some(ReadConcern::majority());
    options.selection_criteria = Some(SelectionCriteria::ReadPreference(mongodb::options::ReadPreference::Primary));
    // The server remembers our writes: for a write that the driver sends again after a broken
    // connection, it returns the first outcome, and does not treat it as a duplicate of itself.
    options.retry_writes = Some(true);
    options.retry_reads = Some(true);
    let client = Client::with_options(options).map_err(wrong)?;
    let hosts = hosts.join(",");
    let missing = |reason: String| StoreError::Unavailable(format!("no MongoDB primary answers at {hosts}: {reason}"));
    match tokio::time::timeout(patience, client.database("admin").run_command(doc! {"ping": 1})).await {
        Ok(Ok(_)) => Ok(client),
        Ok(Err(error)) => Err(missing(error.kind.to_string())),
        Err(_) => Err(missing(format!("nothing within {patience:?}"))),
    }
}

/// Succeeds if there is a primary and it answers.
pub(super) async fn ping(client: &Client) -> Result<(), StoreError> {
    let answer = client.database("admin").run_command(doc! {"ping": 1}).await;
    answer.map(drop).map_err(|error| store_error(&error))
}
