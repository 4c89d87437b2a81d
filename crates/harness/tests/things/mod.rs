//! A service that makes things, as a test wants it to.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use common::id::Id;
use harness::{Harness, Reply, TestUser, within};
use http::{HeaderValue, StatusCode, header};
use ports::store::{Collection, Conflict, Query, StoreError};
use runtime::http::{ApiError, JsonBody, NewId};
use runtime::session::SignedIn;
use runtime::store::{Store, Stored};
use runtime::{Deps, Service, ServiceDefinition};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use utoipa_axum::router::OpenApiRouter;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Thing {
    id: Id<Thing>,
    name: String,
}

impl Stored for Thing {
    const COLLECTION: &'static Collection = &Collection { name: "things", indexes: &[] };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MakeRequest {
    name: String,
    fail_once: Option<u16>,
}

/// What the test and the handler share.
struct Workshop {
    calls: AtomicUsize,
    made: Mutex<Vec<Id<Thing>>>,
    failed: Mutex<HashSet<String>>,
    /// Handlers of slow things wait for it after they have made theirs.
    let_go: Semaphore,
}

#[derive(Clone)]
struct ThingsState {
    deps: Deps,
    things: Store<Thing>,
    workshop: Arc<Workshop>,
}

async fn make(
    State(state): State<ThingsState>,
    new_id: NewId,
    SignedIn(_): SignedIn,
    JsonBody(request): JsonBody<MakeRequest>,
) -> Result<Response, ApiError> {
    state.workshop.calls.fetch_add(1, Ordering::SeqCst);
    if request.name.is_empty() {
        return Err(ApiError::bad_request("nameless", "It has no name"));
    }
    let platform = &state.deps.platform;
    let id = new_id.or_fresh(&platform.ids, platform.clock.now());
    let status = match state.things.insert(Thing { id, name: request.name.clone() }, &()).await {
        Ok(_) => StatusCode::CREATED,
        Err(StoreError::Conflict(Conflict::Exists)) => StatusCode::OK,
        Err(error) => return Err(error.into()),
    };
    state.workshop.made.lock().expect("no panic").push(id);
    if request.name == "slow" && status == StatusCode::CREATED {
        state.workshop.let_go.acquire().await.expect("is open").forget();
    }
    if let Some(failure) = request.fail_once
        && state.workshop.failed.lock().expect("no panic").insert(format!("{failure}-{}", request.name))
    {
        let status = StatusCode::from_u16(failure).expect("a status");
        return Err(ApiError::new(status, "failed_once", "It failed after it was made"));
    }
    let headers = [(header::LOCATION, format!("/api/things/{id}")), (header::ETAG, "\"0\"".to_owned())];
    let mut response = (status, headers, Json(json!({"id": id}))).into_response();
    if request.name == "cookie" {
        response.headers_mut().insert(header::SET_COOKIE, HeaderValue::from_static("session=secret"));
    }
    Ok(response)
}

fn definition(workshop: Arc<Workshop>) -> ServiceDefinition {
    let build = move |deps: Deps| {
        let state = ThingsState { things: deps.store(), deps, workshop };
        let routes = OpenApiRouter::new()
            .route("/api/things", post(make))
            .route("/api/things/7", post(make))
            .route("/api/users/things", post(make))
            .with_state(state);
        let internal = OpenApiRouter::new();
        Service { routes, internal, streams: Vec::new(), listeners: Vec::new(), tasks: Vec::new() }
    };
    ServiceDefinition {
        name: "things",
        collections: &[Thing::COLLECTION],
        api: utoipa::openapi::OpenApi::default(),
        build: Box::new(build),
    }
}

/// The service under test.
pub(crate) struct App {
    harness: Harness,
    workshop: Arc<Workshop>,
}

impl Deref for App {
    type Target = Harness;

    fn deref(&self) -> &Harness {
        &self.harness
    }
}

impl App {
    pub(crate) async fn start() -> Self {
        let workshop = Arc::new(Workshop {
            calls: AtomicUsize::new(0),
            made: Mutex::default(),
            failed: Mutex::default(),
            let_go: Semaphore::new(0),
        });
        Self { harness: Harness::start(definition(workshop.clone())).await, workshop }
    }

    /// Asks for a thing under this key, in a task of its own.
    pub(crate) fn spawn_make(&self, user: &TestUser, key: &str, body: Value) -> JoinHandle<Reply> {
        tokio::spawn(self.post("/api/things").header("idempotency-key", key).by(user).json(body))
    }

    /// How often the handler was called.
    pub(crate) fn calls(&self) -> usize {
        self.workshop.calls.load(Ordering::SeqCst)
    }

    /// The id of the thing that was made last.
    pub(crate) fn made_last(&self) -> String {
        self.workshop.made.lock().expect("no panic").last().expect("something was made").to_string()
    }

    /// Lets one handler of a slow thing answer.
    pub(crate) fn let_go(&self) {
        self.workshop.let_go.add_permits(1);
    }

    /// Returns when so many things have been made.
    pub(crate) async fn until_called(&self, count: usize) {
        self.until(|| self.workshop.made.lock().expect("no panic").len() >= count).await;
    }

    /// Returns when a request waits for another with the same key.
    pub(crate) async fn until_somebody_waits(&self) {
        self.until(|| self.clock.sleepers() > harness::PERIODIC_TASKS).await;
    }

    async fn until(&self, condition: impl Fn() -> bool) {
        within(async {
            while !condition() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    /// The things there are.
    pub(crate) async fn things(&self) -> Vec<String> {
        self.ids_in(Thing::COLLECTION).await
    }

    /// The keys that are known.
    pub(crate) async fn kept_answers(&self) -> Vec<String> {
        let ids = self.ids_in(&Collection { name: "idempotency", indexes: &[] }).await;
        ids.iter().filter_map(|id| Some(id.split_once(':')?.1.to_owned())).collect()
    }

    async fn ids_in(&self, collection: &'static Collection) -> Vec<String> {
        let records = self.deps.records.find(collection, &Query::default()).await.expect("finds");
        records.into_iter().map(|record| record.id).collect()
    }
}
