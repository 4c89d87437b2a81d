//! What the operator reads if MongoDB is not available.
#![cfg(feature = "mongo")]

use std::time::Duration;

use adapters::mongo::MongoStore;
use ports::store::StoreError;

const PATIENCE: Duration = Duration::from_secs(10);

async fn refusal(uri: &str) -> String {
    match MongoStore::connect(uri, "tickets", PATIENCE).await {
        Err(StoreError::Unavailable(message)) => {
            assert_eq!(message.lines().count(), 1, "{message}");
            message
        }
        Err(error) => panic!("another error: {error}"),
        Ok(_) => panic!("connected to {uri}"),
    }
}

#[tokio::test]
async fn a_wrong_uri_is_reported_as_such() {
    for uri in ["", "localhost:27017", "mongodb://", "mongodb://host:port/?w=", "http://host/"] {
        let message = refusal(uri).await;
        assert!(message.starts_with("wrong MongoDB URI: "), "{uri}: {message}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_without_the_password() {
    let uri = "mongodb://ada:secret@127.0.0.1:1/?serverSelectionTimeoutMS=300";
    let message = refusal(uri).await;
    assert!(message.starts_with("no MongoDB primary answers at 127.0.0.1:1: "), "{message}");
    assert!(!message.contains("secret"), "{message}");
}
