//! How a process begins and ends.

use std::process::ExitCode;
use std::thread::available_parallelism;
use std::{env, fmt, io};

use tokio::runtime::{Builder, Runtime};
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

/// How many threads do a process's work, unless `TOKIO_WORKER_THREADS` says how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workers {
    /// One for each core, as for a process that does everything.
    OnePerCore,
    /// One for every two cores, for a process that shares them with others of its kind: each wakes its threads for every
    /// event, and of several it wakes more than it has work for. With five services on two cores a purchase costs an
    /// eighth less so, and an order is seen everywhere a quarter earlier (docs/BENCH.md).
    OnePerTwoCores,
}

/// Runs a process to its end. An error is printed in one line.
pub fn run(workers: Workers, work: impl Future<Output = anyhow::Result<()>>) -> ExitCode {
    let runtime = match runtime(workers) {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    match runtime.block_on(work) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<EndedEarly>() => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn runtime(workers: Workers) -> io::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    if workers == Workers::OnePerTwoCores && env::var_os("TOKIO_WORKER_THREADS").is_none() {
        builder.worker_threads(available_parallelism()?.get().div_ceil(2));
    }
    builder.enable_all().build()
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
