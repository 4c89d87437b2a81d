use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use tempfile::TempDir;

use super::database;
use super::engines::{mongod, nats_server, traefik};
use super::gateway::{Endpoints, RouteFile};
use super::here::{Substitutions, local};
use super::manifests::Manifests;
use super::pod::Pod;
use super::refusals::STRANGER;
use super::routes::Route;
use crate::engines::port;
use crate::process::{Program, Server};

/// How long the gateway may take to load its routes. Generous: the machine may be compiling.
const PATIENCE: Duration = Duration::from_secs(60);
/// The polling interval.
const POLL: Duration = Duration::from_millis(20);

/// The processes of the development overlay, one of each. Killed when dropped.
pub struct Cluster {
    manifests: Manifests,
    here: Substitutions,
    ticketing: Program,
    routes: RouteFile,
    gateway: SocketAddr,
    services: Vec<(String, Server)>,
    engines: [Server; 3],
    // Dropped after all processes that write there.
    home: TempDir,
}

/// An additional pod of a service.
pub struct Replica {
    /// Its process.
    pub server: Server,
    /// How long it keeps running when it is terminated: until no requests are routed to it.
    pub pre_stop: Duration,
}

impl Cluster {
    /// Starts everything and waits until it is ready. `ticketing` is the program in the services' image,
    /// without arguments.
    ///
    /// # Panics
    /// If something differs from what the manifests require, or does not become ready.
    pub async fn launch(ticketing: Program) -> Self {
        let (manifests, home) = (Manifests::rendered("dev"), tempfile::tempdir().expect("a directory"));
        let [mongodb, nats, monitor, web, ping] = port::several();
        let here =
            Substitutions::default().with("mongodb-0.mongodb:27017", local(mongodb)).with("nats:4222", local(nats));
        // No trace collector runs here.
        let here = here.with("traces:4318", local(9));
        let mongod = mongod(&manifests, mongodb, home.path());
        let nats_server = nats_server(&manifests, nats, monitor, home.path());
        let routes = RouteFile { path: home.path().join("routes.yaml"), routes: Route::of_gateway(&manifests) };
        let traefik = traefik(&manifests, web, ping, &routes.path, home.path());
        let mut cluster = Self {
            manifests,
            here,
            ticketing,
            routes,
            gateway: (Ipv4Addr::LOCALHOST, web).into(),
            services: Vec::new(),
            engines: [mongod, nats_server, traefik],
            home,
        };
        cluster.start().await;
        cluster
    }

    /// The gateway's URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.gateway)
    }

    /// An environment variable of a service's pods.
    ///
    /// # Panics
    /// If it is not set.
    pub fn variable(&self, service: &str, name: &str) -> String {
        self.here.of(&self.manifest(service).variables()[name])
    }

    /// The URL of the bus for the operator, who has no pod.
    ///
    /// # Panics
    /// If there is no operator.
    pub fn operator_url(&self) -> String {
        let password = &Pod::of(&self.manifests, "StatefulSet", "nats").variables()["NATS_PASSWORD_OPERATOR"];
        format!("nats://operator:{password}@{}", self.here.of("nats:4222"))
    }

    /// The log lines in which the bus refused something to the services.
    pub fn violations(&self) -> Vec<String> {
        let [_, nats, _] = &self.engines;
        let log = nats.stderr();
        let violations = log.lines().filter(|line| line.contains("Violation") && !line.contains(STRANGER));
        violations.map(str::to_owned).collect()
    }

    /// The program with the arguments and the environment of a service's pods, on a free port.
    ///
    /// # Panics
    /// If there is no such service.
    pub fn program(&self, service: &str) -> Program {
        self.program_on(service, port::several())
    }

    /// The address of a service's first pod.
    ///
    /// # Panics
    /// If there is none.
    pub fn address(&self, service: &str) -> SocketAddr {
        let found = self.services.iter().find(|(name, _)| name == service);
        found.unwrap_or_else(|| panic!("there is no {service}")).1.address()
    }

    /// One more pod of a service, ready, to which no requests are routed yet.
    ///
    /// # Panics
    /// If it does not become ready.
    pub async fn replica(&self, service: &str) -> Replica {
        let mut server = self.pod(service, port::free());
        server.start();
        server.until_ready().await;
        Replica { server, pre_stop: self.manifest(service).pre_stop() }
    }

    /// Routes requests for a service to these pods, and for the others to the first of each.
    pub fn lead(&self, service: &str, pods: &[SocketAddr]) {
        let mut endpoints = self.endpoints();
        endpoints.insert(service.to_owned(), pods.to_vec());
        self.routes.write(&endpoints);
    }

    async fn start(&mut self) {
        let [mongod, nats, _] = &mut self.engines;
        mongod.start();
        nats.start();
        database::set_up(&self.manifests, &self.here).await;
        nats.until_ready().await;
        let services: Vec<String> = self.manifests.services().map(str::to_owned).collect();
        let ports = port::list(services.len());
        for (service, port) in services.iter().zip(&ports) {
            let there = self.manifest(service).port("http");
            self.here = self.here.clone().with(format!("{service}:{there}"), local(*port));
        }
        let pods = ports.into_iter().zip(&services).map(|(port, service)| self.pod(service, port)).collect::<Vec<_>>();
        self.services = services.into_iter().zip(pods).collect();
        self.services.iter_mut().for_each(|(_, server)| server.start());
        self.routes.write(&self.endpoints());
        let [_, _, traefik] = &mut self.engines;
        traefik.start();
        for (_, server) in &mut self.services {
            server.until_ready().await;
        }
        traefik.until_ready().await;
        self.until_led().await;
    }

    /// Waits until Traefik has read the routes, which it does a moment after it is ready.
    async fn until_led(&self) {
        let began = Instant::now();
        while reqwest::get(self.url()).await.is_ok_and(|answer| answer.status() == StatusCode::NOT_FOUND) {
            assert!(began.elapsed() < PATIENCE, "Traefik does not take the routes");
            tokio::time::sleep(POLL).await;
        }
    }

    fn endpoints(&self) -> Endpoints {
        self.services.iter().map(|(name, server)| (name.clone(), vec![server.address()])).collect()
    }

    fn manifest(&self, service: &str) -> Pod<'_> {
        Pod::of(&self.manifests, "Deployment", service)
    }

    /// A pod of a service, not running yet.
    fn pod(&self, service: &str, port: u16) -> Server {
        let (readiness, operators) = (self.manifest(service).readiness(), port::free());
        let program = self.program_on(service, [port, operators]);
        Server::answering(program, port, readiness).with_operators_at(operators).asking_operators()
    }

    fn program_on(&self, service: &str, [visitors, operators]: [u16; 2]) -> Program {
        let pod = self.manifest(service);
        let listening = Substitutions::default().with(format!("0.0.0.0:{}", pod.port("http")), local(visitors));
        let listening = listening.with(format!("0.0.0.0:{}", pod.port("operators")), local(operators));
        pod.program(self.ticketing.clone(), &listening.and(&self.here), self.home.path())
    }
}
