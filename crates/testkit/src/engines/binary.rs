use std::env;
use std::path::{Path, PathBuf};

/// One of the servers, as an executable that may be installed in several places.
pub(crate) struct Binary {
    /// The file name.
    pub(super) name: &'static str,
    /// The environment variable with the executable's path.
    pub(super) variable: &'static str,
    /// How to install it by hand.
    pub(super) manual: &'static str,
    /// The command that installs it.
    pub(super) obtain: &'static str,
}

pub(crate) const MONGOD: Binary = Binary {
    name: "mongod",
    variable: "MONGOD_BIN",
    manual: "install MongoDB Community 6.0 or later (https://www.mongodb.com/docs/manual/installation/)",
    obtain: "cargo xtask engines",
};

pub(crate) const NATS_SERVER: Binary = Binary {
    name: "nats-server",
    variable: "NATS_SERVER_BIN",
    manual: "install nats-server 2.12 or later (https://docs.nats.io/running-a-nats-service/introduction/installation)",
    obtain: "cargo xtask engines",
};

/// The gateway, of the version that the manifests name.
pub(crate) const TRAEFIK: Binary = Binary {
    name: "traefik",
    variable: "TRAEFIK_BIN",
    manual: "install Traefik 3.7 (https://doc.traefik.io/traefik/getting-started/)",
    obtain: "cargo xtask engines",
};

/// The driver of [`CHROMIUM`], which must be of the same version.
pub(super) const CHROMEDRIVER: Binary = Binary {
    name: "chromedriver",
    variable: "CHROMEDRIVER_BIN",
    manual: "install it (Debian: apt-get install chromium chromium-driver)",
    obtain: "cargo xtask engines --browser",
};

pub(super) const CHROMIUM: Binary = Binary {
    name: "chromium",
    variable: "CHROMIUM_BIN",
    manual: "install it (Debian: apt-get install chromium chromium-driver)",
    obtain: "cargo xtask engines --browser",
};

/// Where `cargo xtask engines` installs its downloads.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/engines/bin")
}

impl Binary {
    /// The first that exists: from the variable, the `PATH`, or `cargo xtask engines`.
    pub(crate) fn find(&self) -> PathBuf {
        if let Some(named) = env::var_os(self.variable).filter(|path| !path.is_empty()) {
            let named = PathBuf::from(named);
            assert!(named.is_file(), "{} is set to {}, which is not a file", self.variable, named.display());
            return named;
        }
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path)
            .chain([cache()])
            .map(|directory| directory.join(self.name))
            .find(|file| file.is_file())
            .unwrap_or_else(|| panic!("{}", self.instructions()))
    }

    fn instructions(&self) -> String {
        let Self { name, variable, manual, obtain } = self;
        format!(
            "this test needs {name}, and there is none.\n\
             Run `{obtain}`, which obtains it; or {manual} so that it is on the PATH;\n\
             or set {variable} to the file."
        )
    }
}
