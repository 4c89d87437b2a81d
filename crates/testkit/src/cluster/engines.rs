//! What the services stand on, by the manifests of its pods. Ports and directories are ours.

use std::path::Path;

use super::here::{Substitutions, local};
use super::manifests::Manifests;
use super::pod::Pod;
use crate::engines::binary::{MONGOD, NATS_SERVER, TRAEFIK};
use crate::process::{Program, Server};

/// By the shell command of its pod, which finds `mongod` on the `PATH`.
pub(super) fn mongod(manifests: &Manifests, port: u16, home: &Path) -> Server {
    let pod = Pod::of(manifests, "StatefulSet", "mongodb");
    let here = Substitutions::default().with("bindIpAll: true", "bindIp: 127.0.0.1");
    let here = here.with("port: 27017", format!("port: {port}"));
    let binary = MONGOD.find();
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", binary.parent().expect("a file lies in a directory").display());
    let program = pod.program(Program::new("/bin/sh"), &here, &home.join("mongodb")).env("PATH", path);
    // When it is ready is seen by what sets up its users: there is no `mongosh` here that could probe it.
    Server::answering(program, port, "/")
}

/// By the command of its pod.
pub(super) fn nats_server(manifests: &Manifests, port: u16, monitor: u16, home: &Path) -> Server {
    let pod = Pod::of(manifests, "StatefulSet", "nats");
    let here = Substitutions::default().with("http_port: 8222", format!("http: {}", local(monitor)));
    let here = here.with("port: 4222", format!("listen: {}", local(port)));
    Server::answering(
        pod.program(Program::new(NATS_SERVER.find()), &here, &home.join("nats")),
        monitor,
        pod.readiness(),
    )
}

/// With a file of routes in place of the API of Kubernetes, which it reads them from in a cluster.
pub(super) fn traefik(manifests: &Manifests, web: u16, ping: u16, routes: &Path, home: &Path) -> Server {
    let pod = Pod::of(manifests, "Deployment", "traefik");
    let here = Substitutions::default().with(":8000", local(web)).with(":8081", local(ping));
    let here =
        here.with("--providers.kubernetesgateway=true", format!("--providers.file.filename={}", routes.display()));
    let here = here.with("--providers.kubernetesgateway.namespaces=ticketing", "--providers.file.watch=true");
    let program = pod.program(Program::new(TRAEFIK.find()), &here, &home.join("traefik"));
    Server::answering(program, ping, pod.readiness())
}
