use std::time::Duration;

/// How long a worker looks at its file, in time of a processor: what others do on the machine takes nothing from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Long enough for nearly all tickets. What takes longer gets no answer.
    Brief,
    /// As long as any file may take.
    Whole,
}

/// The argument that tells a worker to look briefly.
pub const BRIEFLY: &str = "--briefly";

impl Look {
    /// After so much time of a processor the worker is ended. What draws a page cannot be asked to stop, and a document of
    /// 4 kB can keep it busy for years: each drawing in it draws the next one several times.
    pub(super) fn processor(self) -> Duration {
        match self {
            Self::Brief => Duration::from_secs(2),
            Self::Whole => Duration::from_secs(12),
        }
    }

    /// After so much of it no further code is looked for, and what was found by then is told; the look that is under way
    /// then has to end before the process is ended. A brief look is all or nothing.
    pub(super) fn search(self) -> Option<Duration> {
        match self {
            Self::Brief => None,
            Self::Whole => Some(Duration::from_secs(8)),
        }
    }

    /// What a worker is told beside what its program is told always.
    pub(super) fn argument(self) -> Option<&'static str> {
        match self {
            Self::Brief => Some(BRIEFLY),
            Self::Whole => None,
        }
    }
}
