use std::time::Duration;

use anyhow::Result;
use testkit::process::{Program, Server};

use super::serve;
use crate::load::{Job, closed_loop, get};
use crate::report::Figure;
use crate::system::Meter;

/// axum alone, and with the check of a signed cookie.
pub(super) async fn run(time: Duration) -> Result<Vec<Figure>> {
    let server = Server::launch(Program::new(std::env::current_exe()?).arg("--serve-baseline")).await;
    let token = serve::token()?;
    let mut figures = Vec::new();
    for (key, name, request) in [
        ("http", "axum, small JSON", get("/json", None)),
        ("http-cookie", "axum, small JSON, HS256 cookie", get("/cookie", Some(&token))),
    ] {
        let meter = Meter::start(&[("axum", server.pid())])?;
        let (tally, _) = closed_loop(Job::repeat(server.address(), 64, vec![request], time)).await?;
        tally.all(200)?;
        figures.push(Figure::rate(key, name, &tally).costing(meter.shares(tally.count())?));
    }
    Ok(figures)
}
