use std::time::Duration;

/// How long somebody has to wait, in words that follow "try again": "in 3 seconds", "in 2 hours".
pub fn time_to_wait(span: Duration) -> String {
    let seconds = whole_seconds(span).max(1);
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7200 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3600), "hour"),
    };
    format!("in {count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// In whole seconds, as `Retry-After` has it. Rounded up: who comes back after that must not be too early.
pub fn whole_seconds(span: Duration) -> u64 {
    span.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_as_people_do() {
        for (millis, words) in [
            (0, "in 1 second"),
            (1_001, "in 2 seconds"),
            (119_000, "in 119 seconds"),
            (121_000, "in 3 minutes"),
            (7_200_000, "in 2 hours"),
        ] {
            assert_eq!(time_to_wait(Duration::from_millis(millis)), words);
        }
    }
}
