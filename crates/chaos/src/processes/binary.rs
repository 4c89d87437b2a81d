use std::path::PathBuf;

use anyhow::Result;
use server::services::ServiceName;
use testkit::process::Program;

use crate::cargo::{self, Build};

/// The program of all services, built with crash points.
#[derive(Debug, Clone)]
pub struct Binary(PathBuf);

impl Binary {
    /// The one in this file.
    pub fn in_file(file: impl Into<PathBuf>) -> Self {
        Self(file.into())
    }

    /// Builds it, optimised if this program is. The product's own program is not replaced.
    ///
    /// # Errors
    /// If that fails.
    pub fn build() -> Result<Self> {
        println!("building the services, with crash points");
        let source = cargo::workspace();
        let features = ["--features", "server/cluster,server/crash-points"];
        let selection = [cargo::AS_FOR_TESTS.as_slice(), &features].concat();
        let build = Build { source: &source, selection: &selection, name: "ticketing", apart: "crash-points" };
        cargo::build(build).map(Self)
    }

    /// The command that runs a service.
    pub(super) fn of(&self, service: ServiceName) -> Program {
        Program::new(&self.0).args(["service", service.as_str()])
    }
}
