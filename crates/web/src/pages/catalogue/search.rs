use client::{ErrorEntry, Price, TicketFilter, TicketSort, Timestamp};
use common::time::InvalidTimestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::local_time::to_rfc3339;

/// The page size: fills rows of two, three and four.
const PAGE_SIZE: u32 = 24;

/// The search form's values as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Search {
    pub(super) q: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) min: String,
    pub(super) max: String,
    pub(super) sort: String,
    pub(super) cursor: String,
    /// The visitor's offset from UTC in minutes, filled in by a script.
    utc_offset: String,
}

impl Search {
    /// The sort orders offered.
    pub(super) const SORTS: [TicketSort; 5] =
        [TicketSort::Newest, TicketSort::Soonest, TicketSort::Cheapest, TicketSort::Dearest, TicketSort::Oldest];

    /// The chosen sort order; an unknown name counts as none.
    pub(super) fn sort(&self) -> TicketSort {
        Self::SORTS.into_iter().find(|sort| sort.to_string() == self.sort).unwrap_or(TicketSort::Newest)
    }

    /// Whether the results are filtered.
    pub(super) fn is_narrowed(&self) -> bool {
        self.is_filtered() || !self.q.trim().is_empty()
    }

    /// Whether any filter besides the search text and the sort order is set.
    pub(super) fn is_filtered(&self) -> bool {
        [&self.from, &self.to, &self.min, &self.max].iter().any(|text| !text.trim().is_empty())
    }

    /// The filter for the API.
    ///
    /// # Errors
    /// An error for each invalid field; `invalid_day` is the message for dates.
    pub(super) fn filter(&self, invalid_day: &str) -> Result<TicketFilter, Vec<ErrorEntry>> {
        let mut errors = Vec::new();
        let mut note = |field: &str, message: String| {
            errors.push(ErrorEntry::new("", message).of_field(field));
        };
        let mut moment = |field, day: &str, clock| match self.moment(day, clock) {
            _ if day.trim().is_empty() => None,
            Ok(moment) => Some(moment),
            Err(_) => {
                note(field, invalid_day.to_owned());
                None
            }
        };
        let from = moment("from", &self.from, "00:00:00");
        let to = moment("to", &self.to, "23:59:59.999");
        let mut price = |field, text: &str| match Price::parse(&Value::from(text)) {
            _ if text.trim().is_empty() => None,
            Ok(price) => Some(price),
            Err(error) => {
                note(field, error.to_string());
                None
            }
        };
        // Zero is the same as no lower bound.
        let min_price = price("min", if self.min.trim().parse() == Ok(0.0) { "" } else { &self.min });
        let max_price = price("max", &self.max);
        if !errors.is_empty() {
            return Err(errors);
        }
        let given = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        let q = given(&self.q);
        Ok(TicketFilter {
            near: q.as_ref().map(|_| true),
            q,
            sort: Some(self.sort()),
            limit: Some(PAGE_SIZE),
            min_price,
            max_price,
            from,
            to,
            cursor: given(&self.cursor),
            ..TicketFilter::default()
        })
    }

    /// This time of day on a date in the visitor's time zone.
    fn moment(&self, day: &str, clock: &str) -> Result<Timestamp, InvalidTimestamp> {
        Timestamp::parse(&to_rfc3339(&format!("{}T{clock}", day.trim()), &self.utc_offset))
    }

    /// The URL of this search from the cursor on, or from the first page.
    pub(super) fn address(&self, cursor: Option<&str>) -> String {
        let sort = if self.sort() == TicketSort::Newest { "" } else { &self.sort };
        let fields = [
            ("q", self.q.as_str()),
            ("from", &self.from),
            ("to", &self.to),
            ("min", &self.min),
            ("max", &self.max),
            ("sort", sort),
            ("utc_offset", &self.utc_offset),
            ("cursor", cursor.unwrap_or_default()),
        ];
        let given = fields.into_iter().filter(|(_, text)| !text.trim().is_empty());
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVALID: &str = "not a day";

    fn filter(search: Search) -> TicketFilter {
        search.filter(INVALID).expect("can be read")
    }

    #[test]
    fn nothing_typed_asks_for_everything() {
        let all = TicketFilter { sort: Some(TicketSort::Newest), limit: Some(PAGE_SIZE), ..TicketFilter::default() };
        assert_eq!(filter(Search::default()), all);
        let blank = Search { q: " ".into(), min: " ".into(), to: " ".into(), ..Search::default() };
        assert_eq!((blank.is_narrowed(), filter(blank)), (false, all));
    }

    #[test]
    fn days_are_whole_and_the_visitors() {
        let days = Search { from: "2026-11-22".into(), to: "2026-11-22".into(), ..Search::default() };
        let bounds = |search: &Search| {
            let filter = filter(search.clone());
            [filter.from, filter.to].map(|moment| moment.expect("a bound").to_string())
        };
        assert_eq!(bounds(&days), ["2026-11-22T00:00:00.000Z", "2026-11-22T23:59:59.999Z"]);
        let in_new_york = Search { utc_offset: "-300".into(), ..days.clone() };
        assert_eq!(bounds(&in_new_york), ["2026-11-22T05:00:00.000Z", "2026-11-23T04:59:59.999Z"]);
        assert_eq!(bounds(&Search { utc_offset: "nonsense".into(), ..days.clone() }), bounds(&days));
    }

    #[test]
    fn prices_are_read_as_the_api_reads_them() {
        let prices = |min: &str, max: &str| {
            let filter = filter(Search { min: min.into(), max: max.into(), ..Search::default() });
            [filter.min_price, filter.max_price].map(|price| price.map(Price::minor_units))
        };
        assert_eq!(prices(" 20.5 ", "100"), [Some(2050), Some(10000)]);
        assert_eq!(prices("0", ""), [None, None]);
        assert_eq!(prices("0.00", ""), [None, None]);
    }

    #[test]
    fn every_invalid_field_is_reported() {
        let wrong = Search {
            from: "tomorrow".into(),
            to: "2026-02-30".into(),
            min: "-1".into(),
            max: "1.234".into(),
            ..Search::default()
        };
        let errors = wrong.filter(INVALID).expect_err("nonsense");
        let errors: Vec<_> = errors.iter().map(|error| (error.field.as_deref(), error.message.as_str())).collect();
        assert_eq!(
            errors,
            [
                (Some("from"), INVALID),
                (Some("to"), INVALID),
                (Some("min"), "Price must be greater than 0"),
                (Some("max"), "Price must have at most 2 decimal places"),
            ]
        );
    }

    #[test]
    fn addresses_hold_what_was_typed_and_no_more() {
        assert_eq!(Search::default().address(None), "/");
        assert_eq!(Search { sort: "newest".into(), ..Search::default() }.address(None), "/");
        assert_eq!(Search { sort: "nonsense".into(), ..Search::default() }.address(None), "/");
        let search = Search { q: "a & b".into(), sort: "-price".into(), cursor: "old".into(), ..Search::default() };
        assert_eq!(search.address(Some("new")), "/?q=a+%26+b&sort=-price&cursor=new");
    }
}
