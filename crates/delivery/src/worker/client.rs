use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::Signal;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::{Answer, Look, MAX_ANSWER};
use crate::files::{MAX_BYTES, Refusal};
use crate::inspection::Inspection;

/// Starts a worker for each look at a file. Clones share its places.
#[derive(Debug, Clone)]
pub struct Client {
    program: PathBuf,
    arguments: Vec<OsString>,
    deadline: Duration,
    at_once: usize,
    brief: Arc<Semaphore>,
    whole: Arc<Semaphore>,
}

/// The right to start one worker.
#[derive(Debug)]
pub struct Place<'a> {
    client: &'a Client,
    look: Look,
    _permit: SemaphorePermit<'a>,
}

/// Why a worker gave no answer. Only the first two say nothing about the file.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// It could not be started, or not be spoken to.
    #[error("the worker does not run: {0}")]
    NotRunning(#[source] io::Error),
    /// The file could not be read to its end, or not in time.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    /// It was killed at the deadline.
    #[error("the worker was killed after {0:?}")]
    TimedOut(Duration),
    /// It has used up the time of a processor that it had for this look.
    #[error("the worker has used up its time")]
    UsedUp,
    /// It ended by itself, without success.
    #[error("the worker ended with {0}")]
    Crashed(ExitStatus),
    /// It wrote more than an answer may have, and was killed.
    #[error("the worker wrote more than an answer")]
    Flooded,
    /// It wrote something else.
    #[error("the worker wrote something that is no answer")]
    NoAnswer,
}

impl WorkerError {
    /// Whether it is the file's fault as far as anybody can tell, so that another attempt would end in the same way.
    pub fn is_about_the_file(&self) -> bool {
        !matches!(self, Self::NotRunning(_) | Self::Unreadable(_))
    }
}

impl Client {
    /// Workers are started by this command, `at_once` of them at a time at most for brief looks, and as many beside them for
    /// whole ones; each is killed `deadline` after its start.
    pub fn new(program: PathBuf, arguments: Vec<OsString>, deadline: Duration, at_once: usize) -> Self {
        let (brief, whole) = (Arc::new(Semaphore::new(at_once)), Arc::new(Semaphore::new(at_once)));
        Self { program, arguments, deadline, at_once, brief, whole }
    }

    /// Lets a worker look at a file, once there is a place for it. Whoever stops waiting stops the worker.
    pub async fn inspect(&self, look: Look, file: impl AsyncRead) -> Result<Result<Inspection, Refusal>, WorkerError> {
        self.place(look).await?.inspect(file).await
    }

    /// How many files are looked at at once, in each of the two ways.
    pub fn at_once(&self) -> usize {
        self.at_once
    }

    /// A place for a worker, once there is one.
    pub async fn place(&self, look: Look) -> Result<Place<'_>, WorkerError> {
        let places = match look {
            Look::Brief => &self.brief,
            Look::Whole => &self.whole,
        };
        let permit = places.acquire().await.map_err(|error| WorkerError::NotRunning(io::Error::other(error)))?;
        Ok(Place { client: self, look, _permit: permit })
    }

    /// A store that is slow says nothing about the file.
    fn timed_out(&self, waits_for_file: bool) -> WorkerError {
        if waits_for_file {
            WorkerError::Unreadable(io::ErrorKind::TimedOut.into())
        } else {
            WorkerError::TimedOut(self.deadline)
        }
    }

    /// Nothing of this process's environment goes with it, where secrets may be. It is in a group of its own: a Ctrl-C
    /// for this process would end it otherwise, and it would seem to be the file's fault.
    fn start(&self, look: Look) -> io::Result<Child> {
        Command::new(&self.program)
            .args(&self.arguments)
            .args(look.argument())
            .env_clear()
            // `ticketing`'s allocator would take a gigabyte in advance, and count as having used it up.
            .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
    }
}

impl Place<'_> {
    /// Lets a worker look at a file. Whoever stops waiting stops the worker.
    pub async fn inspect(self, file: impl AsyncRead) -> Result<Result<Inspection, Refusal>, WorkerError> {
        let mut worker = self.client.start(self.look).map_err(WorkerError::NotRunning)?;
        let waits_for_file = AtomicBool::new(false);
        let answer = timeout(self.client.deadline, converse(&mut worker, file, &waits_for_file)).await;
        if !matches!(answer, Ok(Ok(_))) {
            // It fails if the worker has ended already, which is as good.
            let _ = worker.kill().await;
        }
        answer.map_err(|_| self.client.timed_out(waits_for_file.into_inner()))?.map(Into::into)
    }
}

/// Gives the file to the worker while it reads what the worker writes: neither waits for the other.
async fn converse(
    worker: &mut Child,
    file: impl AsyncRead,
    waits_for_file: &AtomicBool,
) -> Result<Answer, WorkerError> {
    let no_pipe = || WorkerError::NotRunning(io::Error::other("it has no pipes"));
    let stdin = worker.stdin.take().ok_or_else(no_pipe)?;
    let stdout = worker.stdout.take().ok_or_else(no_pipe)?;
    // Ends with the first fault: one that writes too much may be one that reads nothing.
    let ((), written) = tokio::try_join!(give(file, stdin, waits_for_file), read(stdout))?;
    let status = worker.wait().await.map_err(WorkerError::NotRunning)?;
    if status.signal() == Some(Signal::XCPU.as_raw()) {
        return Err(WorkerError::UsedUp);
    }
    if !status.success() {
        return Err(WorkerError::Crashed(status));
    }
    Answer::read(&written).ok_or(WorkerError::NoAnswer)
}

/// Ends early if the worker does not want the rest.
async fn give(file: impl AsyncRead, mut stdin: ChildStdin, waits_for_file: &AtomicBool) -> Result<(), WorkerError> {
    let mut file = std::pin::pin!(file.take(MAX_BYTES + 1));
    let mut part = vec![0; 64 * 1024];
    loop {
        waits_for_file.store(true, Ordering::Relaxed);
        let length = file.read(&mut part).await.map_err(WorkerError::Unreadable)?;
        waits_for_file.store(false, Ordering::Relaxed);
        if length == 0 || stdin.write_all(&part[..length]).await.is_err() {
            return Ok(());
        }
    }
}

async fn read(stdout: ChildStdout) -> Result<Vec<u8>, WorkerError> {
    let mut written = Vec::new();
    stdout.take(MAX_ANSWER + 1).read_to_end(&mut written).await.map_err(WorkerError::NotRunning)?;
    if written.len() as u64 > MAX_ANSWER { Err(WorkerError::Flooded) } else { Ok(written) }
}
