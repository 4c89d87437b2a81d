use testkit::engines::{mongodb_uri, nats_url};
use testkit::process::Program;

pub(crate) const ALL: [&str; 6] = [
    env!("CARGO_BIN_EXE_ticketing"),
    env!("CARGO_BIN_EXE_auth"),
    env!("CARGO_BIN_EXE_tickets"),
    env!("CARGO_BIN_EXE_orders"),
    env!("CARGO_BIN_EXE_expiration"),
    env!("CARGO_BIN_EXE_payments"),
];

/// Everything in one process that keeps nothing.
pub(crate) fn in_memory() -> Program {
    ticketing().arg("--memory")
}

pub(crate) fn ticketing() -> Program {
    Program::new(env!("CARGO_BIN_EXE_ticketing")).env("LISTEN_ADDR", "127.0.0.1:0")
}

/// One service on the shared engines, apart from everybody else.
pub(crate) async fn auth() -> Program {
    let program = Program::new(env!("CARGO_BIN_EXE_auth")).env("LISTEN_ADDR", "127.0.0.1:0");
    let program = program.env("MONGODB_URI", mongodb_uri().await).env("NATS_URL", nats_url().await);
    program.args(["--namespace", &format!("t{:016x}", rand::random::<u64>())])
}
