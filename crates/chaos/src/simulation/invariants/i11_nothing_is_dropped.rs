use super::run::Run;

/// I11: nothing is dropped silently. I2 checks that every event was processed; this checks that none was
/// given up: all events are good, and no period of faults is long enough to use up their deliveries.
///
/// Unprocessable messages are tested by another experiment.
pub(super) fn check(run: &Run) -> Vec<String> {
    let letters = run.dead_letters.iter();
    letters.map(|letter| format!("{} gave up {}: {}", letter.consumer, letter.envelope.id, letter.reason)).collect()
}
