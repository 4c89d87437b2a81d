use auth::Rate;

/// Reads a rate such as `10/15m`: so many at once, and in the long run so many in each period.
///
/// # Errors
/// If it is not one, or nothing would be allowed.
pub(super) fn rate(text: &str) -> Result<Rate, String> {
    let wrong = || "expected a rate such as 10/15m".to_owned();
    let (count, period) = text.split_once('/').ok_or_else(wrong)?;
    match count.trim().parse() {
        Ok(burst) if burst > 0 => Ok(Rate { burst, per: super::duration(period.trim())? }),
        Ok(_) => Err("a rate allows at least one".to_owned()),
        Err(_) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn rates_are_a_count_and_a_period() {
        assert_eq!(rate("10/15m"), Ok(Rate { burst: 10, per: Duration::from_secs(900) }));
        assert_eq!(rate(" 1 / 1h 30m "), Ok(Rate { burst: 1, per: Duration::from_secs(5400) }));
        for nonsense in ["", "10", "/15m", "10/", "0/15m", "-1/15m", "10/0s", "ten/15m"] {
            assert!(rate(nonsense).is_err(), "{nonsense:?} was accepted");
        }
    }
}
