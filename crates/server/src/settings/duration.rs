use std::time::Duration;

/// The shortest that anything here can be set to.
const SHORTEST: Duration = Duration::from_millis(1);

/// Reads a duration such as `15m`, `5s`, `1h 30m` or `250ms`.
///
/// # Errors
/// If it is not one, or shorter than a millisecond.
pub fn duration(text: &str) -> Result<Duration, String> {
    let span: jiff::SignedDuration = text.parse().map_err(|_| "expected a duration such as 15m or 5s".to_owned())?;
    match Duration::try_from(span) {
        Ok(duration) if duration >= SHORTEST => Ok(duration),
        Ok(_) | Err(_) => Err("the duration must be at least 1ms".to_owned()),
    }
}

/// Reads a duration, or 0 for none.
///
/// # Errors
/// If it is neither.
pub fn duration_or_zero(text: &str) -> Result<Duration, String> {
    if text == "0" { Ok(Duration::ZERO) } else { duration(text).map_err(|wrong| format!("{wrong}, or 0")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_people_write_them() {
        assert_eq!(duration("15m"), Ok(Duration::from_secs(900)));
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        for nonsense in ["", "15", "0s", "1ns", "-5s", "soon"] {
            assert!(duration(nonsense).is_err(), "{nonsense:?} was accepted");
        }
    }
}
