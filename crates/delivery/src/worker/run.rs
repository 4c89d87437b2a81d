use std::io::{self, Read, Write};
use std::time::Duration;

use super::{Answer, limits};
use crate::files::{Kind, MAX_BYTES};
use crate::inspection::inspect;

/// How much time of a processor codes are looked for: what others do on the machine takes nothing from a file. What was
/// found by then is told; the look that is under way then has to end before the process is killed.
const SEARCH: Duration = Duration::from_secs(8);

/// Reads one file from `stdin` and writes one [`Answer`] to `stdout`. It belongs into a process that does nothing
/// else, since it limits the process for good.
pub fn run_worker(stdin: impl Read, mut stdout: impl Write) -> io::Result<()> {
    limits::apply()?;
    let mut file = Vec::new();
    stdin.take(MAX_BYTES + 1).read_to_end(&mut file)?;
    if Kind::of(&file) == Some(Kind::Pdf) {
        limits::lower_for_document()?;
    }
    let answer = Answer::from(inspect(file, &|| limits::processor_time() < SEARCH));
    serde_json::to_writer(&mut stdout, &answer)?;
    stdout.flush()
}
