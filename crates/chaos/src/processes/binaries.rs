use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::part::Service;

/// Where the services' binaries are, built so that they can be made to crash.
#[derive(Debug, Clone)]
pub struct Binaries(PathBuf);

impl Binaries {
    /// Those in this directory.
    pub fn in_directory(directory: impl Into<PathBuf>) -> Self {
        Self(directory.into())
    }

    /// Builds them, optimised if we are, and puts them aside: the next build of the product puts
    /// others in their place.
    ///
    /// # Errors
    /// If that fails.
    pub fn build() -> Result<Self> {
        let workspace =
            Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("the workspace's directory")?;
        let (profile, directory) = if cfg!(debug_assertions) { ("dev", "debug") } else { ("release", "release") };
        println!("building the services, with crash points");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.current_dir(workspace).args([
            "build",
            "--profile",
            profile,
            "-p",
            "server",
            "--features",
            "crash-points",
        ]);
        build.args(Service::ALL.iter().flat_map(|service| ["--bin", service.name()]));
        ensure!(build.status().context("cargo does not run")?.success(), "the services cannot be built");
        let (target, aside) = (target_directory(workspace), target_directory(workspace).join("chaos-bin"));
        std::fs::create_dir_all(&aside)?;
        for service in Service::ALL {
            // Removed first: a file that is being run cannot be written.
            let _ = std::fs::remove_file(aside.join(service.name()));
            std::fs::copy(target.join(directory).join(service.name()), aside.join(service.name()))
                .with_context(|| format!("the binary of {}", service.name()))?;
        }
        Ok(Self(aside))
    }

    pub(super) fn of(&self, service: Service) -> PathBuf {
        self.0.join(service.name())
    }
}

fn target_directory(workspace: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), |named| workspace.join(named))
}
