//! How processes start, fail to start, and shut down.

#[path = "startup/confirmation.rs"]
mod confirmation;
#[path = "startup/data_directory.rs"]
mod data_directory;
#[path = "startup/dead_letters.rs"]
mod dead_letters;
#[path = "startup/engines_away.rs"]
mod engines_away;
#[path = "startup/events.rs"]
mod events;
#[path = "startup/headers.rs"]
mod headers;
#[path = "startup/inspect_file.rs"]
mod inspect_file;
#[path = "startup/operators.rs"]
mod operators;
#[path = "startup/organisers.rs"]
mod organisers;
mod program;
#[path = "startup/programs.rs"]
mod programs;
#[path = "startup/refusals.rs"]
mod refusals;
#[path = "startup/shutdown.rs"]
mod shutdown;
#[path = "startup/warnings.rs"]
mod warnings;
