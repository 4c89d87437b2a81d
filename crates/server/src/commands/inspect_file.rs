use std::process::ExitCode;
use std::time::Duration;
use std::{env, io};

use delivery::worker::{Client, Look, run_worker};

/// The name of the subcommand. People have no use for it, and no help shows it.
const NAME: &str = "inspect-file";
/// When a worker is killed. It has ended itself after 12 seconds of a processor, which it seldom has for itself.
const DEADLINE: Duration = Duration::from_secs(40);

/// Look at a file that somebody uploaded: read it from standard input, and say what it is on standard output
#[derive(Debug, clap::Args)]
pub struct InspectFileCommand {
    /// Look only for as long as nearly all files need, and say nothing about the others
    #[arg(long)]
    briefly: bool,
}

impl InspectFileCommand {
    /// Does it in this process, which can do nothing else after that.
    pub fn run(&self) -> ExitCode {
        let look = if self.briefly { Look::Brief } else { Look::Whole };
        match run_worker(look, io::stdin().lock(), io::stdout().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        }
    }
}

/// Lets other processes of this program look at files, so many at a time, and as many that take long.
pub fn file_inspector(at_once: usize) -> io::Result<Client> {
    Ok(Client::new(env::current_exe()?, vec![NAME.into()], DEADLINE, at_once))
}
