use std::path::PathBuf;

use anyhow::Result;
use server::services::ServiceName;
use testkit::process::Program;

use crate::cargo::{self, Build};

/// The program of all services, built so that it can be made to crash.
#[derive(Debug, Clone)]
pub struct Binary(PathBuf);

impl Binary {
    /// The one in this file.
    pub fn in_file(file: impl Into<PathBuf>) -> Self {
        Self(file.into())
    }

    /// Builds it, optimised if we are. The product's own program stays as it is.
    ///
    /// # Errors
    /// If that fails.
    pub fn build() -> Result<Self> {
        println!("building the services, with crash points");
        let source = cargo::workspace();
        // All packages, as the test command does, so that dependencies have the same features.
        let selection = ["--workspace", "--features", "server/cluster,server/crash-points"];
        let build = Build { source: &source, selection: &selection, name: "ticketing", apart: "crash-points" };
        cargo::build(build).map(Self)
    }

    /// What runs a service.
    pub(super) fn of(&self, service: ServiceName) -> Program {
        Program::new(&self.0).args(["service", service.as_str()])
    }
}
