//! Buckets, by the keys that the environment has (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, or what a cluster
//! gives its pods).

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, ObjectStore, RetryConfig};

use super::address::Bucket;
use super::{Storage, StorageError};

/// What every part but the last has at least.
const PART: usize = 5 * 1024 * 1024;
/// How long one request may take, and how long all attempts together. People wait for it.
const REQUEST: Duration = Duration::from_secs(15);
const CONNECTION: Duration = Duration::from_secs(3);
const ALL: Duration = Duration::from_secs(20);
const MOST_RETRIES: usize = 3;

pub(super) fn open(bucket: &Bucket) -> Result<Storage, StorageError> {
    let client = ClientOptions::new().with_timeout(REQUEST).with_connect_timeout(CONNECTION);
    let retries = RetryConfig { max_retries: MOST_RETRIES, retry_timeout: ALL, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(&bucket.name).with_retry(retries);
    // We delete one file at a time, and not every store knows, or answers as Amazon does, when it is asked for several.
    builder = builder.with_disable_bulk_delete(true);
    if let Some(region) = &bucket.region {
        builder = builder.with_region(region);
    }
    let is_plain = bucket.endpoint.as_ref().is_some_and(|endpoint| endpoint.scheme() == "http");
    if let Some(endpoint) = &bucket.endpoint {
        builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
    }
    let store = builder.with_client_options(client.with_allow_http(is_plain)).build()?;
    let store: Arc<dyn ObjectStore> = if bucket.folder.is_empty() {
        Arc::new(store)
    } else {
        Arc::new(PrefixStore::new(store, bucket.folder.as_str()))
    };
    Ok(Storage::new(store, PART))
}
