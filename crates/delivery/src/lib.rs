//! What delivers tickets: so far what it stands on, without a service around it.

pub mod sealing;
