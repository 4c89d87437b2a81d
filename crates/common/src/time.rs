//! Moments in time, to the millisecond.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, in milliseconds since 1970, written as `2026-11-22T17:43:03.120Z`.
///
/// The text always has the same width, so its alphabetical order is the order in time, in every
/// database and every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text was not an RFC 3339 moment between 1970 and the beginning of 9999.
#[derive(Debug, thiserror::Error)]
#[error("a moment is written like 2026-11-22T17:43:03Z")]
pub struct InvalidTimestamp;

impl Timestamp {
    /// The last moment, at the beginning of the year 9999; stands for "never".
    pub const MAX: Self = Self(253_370_764_800_000);

    /// From milliseconds since 1970, held within 1970 and [`Timestamp::MAX`].
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(0, Self::MAX.0))
    }

    /// Milliseconds since 1970.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, as tokens carry them.
    pub fn as_secs(self) -> i64 {
        self.0 / 1000
    }

    /// The day in UTC: `2026-11-22`.
    pub fn day(self) -> String {
        let mut text = self.to_string();
        text.truncate("2026-11-22".len());
        text
    }

    /// How long it is from `earlier` to this moment; zero if it lies after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// Reads RFC 3339 text with any offset.
    ///
    /// # Errors
    /// If it is not that, or not between 1970 and [`Timestamp::MAX`].
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        let moment: jiff::Timestamp = text.parse().map_err(|_| InvalidTimestamp)?;
        let millis = moment.as_millisecond();
        if (0..=Self::MAX.0).contains(&millis) { Ok(Self(millis)) } else { Err(InvalidTimestamp) }
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_add(millis))
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_sub(millis))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = jiff::Timestamp::from_millisecond(self.0).map_err(|_| fmt::Error)?;
        write!(f, "{moment:.3}")
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_one_width_and_reads_back() {
        for millis in [0, 1, 1_700_000_000_000, Timestamp::MAX.as_millis()] {
            let moment = Timestamp::from_millis(millis);
            assert_eq!(moment.to_string().len(), 24, "{moment}");
            assert_eq!(Timestamp::parse(&moment.to_string()).expect("a moment"), moment);
        }
    }

    #[test]
    fn offsets_are_understood_and_nonsense_is_not() {
        assert_eq!(Timestamp::parse("1970-01-01T01:00:01+01:00").expect("a moment").as_millis(), 1000);
        for text in ["", "yesterday", "2026-13-01T00:00:00Z", "-000001-01-01T00:00:00Z", "1969-12-31T23:59:59Z"] {
            assert!(Timestamp::parse(text).is_err(), "{text:?} was accepted");
        }
    }
}
