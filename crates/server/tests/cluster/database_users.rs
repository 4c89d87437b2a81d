use mongodb::bson::{Document, doc};
use server::services::ServiceName;
use testkit::cluster::{DatabaseRefusal, database_refusal};

use crate::cluster;

#[tokio::test(flavor = "multi_thread")]
async fn a_service_may_use_its_own_database_and_no_other_on_mongodb() {
    let cluster = cluster().await;
    let services = ServiceName::ALL.map(ServiceName::as_str);
    for service in services {
        let uri = cluster.variable(service, "MONGODB_URI");
        for database in services.into_iter().chain(["admin", "local", "config"]) {
            let expected = (database != service).then_some(DatabaseRefusal::Unauthorized);
            assert_eq!(database_refusal(&uri, database).await, expected, "{service} in the database {database}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn using_a_database_needs_its_password_on_mongodb() {
    let cluster = cluster().await;
    let uri = cluster.variable("orders", "MONGODB_URI");
    let (scheme, rest) = uri.split_once("://").expect("a scheme");
    let (_, address) = rest.split_once('@').expect("a user");
    let nobody = format!("{scheme}://{address}");
    assert_eq!(database_refusal(&nobody, "orders").await, Some(DatabaseRefusal::Unauthorized));
    let guessing = format!("{scheme}://orders:guess@{address}");
    assert_eq!(database_refusal(&guessing, "orders").await, Some(DatabaseRefusal::Unknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_does_not_start_with_the_database_user_of_another_on_mongodb() {
    let cluster = cluster().await;
    let program = cluster.program("tickets").env("MONGODB_URI", cluster.variable("orders", "MONGODB_URI"));
    let finished = program.env("STARTUP_TIMEOUT", "1s").run().await;
    assert!(finished.code.is_some_and(|code| code != 0), "{finished:?}");
    assert!(finished.stderr.contains("not authorized on tickets"), "{finished:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_database_lets_nobody_sign_sessions_on_mongodb() {
    let cluster = cluster().await;
    let client = mongodb::Client::with_uri_str(cluster.variable("auth", "MONGODB_URI")).await.expect("a valid uri");
    for (collection, field) in [("signing_keys", "privateKey"), ("device_keys", "key")] {
        let keys = client.database("auth").collection::<Document>(collection);
        let kept = keys.find_one(doc! {}).await.expect("reads").expect("there is a key, as auth is ready");
        assert!(kept.get_str(field).expect("text").starts_with("wrapped:"), "{collection}: {kept}");
    }
}
