use server::services::ServiceName;
use testkit::engines::{mongodb_uri, nats_url};
use testkit::process::Program;

pub(crate) use crate::program::ticketing;

/// Everything in one process without storage.
pub(crate) fn in_memory() -> Program {
    on_a_free_port(ticketing()).arg("--memory")
}

/// Everything in one process with its data in a directory.
pub(crate) fn in_directory(data: &std::path::Path) -> Program {
    on_a_free_port(ticketing()).arg("--data").arg(data)
}

/// Auth alone, on the shared engines, isolated from other tests.
pub(crate) async fn auth() -> Program {
    service(ServiceName::Auth).await
}

/// One service alone, likewise.
pub(crate) async fn service(name: ServiceName) -> Program {
    let program = on_a_free_port(ticketing().service(name.as_str()));
    let program = program.env("MONGODB_URI", mongodb_uri().await).env("NATS_URL", nats_url().await);
    apart(program)
}

/// With its own databases and streams.
pub(crate) fn apart(program: Program) -> Program {
    program.args(["--namespace", &format!("t{:016x}", rand::random::<u64>())])
}

fn on_a_free_port(program: Program) -> Program {
    program.env("LISTEN_ADDR", "127.0.0.1:0").env("OPERATOR_LISTEN", "127.0.0.1:0")
}
