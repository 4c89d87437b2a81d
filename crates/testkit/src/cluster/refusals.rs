use std::time::Duration;

use async_nats::{ConnectErrorKind, ConnectOptions, Event};
use mongodb::Client;
use mongodb::bson::doc;
use mongodb::error::ErrorKind;
use tokio::sync::mpsc;
use url::Url;

/// The client name of [`BusUser`]s in the log of the bus.
pub(super) const STRANGER: &str = "stranger";
/// How long a refusal may take. Generous: the machine may be compiling.
const PATIENCE: Duration = Duration::from_secs(20);
/// MongoDB's error code for a missing permission.
const UNAUTHORIZED: i32 = 13;

/// Why a database refuses a client.
#[derive(Debug, PartialEq, Eq)]
pub enum DatabaseRefusal {
    /// Authentication failed.
    Unknown,
    /// The user lacks the permission.
    Unauthorized,
}

/// How MongoDB refuses a client that connects by `uri` to read and to write in `database`; `None` if it does
/// not.
///
/// # Panics
/// If it fails otherwise, or allows one of the two only.
pub async fn database_refusal(uri: &str, database: &str) -> Option<DatabaseRefusal> {
    let client = Client::with_uri_str(uri).await.expect("a valid uri");
    let database = client.database(database);
    let read = database.run_command(doc! { "find": "anything", "limit": 1 }).await;
    let write = database.run_command(doc! { "insert": "anything", "documents": [doc! {}] }).await;
    let [read, write] = [read, write].map(|answer| {
        answer.err().map(|error| match error.kind.as_ref() {
            ErrorKind::Authentication { .. } => DatabaseRefusal::Unknown,
            ErrorKind::Command(command) if command.code == UNAUTHORIZED => DatabaseRefusal::Unauthorized,
            _ => panic!("neither refused nor allowed: {error}"),
        })
    });
    assert_eq!(read, write);
    read
}

/// A client with an account on the bus.
pub struct BusUser {
    client: async_nats::Client,
    errors: mpsc::UnboundedReceiver<String>,
}

impl BusUser {
    /// Connects by this URL; `None` if authentication fails.
    ///
    /// # Panics
    /// If it fails otherwise.
    pub async fn connect(url: &str) -> Option<Self> {
        let (reported, errors) = mpsc::unbounded_channel();
        let address = Url::parse(url).expect("an address");
        let options = match (address.username(), address.password().unwrap_or_default()) {
            ("", _) => ConnectOptions::new(),
            (user, password) => ConnectOptions::with_user_and_password(user.to_owned(), password.to_owned())
                .custom_inbox_prefix(format!("_INBOX.{user}")),
        };
        let options = options.name(STRANGER).event_callback(move |event| {
            if let Event::ServerError(error) = event {
                // The receiver is dropped once the test is over.
                let _ = reported.send(error.to_string().to_lowercase());
            }
            std::future::ready(())
        });
        match options.connect(url).await {
            Ok(client) => Some(Self { client, errors }),
            Err(error) if error.kind() == ConnectErrorKind::AuthorizationViolation => None,
            Err(error) => panic!("neither refused nor let in: {error}"),
        }
    }

    /// Publishes to a stream and waits for the acknowledgement.
    ///
    /// # Panics
    /// If it is not acknowledged.
    pub async fn publish(&self, subject: &str, text: &str) {
        let jetstream = async_nats::jetstream::new(self.client.clone());
        let sent = jetstream.publish(subject.to_owned(), text.to_owned().into()).await.expect("sends");
        sent.await.expect("is kept");
    }

    /// Publishes, and waits for the refusal.
    ///
    /// # Panics
    /// If there is none.
    pub async fn is_refused_to_publish(&mut self, subject: &str) {
        self.client.publish(subject.to_owned(), "{}".into()).await.expect("sends");
        self.refused("publish", subject).await;
    }

    /// Subscribes, and waits for the refusal.
    ///
    /// # Panics
    /// If there is none.
    pub async fn is_refused_to_subscribe(&mut self, subject: &str) {
        let _subscription = self.client.subscribe(subject.to_owned()).await.expect("sends");
        self.refused("subscription", subject).await;
    }

    async fn refused(&mut self, what: &str, subject: &str) {
        let expected = format!("permissions violation for {what} to \"{}\"", subject.to_lowercase());
        let refusal = async { while !self.errors.recv().await.expect("a connection").contains(&expected) {} };
        let refused = tokio::time::timeout(PATIENCE, refusal).await;
        assert!(refused.is_ok(), "it was not refused: {what} to {subject}");
    }
}
