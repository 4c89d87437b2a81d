use std::io::{self, Read, Write};

use super::{Answer, Look, limits};
use crate::files::{Kind, MAX_BYTES};
use crate::inspection::inspect;

/// Reads one file from `stdin` and writes one [`Answer`] to `stdout`. It belongs into a process that does nothing
/// else, since it limits the process for good.
pub fn run_worker(look: Look, stdin: impl Read, mut stdout: impl Write) -> io::Result<()> {
    limits::apply(look)?;
    let mut file = Vec::new();
    stdin.take(MAX_BYTES + 1).read_to_end(&mut file)?;
    if Kind::of(&file) == Some(Kind::Pdf) {
        limits::lower_for_document()?;
    }
    let may_go_on = || look.search().is_none_or(|most| limits::processor_time() < most);
    let answer = Answer::from(inspect(file, &may_go_on));
    serde_json::to_writer(&mut stdout, &answer)?;
    stdout.flush()
}
