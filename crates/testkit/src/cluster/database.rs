use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mongodb::bson::{Document, doc};
use mongodb::options::{ClientOptions, Credential};
use mongodb::{Client, error};
use serde::Deserialize;

use super::here::Substitutions;
use super::manifests::Manifests;
use super::pod::Pod;

/// How long the replica set may take to form. Generous: the machine may be compiling.
const PATIENCE: Duration = Duration::from_secs(60);
/// The polling interval.
const POLL: Duration = Duration::from_millis(100);

/// An entry of `users.json`.
#[derive(Deserialize)]
struct User {
    database: String,
    user: String,
    roles: Vec<String>,
}

/// Does the work of the Job `mongodb-setup` and its `setup.js`, since `mongosh` is not installed here:
/// initiates the replica set, and creates the users of its `users.json` with the passwords from its
/// environment.
pub(super) async fn set_up(manifests: &Manifests, here: &Substitutions) {
    let job = Pod::of(manifests, "Job", "mongodb-setup");
    let variables = job.variables();
    let member = here.of(&variables["MEMBERS"]);
    let client = as_member(&member, job.file(&variables["KEYFILE"])).await;
    patiently("forming the replica set", || form_replica_set(&client, &member)).await;
    let users: Vec<User> = serde_json::from_str(&job.file(&variables["USERS"])).expect("a list of users");
    for user in &users {
        patiently(&user.user, || create(&client, user, &variables)).await;
    }
    client.shutdown().immediate(true).await;
}

/// Signs in with the key file, since there is no user yet.
async fn as_member(member: &str, key: String) -> Client {
    let uri = format!("mongodb://{member}/?directConnection=true");
    let mut options = ClientOptions::parse(uri).await.expect("a well-formed connection string");
    let credential = Credential::builder().username("__system".to_owned()).password(key).source("local".to_owned());
    options.credential = Some(credential.build());
    options.server_selection_timeout = Some(Duration::from_secs(1));
    Client::with_options(options).expect("valid options")
}

/// Waits until the member accepts writes.
async fn form_replica_set(client: &Client, member: &str) -> error::Result<()> {
    let hello = admin(client, doc! { "hello": 1 }).await?;
    if hello.get_str("setName").is_err() {
        let members = [doc! { "_id": 0, "host": member }];
        admin(client, doc! { "replSetInitiate": { "_id": "rs0", "members": members } }).await?;
    }
    if hello.get_bool("isWritablePrimary").unwrap_or(false) {
        Ok(())
    } else {
        Err(error::Error::custom("no primary yet"))
    }
}

async fn create(client: &Client, user: &User, variables: &BTreeMap<String, String>) -> error::Result<()> {
    let password = &variables[&format!("MONGODB_PASSWORD_{}", user.user.to_uppercase())];
    let command = doc! { "createUser": &user.user, "pwd": password, "roles": &user.roles };
    client.database(&user.database).run_command(command).await.map(|_| ())
}

async fn admin(client: &Client, command: Document) -> error::Result<Document> {
    client.database("admin").run_command(command).await
}

async fn patiently<Attempt: Future<Output = error::Result<()>>>(what: &str, attempt: impl Fn() -> Attempt) {
    let deadline = Instant::now() + PATIENCE;
    while let Err(error) = attempt().await {
        assert!(Instant::now() < deadline, "{what}: {error}");
        tokio::time::sleep(POLL).await;
    }
}
