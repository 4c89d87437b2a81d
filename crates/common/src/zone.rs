//! Time zones, and times as a clock at a place shows them.

mod wall_time;
mod zoned_time;

pub use wall_time::{InvalidWallTime, WallTime};
pub use zoned_time::{InvalidZonedTime, ZonedTime};

use std::fmt;
use std::sync::LazyLock;

use jiff::tz::{self, AmbiguousOffset, TimeZoneDatabase};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Timestamp;

/// The rules that come with the program: the same on every machine.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The first parts of the names that are offered; the others are older names of the same zones.
const REGIONS: [&str; 10] =
    ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// A time zone of the IANA database, such as `Europe/Berlin`.
#[derive(Clone, PartialEq, Eq)]
pub struct TimeZone(tz::TimeZone);

/// The text is not the name of a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Time zone must be one like Europe/Berlin or America/New_York")]
pub struct UnknownTimeZone;

/// A clock at the place never shows this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchTime {
    /// The clocks there are put forward past it.
    #[error("there is no {0} in {1}: the clocks are put forward then")]
    Skipped(WallTime, TimeZone),
    /// It is before 1970, or at the end of the year 9998.
    #[error("{0} is too long ago, or too far ahead")]
    OutOfRange(WallTime),
}

impl TimeZone {
    /// Reads its name, in any case.
    ///
    /// # Errors
    /// If there is no such time zone.
    pub fn parse(name: &str) -> Result<Self, UnknownTimeZone> {
        let zone = DATABASE.get(name).map_err(|_| UnknownTimeZone)?;
        if zone.iana_name().is_some() { Ok(Self(zone)) } else { Err(UnknownTimeZone) }
    }

    /// The names that are offered to people.
    pub fn names() -> Vec<String> {
        let offered = |name: &String| name.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region));
        DATABASE.available().map(|name| name.to_string()).filter(offered).collect()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The place that it is named for: `New York`. `None` if it is named for none: `UTC`, `Etc/GMT-1`.
    pub fn place(&self) -> Option<String> {
        let (_, place) = self.name().split_once('/').filter(|(region, _)| *region != "Etc")?;
        let place = place.rsplit('/').next()?;
        Some(place.replace('_', " "))
    }

    /// The moment at which a clock there shows this; the first of two, where clocks are put back and it is shown
    /// twice.
    ///
    /// # Errors
    /// If it is never shown.
    pub fn moment(&self, wall: WallTime) -> Result<Timestamp, NoSuchTime> {
        let offset = match self.0.to_ambiguous_timestamp(wall.0).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, after: _ } => offset,
            AmbiguousOffset::Gap { .. } => return Err(NoSuchTime::Skipped(wall, self.clone())),
        };
        let moment = offset.to_timestamp(wall.0).map_err(|_| NoSuchTime::OutOfRange(wall))?;
        timestamp(moment).ok_or(NoSuchTime::OutOfRange(wall))
    }

    /// What a clock there shows.
    pub fn wall_time(&self, moment: Timestamp) -> WallTime {
        WallTime(self.zoned(moment).datetime())
    }

    /// How many seconds its clocks are ahead of UTC.
    pub fn offset_seconds(&self, moment: Timestamp) -> i32 {
        self.zoned(moment).offset().seconds()
    }

    /// For `serde`: a name that this version does not know is none, since whoever wrote it may be newer.
    ///
    /// # Errors
    /// If it is neither text nor `null`.
    pub fn read_if_known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let name = Option::<String>::deserialize(deserializer)?;
        Ok(name.and_then(|name| Self::parse(&name).ok()))
    }

    fn zoned(&self, moment: Timestamp) -> jiff::Zoned {
        let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        moment.to_zoned(self.0.clone())
    }
}

fn timestamp(moment: jiff::Timestamp) -> Option<Timestamp> {
    let millis = moment.as_millisecond();
    (0..=Timestamp::MAX.as_millis()).contains(&millis).then(|| Timestamp::from_millis(millis))
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for TimeZone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for TimeZone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&name).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
