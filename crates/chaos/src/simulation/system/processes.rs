use std::sync::{Arc, Weak};

use async_trait::async_trait;
use axum::body::{Body, Bytes};
use http::{Request, Response};
use ports::clock::Clock;
use runtime::outbound::{CallFailed, HttpCalls};
use server::services::ServiceName;

use super::process::Process;
use super::surroundings::Surroundings;
use crate::simulation::chance::Chance;
use crate::simulation::faults::cut;
use crate::simulation::party::ProcessName;

/// The processes of one service, and the load balancer in front of them. They share the service's database and its
/// consumers, and nothing else: each has its own clock, lives, crashes, and whatever it keeps in memory.
pub(in crate::simulation) struct Processes {
    all: Vec<Arc<Process>>,
    chance: Chance,
}

impl Processes {
    pub(super) fn new(service: ServiceName, clock: impl Fn() -> Clock, around: &Arc<Surroundings>) -> Self {
        let process = |number| Arc::new(Process::new(ProcessName { service, number }, clock(), around.clone()));
        Self { all: (0..around.plan.processes).map(process).collect(), chance: around.chance.clone() }
    }

    pub(in crate::simulation) fn all(&self) -> &[Arc<Process>] {
        &self.all
    }

    /// Who gets the next request: one that is ready, if any is.
    pub(in crate::simulation) fn choose(&self) -> &Arc<Process> {
        let ready: Vec<_> = self.all.iter().filter(|process| process.is_ready()).collect();
        match *ready {
            [] => &self.all[0],
            [only] => only,
            _ => self.chance.pick(&ready).copied().unwrap_or(&self.all[0]),
        }
    }
}

/// Orders and auth, as other services reach them: each under its name.
pub(super) struct Neighbours(pub(super) Weak<Surroundings>);

#[async_trait]
impl HttpCalls for Neighbours {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let processes = self.0.upgrade().and_then(|around| {
            let asked = if request.uri().host() == Some("auth") { &around.auth } else { &around.orders };
            asked.get().and_then(Weak::upgrade)
        });
        let processes = processes.ok_or_else(cut)?;
        let (status, _, body) = processes.choose().answer_peer(request.map(Body::from)).await.ok_or_else(cut)?;
        let mut response = Response::new(body);
        *response.status_mut() = status;
        Ok(response)
    }
}

#[cfg(test)]
mod tests;
