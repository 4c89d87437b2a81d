use std::fmt;

use jiff::civil::DateTime;

/// What the clock on a wall shows: a date and a time of day, somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime(pub(super) DateTime);

/// The text is no date with a time of day and nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time is written like 2027-06-12T19:30")]
pub struct InvalidWallTime;

impl WallTime {
    /// Reads a date and a time of day, without an offset.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidWallTime> {
        let (date, rest) = text.split_at_checked(10).ok_or(InvalidWallTime)?;
        let is_time = rest.starts_with(['T', 't', ' '])
            && rest.len() > 1
            && rest[1..].bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
        let is_date = date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let time = text.parse().ok().filter(|_| is_date && is_time);
        time.map(Self).ok_or(InvalidWallTime)
    }

    /// The date: `2027-06-12`.
    pub fn day(self) -> String {
        self.0.date().to_string()
    }
}

/// As `<input type="datetime-local">` has it: without seconds where there are none.
impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.strip_suffix(":00").unwrap_or(&text))
    }
}
