//! The servers that the services depend on, configured by the manifests of their pods, with our own ports
//! and directories.

use std::path::Path;

use super::here::{Substitutions, local};
use super::manifests::Manifests;
use super::pod::Pod;
use crate::engines::binary::{MONGOD, NATS_SERVER, TRAEFIK};
use crate::process::{Program, Server};

/// Runs the shell command of its pod, which finds `mongod` on the `PATH`.
pub(super) fn mongod(manifests: &Manifests, port: u16, home: &Path) -> Server {
    let pod = Pod::of(manifests, "StatefulSet", "mongodb");
    let here = Substitutions::default().with("bindIpAll: true", "bindIp: 127.0.0.1");
    let here = here.with("port: 27017", format!("port: {port}"));
    // The name that it waits for, where there is no DNS of a cluster.
    let here = here.with("$POD_NAME.mongodb", "127.0.0.1");
    let binary = MONGOD.find();
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", binary.parent().expect("a file lies in a directory").display());
    let program = pod.program(Program::new("/bin/sh"), &here, &home.join("mongodb")).env("PATH", path);
    // Setting up the users waits until it is ready; `mongosh`, which its probe uses, is not installed here.
    Server::answering(program, port, "/")
}

/// Runs the command of its pod.
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

/// Reads its routes from a file instead of the API of Kubernetes.
pub(super) fn traefik(manifests: &Manifests, web: u16, ping: u16, routes: &Path, home: &Path) -> Server {
    let pod = Pod::of(manifests, "Deployment", "traefik");
    let here = Substitutions::default().with(":8000", local(web)).with(":8081", local(ping));
    let here =
        here.with("--providers.kubernetesgateway=true", format!("--providers.file.filename={}", routes.display()));
    let here = here.with("--providers.kubernetesgateway.namespaces=ticketing", "--providers.file.watch=true");
    let program = pod.program(Program::new(TRAEFIK.find()), &here, &home.join("traefik"));
    Server::answering(program, ping, pod.readiness())
}
