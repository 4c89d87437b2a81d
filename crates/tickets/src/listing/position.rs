use ports::store::Cursor;
use runtime::http::{InvalidCursor, SortedBy, parse_cursor};

use super::step::Step;

/// Where a page of the list begins.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Position {
    /// In the result of which step of a search; a list that is not searched by words has one result only.
    pub(crate) step: Step,
    /// After which ticket of it; at its beginning if there is none.
    pub(crate) after: Option<Cursor>,
}

impl Position {
    /// Reads [`Position::encode`]'s text; that of the first page is missing or empty.
    pub(super) fn parse(text: Option<&str>, sorted_by: SortedBy) -> Result<Self, InvalidCursor> {
        let (step, cursor) = match text.and_then(|text| text.split_once('.')) {
            None => (Step::default(), text),
            Some((step, cursor)) => (Step::parse(step).ok_or(InvalidCursor)?, Some(cursor)),
        };
        Ok(Self { step, after: parse_cursor(cursor, sorted_by)? })
    }

    /// As text that is safe in a URL. In the first step it is as it was before there were several.
    pub(crate) fn encode(&self) -> String {
        let after = self.after.as_ref().map(Cursor::encode).unwrap_or_default();
        if self.step == Step::default() { after } else { format!("{}.{after}", self.step) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_position_is_read_as_it_was_written() {
        let cursor = Cursor { value: json!(1999), id: "5f1f77bcf86cd799439011aa".into() };
        for step in (0..=Step::LAST).map(Step) {
            for after in [Some(cursor.clone()), None] {
                let position = Position { step, after };
                assert_eq!(Position::parse(Some(&position.encode()), SortedBy::Amount), Ok(position));
            }
        }
        let first = Position { step: Step::default(), after: Some(cursor.clone()) };
        assert_eq!(first.encode(), cursor.encode());
        assert_eq!(Position::parse(None, SortedBy::Amount), Ok(Position::default()));
        for nonsense in [".", "x.", "-1.", "+1.", "256.", "1.x", &format!("{}.", Step::LAST + 1)] {
            assert_eq!(Position::parse(Some(nonsense), SortedBy::Amount), Err(InvalidCursor), "{nonsense}");
        }
    }
}
