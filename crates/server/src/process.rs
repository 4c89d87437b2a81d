//! How a process begins and ends.

use std::fmt;
use std::process::ExitCode;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The process was asked to end before it was ready, which is not an error.
#[derive(Debug)]
pub struct EndedEarly;

impl fmt::Display for EndedEarly {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("asked to end while starting")
    }
}

impl std::error::Error for EndedEarly {}

/// Runs a process to its end. An error is printed in one line.
pub fn run(work: impl Future<Output = anyhow::Result<()>>) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    match runtime.block_on(work) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<EndedEarly>() => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {}", format!("{error:#}").replace('\n', " "));
    ExitCode::FAILURE
}

/// Returns when the process is asked to end, by SIGTERM or Ctrl-C.
///
/// # Errors
/// If signals cannot be received.
pub async fn shutdown_requested() -> anyhow::Result<()> {
    ShutdownSignal::listen()?.received().await;
    Ok(())
}

/// SIGTERM or Ctrl-C: the process is asked to end. Noticed from the moment this is created, whatever
/// the process does meanwhile.
pub struct ShutdownSignal {
    terminate: Signal,
    interrupt: Signal,
}

impl ShutdownSignal {
    /// Begins to listen.
    ///
    /// # Errors
    /// If signals cannot be received.
    pub fn listen() -> anyhow::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Returns when the process is asked to end.
    pub async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => tracing::info!("SIGTERM: finishing what is in flight"),
            _ = self.interrupt.recv() => tracing::info!("interrupted: finishing what is in flight"),
        }
    }

    /// Does a part of the start that may take long, unless the process is asked to end meanwhile.
    ///
    /// # Errors
    /// With [`EndedEarly`]; then the part is cancelled.
    pub async fn or<T>(&mut self, part: impl Future<Output = T>) -> Result<T, EndedEarly> {
        tokio::select! {
            done = part => Ok(done),
            () = self.received() => Err(EndedEarly),
        }
    }
}
