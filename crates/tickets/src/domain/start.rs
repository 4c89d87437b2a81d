use common::time::Timestamp;
use common::zone::{NoSuchTime, TimeZone, WallTime};
use serde_json::Value;

/// When something begins, as somebody says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SentStart {
    /// With an offset: a moment, wherever it is.
    Moment(Timestamp),
    /// What a clock at the venue shows.
    Wall(WallTime),
}

/// Why it is not known when something begins.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidStart {
    /// It is no time at all.
    #[error("Start must be a time at the venue like 2027-06-12T19:30, or a moment like 2026-11-22T17:43:03Z")]
    NoTime,
    /// A clock shows it, but nobody knows where.
    #[error("Time zone is required with a time of day at the venue: one like Europe/Berlin")]
    Somewhere,
    /// No clock there shows it.
    #[error("Start is impossible: {0}")]
    Never(NoSuchTime),
}

impl InvalidStart {
    /// The field that is at fault.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::NoTime | Self::Never(_) => "startsAt",
            Self::Somewhere => "timeZone",
        }
    }
}

impl SentStart {
    /// Reads a moment in RFC 3339, or a date and time without an offset; `null` and blank text are none.
    pub(crate) fn parse(value: &Value) -> Result<Option<Self>, InvalidStart> {
        match value {
            Value::Null => Ok(None),
            Value::String(text) if text.trim().is_empty() => Ok(None),
            Value::String(text) => Self::from_text(text.trim()).map(Some),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(InvalidStart::NoTime),
        }
    }

    fn from_text(text: &str) -> Result<Self, InvalidStart> {
        let moment = Timestamp::parse(text).map(Self::Moment);
        moment.or_else(|_| WallTime::parse(text).map(Self::Wall)).map_err(|_| InvalidStart::NoTime)
    }

    /// The moment, at a venue in this zone.
    pub(crate) fn moment(self, zone: Option<&TimeZone>) -> Result<Timestamp, InvalidStart> {
        match (self, zone) {
            (Self::Moment(moment), _) => Ok(moment),
            (Self::Wall(wall), Some(zone)) => zone.moment(wall).map_err(InvalidStart::Never),
            (Self::Wall(_), None) => Err(InvalidStart::Somewhere),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_time_of_day_needs_a_place_and_a_moment_none() {
        let berlin = TimeZone::parse("Europe/Berlin").expect("a zone");
        let moment = |sent: Value, zone: Option<&TimeZone>| {
            let start = SentStart::parse(&sent).expect("a time").expect("one");
            start.moment(zone).map(|moment| moment.to_string())
        };
        assert_eq!(moment(json!(" 2027-06-12T19:30 "), Some(&berlin)).as_deref(), Ok("2027-06-12T17:30:00.000Z"));
        assert_eq!(moment(json!("2027-06-12T19:30"), None), Err(InvalidStart::Somewhere));
        for zone in [None, Some(&berlin)] {
            // The second of the two hours, by its offset.
            assert_eq!(moment(json!("2027-10-31T02:30:00+01:00"), zone).as_deref(), Ok("2027-10-31T01:30:00.000Z"));
        }
        assert!(matches!(moment(json!("2027-03-28T02:30"), Some(&berlin)), Err(InvalidStart::Never(_))));
    }

    #[test]
    fn nothing_is_no_time_and_nonsense_is_refused() {
        for nothing in [json!(null), json!(""), json!(" ")] {
            assert_eq!(SentStart::parse(&nothing), Ok(None), "{nothing}");
        }
        for nonsense in [json!("tomorrow"), json!(1_700_000_000), json!("2027-06-12"), json!(["2027-06-12T19:30"])] {
            assert_eq!(SentStart::parse(&nonsense), Err(InvalidStart::NoTime), "{nonsense}");
        }
    }
}
