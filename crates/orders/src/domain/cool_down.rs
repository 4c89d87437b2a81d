use std::time::Duration;

use common::time::Timestamp;

/// The longest that a buyer has to wait.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// How much longer each further wait is.
const GROWTH: u32 = 4;

/// From when on a buyer may reserve a ticket again, that they reserved before without buying it: those
/// reservations ended at the moments `ended`. Once more is free; after that each time takes longer, first `first`.
pub(crate) fn reservable_from(ended: &[Timestamp], first: Duration) -> Option<Timestamp> {
    let last = ended.iter().max()?;
    let times = u32::try_from(ended.len()).unwrap_or(u32::MAX).checked_sub(2)?;
    let wait = GROWTH.checked_pow(times).and_then(|factor| first.checked_mul(factor));
    Some(*last + wait.unwrap_or(LONGEST).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_more_is_free_and_then_each_time_takes_longer_up_to_a_day() {
        const MINUTE: Duration = Duration::from_secs(60);
        let moment = |second: i64| Timestamp::from_millis(second * 1000);
        let wait = |times: i64| {
            let ended: Vec<_> = (0..times).map(moment).rev().collect();
            reservable_from(&ended, MINUTE).map(|from| from.since(moment(times - 1)))
        };
        assert_eq!([wait(0), wait(1)], [None, None]);
        assert_eq!([wait(2), wait(3), wait(4)], [Some(MINUTE), Some(MINUTE * 4), Some(MINUTE * 16)]);
        assert_eq!([wait(8), wait(100)], [Some(LONGEST); 2]);
    }
}
