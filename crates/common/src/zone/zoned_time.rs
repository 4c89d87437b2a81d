use std::fmt;

use jiff::fmt::temporal::{DateTimeParser, DateTimePrinter};
use jiff::tz::{AmbiguousOffset, OffsetConflict};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{DATABASE, TimeZone, WallTime, timestamp};
use crate::time::Timestamp;

const MINUTE_MILLIS: i64 = 60_000;

/// A moment at a place. Which of two hours a repeated one is, the moment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZonedTime {
    /// The moment.
    pub moment: Timestamp,
    /// Where.
    pub zone: TimeZone,
}

/// The text is not what [`ZonedTime`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time at a place is written like 2027-06-12T19:30:00+02:00[Europe/Berlin]")]
pub struct InvalidZonedTime;

impl ZonedTime {
    /// What a clock there shows.
    pub fn wall_time(&self) -> WallTime {
        self.zone.wall_time(self.moment)
    }

    /// The offset from UTC, such as `UTC+01:00`, where a clock there shows this time twice and nothing else tells the two
    /// apart.
    pub fn offset_if_repeated(&self) -> Option<String> {
        let offset = self.zone.0.to_ambiguous_timestamp(self.wall_time().0).offset();
        let minutes = self.zone.offset_seconds(self.moment) / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
        matches!(offset, AmbiguousOffset::Fold { .. }).then(|| format!("UTC{sign}{hours:02}:{minutes:02}"))
    }

    /// The same without what clocks on walls do not show: seconds, and parts of them.
    #[must_use]
    pub fn to_the_minute(self) -> Self {
        let millis = self.moment.as_millis();
        Self { moment: Timestamp::from_millis(millis - millis % MINUTE_MILLIS), zone: self.zone }
    }

    /// In RFC 3339, with the offset that the place has at the moment.
    pub fn to_rfc3339(&self) -> String {
        let zoned = self.zone.zoned(self.moment);
        DateTimePrinter::new().timestamp_with_offset_to_string(&zoned.timestamp(), zoned.offset())
    }

    /// Reads what its `Display` writes. The time of day stays what it was where the rules have changed since.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidZonedTime> {
        let parser = DateTimeParser::new().offset_conflict(OffsetConflict::PreferOffset);
        let zoned = parser.parse_zoned_with(&DATABASE, text).map_err(|_| InvalidZonedTime)?;
        let moment = timestamp(zoned.timestamp()).ok_or(InvalidZonedTime)?;
        Ok(Self { moment, zone: TimeZone(zoned.time_zone().clone()) })
    }
}

impl fmt::Display for ZonedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.zone.zoned(self.moment))
    }
}

impl Serialize for ZonedTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ZonedTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
