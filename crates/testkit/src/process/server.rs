use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use super::output::Output;
use super::program::{Finished, Program, STDERR, STDOUT};
use super::running::Running;
use super::signals::{freeze, thaw};
use crate::engines::port;

/// How long a server may take until it is ready. Generous: the machine may be compiling.
const READY_LIMIT: Duration = Duration::from_secs(60);
/// How long it may take to shut down. Longer than its own limit, so that the limit is tested.
const END_LIMIT: Duration = Duration::from_secs(60);
/// The polling interval.
const POLL: Duration = Duration::from_millis(10);

/// A program that serves HTTP on a port of its own, which it keeps over all its runs. Killed when dropped.
pub struct Server {
    program: Program,
    port: u16,
    /// Where it answers operators, if elsewhere.
    operator_port: Option<u16>,
    /// The path that answers 200 when it is ready.
    readiness: String,
    /// Whether that path is at the operators' port.
    asks_operators: bool,
    output: Output,
    http: reqwest::Client,
    running: Option<Running>,
}

impl Server {
    /// The program on a free port, not running yet.
    ///
    /// # Panics
    /// If there is no free port.
    pub fn new(program: Program) -> Self {
        let [port, operators] = port::several();
        let program = program.env("LISTEN_ADDR", format!("127.0.0.1:{port}"));
        let program = program.env("OPERATOR_LISTEN", format!("127.0.0.1:{operators}"));
        Self::answering(program, port, "/readyz").with_operators_at(operators)
    }

    /// A program configured to serve this port, not running yet. It responds 200 on the path `readiness`
    /// when it is ready.
    ///
    /// # Panics
    /// If there can be no HTTP client.
    pub fn answering(program: Program, port: u16, readiness: &str) -> Self {
        // A kept connection would only be reset by the next kill.
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).timeout(Duration::from_secs(5)).build();
        let (readiness, output, http) = (readiness.to_owned(), Output::new(), http.expect("an HTTP client"));
        Self { program, port, operator_port: None, readiness, asks_operators: false, output, http, running: None }
    }

    /// The same, if the program is configured to answer operators at this port.
    #[must_use]
    pub fn with_operators_at(mut self, port: u16) -> Self {
        self.operator_port = Some(port);
        self
    }

    /// The same, if only operators can ask it whether it is ready.
    #[must_use]
    pub fn asking_operators(mut self) -> Self {
        self.asks_operators = true;
        self
    }

    /// The program on a free port, running and ready.
    ///
    /// # Panics
    /// If it does not get ready.
    pub async fn launch(program: Program) -> Self {
        let mut server = Self::new(program);
        server.start();
        server.until_ready().await;
        server
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Its URL without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Where it answers operators.
    pub fn operator_address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.operator_port.unwrap_or(self.port)).into()
    }

    /// The URL for operators, without a path.
    pub fn operator_url(&self) -> String {
        format!("http://{}", self.operator_address())
    }

    /// Its process id.
    ///
    /// # Panics
    /// If it does not run.
    pub fn pid(&self) -> u32 {
        self.running.as_ref().unwrap_or_else(|| panic!("{} was not started", self.program)).pid()
    }

    /// Runs it, without waiting for anything.
    ///
    /// # Panics
    /// If it cannot be run, or runs already.
    pub fn start(&mut self) {
        self.start_with(&[]);
    }

    /// Runs it with more environment variables, this once.
    ///
    /// # Panics
    /// If it cannot be run, or runs already.
    pub fn start_with(&mut self, variables: &[(&str, &str)]) {
        assert!(self.running.is_none(), "{} runs already", self.program);
        self.running = Some(Running::start(self.program.with(variables).command(), &self.output));
    }

    /// Whether it has ended by itself.
    ///
    /// # Panics
    /// If it was not started.
    pub fn has_ended(&mut self) -> bool {
        self.running.as_mut().expect("it was started").status().is_some()
    }

    /// Returns when it is ready.
    ///
    /// # Panics
    /// If it ends, or is not ready in time.
    pub async fn until_ready(&mut self) {
        let began = Instant::now();
        while !self.is_ready().await {
            self.assert_runs();
            assert!(began.elapsed() < READY_LIMIT, "{} is not ready; {}", self.program, self.output.last_words());
            tokio::time::sleep(POLL).await;
        }
    }

    /// The status of its response to `GET path`, if there is one.
    pub async fn probe(&self, path: &str) -> Option<u16> {
        self.status_of(format!("{}{path}", self.url())).await
    }

    /// The same, as it answers an operator.
    pub async fn probe_as_operator(&self, path: &str) -> Option<u16> {
        self.status_of(format!("{}{path}", self.operator_url())).await
    }

    async fn is_ready(&self) -> bool {
        let status = match self.asks_operators {
            true => self.probe_as_operator(&self.readiness).await,
            false => self.probe(&self.readiness).await,
        };
        status == Some(200)
    }

    async fn status_of(&self, url: String) -> Option<u16> {
        self.http.get(url).send().await.ok().map(|answer| answer.status().as_u16())
    }

    /// SIGKILL: what it had acknowledged must be there after the next start.
    ///
    /// # Panics
    /// If it does not run.
    pub async fn kill(&mut self) {
        self.assert_runs();
        self.running.take().expect("it runs").kill().await;
    }

    /// SIGSTOP: it answers nothing, and its connections stay open, until [`Server::thaw`].
    ///
    /// # Panics
    /// If it does not run.
    pub fn freeze(&self) {
        freeze(self.pid()).expect("it runs");
    }

    /// It goes on.
    ///
    /// # Panics
    /// If it does not run.
    pub fn thaw(&self) {
        thaw(self.pid()).expect("it runs");
    }

    /// Runs it again and waits until it is ready.
    ///
    /// # Panics
    /// If it runs still, or does not get ready.
    pub async fn restart(&mut self) {
        self.start();
        self.until_ready().await;
    }

    /// SIGTERM. [`Server::ended`] returns the outcome.
    ///
    /// # Panics
    /// If it does not run.
    pub async fn terminate(&mut self) {
        self.assert_runs();
        self.running.as_ref().expect("it runs").terminate().await;
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// If it does not end.
    pub async fn ended(&mut self) -> Finished {
        let (mut running, began) = (self.running.take().expect("it was started"), Instant::now());
        let Ok(status) = tokio::time::timeout(END_LIMIT, running.ended()).await else {
            panic!("{} did not end within {END_LIMIT:?}; {}", self.program, self.output.last_words());
        };
        Finished { code: status.code(), stdout: self.stdout(), stderr: self.stderr(), took: began.elapsed() }
    }

    /// SIGTERM, and waits for exit code 0.
    ///
    /// # Panics
    /// If it ends otherwise.
    pub async fn stop(&mut self) -> Finished {
        self.terminate().await;
        let finished = self.ended().await;
        assert_eq!(finished.code, Some(0), "{} ended badly; {}", self.program, self.output.last_words());
        finished
    }

    /// Its output so far, over all its runs.
    pub fn stdout(&self) -> String {
        self.output.read(STDOUT)
    }

    /// Its log so far, over all its runs.
    pub fn stderr(&self) -> String {
        self.output.read(STDERR)
    }

    fn assert_runs(&mut self) {
        let running = self.running.as_mut().unwrap_or_else(|| panic!("{} was not started", self.program));
        if let Some(status) = running.status() {
            panic!("{} ended by itself ({status}); {}", self.program, self.output.last_words());
        }
    }
}

/// A failing test shows the output of its servers.
impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{} at {}: {}", self.program, self.address(), self.output.last_words());
        }
    }
}
