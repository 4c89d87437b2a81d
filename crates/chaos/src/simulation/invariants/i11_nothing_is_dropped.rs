use super::run::Run;

/// I11: nothing is dropped silently. That every event was processed is part of I2; here, that none was
/// given up: all of them are good, and no storm lasts long enough to use up their deliveries.
///
/// Messages that nobody can process are another experiment's.
pub(super) fn check(run: &Run) -> Vec<String> {
    let letters = run.dead_letters.iter();
    letters.map(|letter| format!("{} gave up {}: {}", letter.consumer, letter.envelope.id, letter.reason)).collect()
}
