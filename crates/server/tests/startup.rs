//! How processes start, fail to start, and end.

#[path = "startup/dead_letters.rs"]
mod dead_letters;
#[path = "startup/ending.rs"]
mod ending;
#[path = "startup/engines_away.rs"]
mod engines_away;
#[path = "startup/programs.rs"]
mod programs;
#[path = "startup/refusals.rs"]
mod refusals;
