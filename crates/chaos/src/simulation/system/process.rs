use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use common::id::IdGenerator;
use http::{HeaderMap, Request, StatusCode, Uri};
use http_body_util::BodyExt;
use ports::clock::Clock;
use runtime::limits::LimitSettings;
use runtime::session::{Revoked, SessionCookie, SessionVerifier};
use runtime::{Host, HostError, Peers, Platform};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::life::Life;
use super::processes::Neighbours;
use super::recording::RecordingStore;
use super::surroundings::Surroundings;
use crate::simulation::faults::{Gate, Stripe, TroubledBus, TroubledCalls, TroubledStore};
use crate::simulation::history::HistoryEvent;
use crate::simulation::party::ProcessName;

/// The peer address of requests.
const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1);

/// A process that runs one service, through all its lives.
pub(in crate::simulation) struct Process {
    pub(in crate::simulation) name: ProcessName,
    pub(super) clock: Clock,
    pub(super) around: Arc<Surroundings>,
    present: Mutex<Present>,
}

#[derive(Default)]
struct Present {
    life: Option<Arc<Life>>,
    up: Option<Up>,
}

/// A life that serves requests.
#[derive(Clone)]
struct Up {
    life: Arc<Life>,
    host: Arc<Host>,
    routes: Router,
    internal: Router,
}

/// The response of a service.
pub(in crate::simulation) type ServiceResponse = (StatusCode, HeaderMap, Bytes);

impl Process {
    pub(super) fn new(name: ProcessName, clock: Clock, around: Arc<Surroundings>) -> Self {
        Self { name, clock, around, present: Mutex::default() }
    }

    /// Starts it, and restarts it whenever it has crashed, forever.
    pub(super) async fn keep(self: Arc<Self>) {
        loop {
            let life = Life::begin(self.name, self.around.history.clone());
            // All its ports hold it: it is left if any part of the service is.
            self.around.remains.watch(format!("a life of {}", self.name), &life);
            self.change(|present| present.life = Some(life.clone()));
            match life.during(self.start(life.clone())).await {
                Some(Ok(up)) => {
                    self.around.history.note(HistoryEvent::Started { process: self.name });
                    self.change(|present| present.up = Some(up));
                    life.ended().await;
                }
                Some(Err(error)) => life.kill(&format!("as it cannot start: {error}")),
                None => {}
            }
            self.change(|present| present.up = None);
            tokio::time::sleep(self.around.chance.millis(50..=3_000)).await;
        }
    }

    async fn start(&self, life: Arc<Life>) -> Result<Up, HostError> {
        let around = &self.around;
        let gate = Gate { life: life.clone(), weather: around.weather.clone(), history: around.history.clone() };
        let sessions = SessionVerifier {
            cookie: SessionCookie::new(false),
            keys: around.keys.clone(),
            revoked: Revoked::default(),
            clock: self.clock.clone(),
        };
        let platform = Platform {
            clock: self.clock.clone(),
            ids: IdGenerator::seeded(around.chance.number()),
            bus: around.planted.bus(Arc::new(TroubledBus { home: around.engines.clone(), gate: gate.clone() })),
            http: around.planted.http(Arc::new(TroubledCalls {
                name: "Stripe",
                called: Arc::new(Stripe { simulator: around.stripe(), gate: gate.clone() }),
                gate: gate.clone(),
            })),
            peers: self.peers(&gate),
            sessions,
            limits: Arc::new(LimitSettings::off()),
            tasks: TaskTracker::new(),
        };
        let store = around.engines.store(self.name.service);
        let inner = Arc::new(RecordingStore::new(store, self.name.into(), around.history.clone()));
        let store = around.planted.store(Arc::new(TroubledStore { inner, gate }));
        let definition = around.planted.service(self.name.service.definition(&around.services));
        let mut host = Host::new(platform);
        host.add(definition, store).await?;
        let (routes, internal) = (host.open(), host.internal_routes());
        Ok(Up { life, host: Arc::new(host), routes, internal })
    }

    /// How it asks other services.
    fn peers(&self, gate: &Gate) -> Peers {
        let around = &self.around;
        let calls = TroubledCalls {
            name: "another service",
            called: Arc::new(Neighbours(Arc::downgrade(around))),
            gate: gate.clone(),
        };
        let peers = Peers::at(Uri::from_static("http://orders"), Arc::new(calls));
        match &around.services.auth.mail {
            Some(mail) => peers.with_auth_at(Uri::from_static("http://auth")).with_secret(mail.secret.clone()),
            None => peers,
        }
    }

    /// Its response to a request; `None` if it is down, or goes down meanwhile.
    pub(in crate::simulation) async fn answer(&self, mut request: Request<Body>) -> Option<ServiceResponse> {
        let up = self.up()?;
        if !up.host.readiness().is_ready() {
            return Some((StatusCode::SERVICE_UNAVAILABLE, HeaderMap::new(), Bytes::new()));
        }
        request.extensions_mut().insert(ConnectInfo(PEER));
        up.life.during(respond(up.routes, request)).await
    }

    /// Its response to another service; `None` if it is down, or goes down meanwhile.
    pub(super) async fn answer_peer(&self, request: Request<Body>) -> Option<ServiceResponse> {
        let up = self.up()?;
        up.life.during(respond(up.internal, request)).await
    }

    /// Ends its present life.
    pub(super) fn kill(&self, when: &str) {
        let life = self.present.lock().unwrap_or_else(PoisonError::into_inner).life.clone();
        if let Some(life) = life {
            life.kill(when);
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        self.up().is_some_and(|up| up.host.readiness().is_ready())
    }

    /// Whether it is up and idle.
    pub(super) async fn is_idle(&self) -> bool {
        match self.up() {
            Some(up) => up.host.is_idle().await.unwrap_or(false),
            None => false,
        }
    }

    fn up(&self) -> Option<Up> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner).up.clone()
    }

    fn change(&self, change: impl FnOnce(&mut Present)) {
        change(&mut self.present.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

async fn respond(routes: Router, request: Request<Body>) -> ServiceResponse {
    let response = routes.oneshot(request).await.unwrap_or_else(|never| match never {});
    let (head, body) = response.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    (head.status, head.headers, body)
}
