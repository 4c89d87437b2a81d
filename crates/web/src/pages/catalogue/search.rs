use client::{Currency, ErrorEntry, Price, TicketFilter, TicketSort, WallTime};
use common::money::InvalidPrice;
use common::zone::InvalidWallTime;
use formats::{Formats, UnreadPrice};
use serde::Deserialize;

use crate::messages::Catalogue;

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
    pub(super) currency: String,
    /// The names of an event and a venue, from a link.
    pub(super) event: String,
    pub(super) venue: String,
    pub(super) sort: String,
    pub(super) cursor: String,
}

impl Search {
    /// The sort orders offered.
    pub(super) const SORTS: [TicketSort; 5] =
        [TicketSort::Newest, TicketSort::Soonest, TicketSort::Cheapest, TicketSort::Dearest, TicketSort::Oldest];

    /// The chosen sort order; an unknown name counts as none.
    pub(super) fn sort(&self) -> TicketSort {
        Self::SORTS.into_iter().find(|sort| sort.to_string() == self.sort).unwrap_or(TicketSort::Newest)
    }

    /// The chosen currency; an unknown code counts as none.
    pub(super) fn currency(&self) -> Option<Currency> {
        Currency::ALL.into_iter().find(|currency| currency.code() == self.currency)
    }

    /// Whether prices are compared, which only those in one currency can be.
    pub(super) fn compares_prices(&self) -> bool {
        let is_sorted = matches!(self.sort(), TicketSort::Cheapest | TicketSort::Dearest);
        is_sorted || [&self.min, &self.max].iter().any(|text| !text.trim().is_empty())
    }

    /// The currency of all results, if they are in one. Where it must be one and none is chosen, it is one of `known`, in
    /// which there are tickets: the first that what is typed can be in.
    pub(super) fn currency_among(&self, known: &[Currency], formats: &Formats) -> Option<Currency> {
        if self.currency().is_some() || !self.compares_prices() {
            return self.currency();
        }
        let can_be_typed =
            |currency: &Currency| [&self.min, &self.max].iter().all(|text| can_be_in(text, *currency, formats));
        let known = known.iter().copied();
        known.clone().chain(Currency::ALL).find(can_be_typed).or_else(|| known.clone().next())
    }

    /// Whether there is no currency that both prices can be in, though there is one for each.
    fn is_in_two_currencies(&self, formats: &Formats) -> bool {
        let currencies_of = |text: &str| Currency::ALL.map(|currency| can_be_in(text, currency, formats));
        let (min, max) = (currencies_of(&self.min), currencies_of(&self.max));
        min.contains(&true) && max.contains(&true) && !min.into_iter().zip(max).any(|both| both == (true, true))
    }

    /// Whether the results are filtered.
    pub(super) fn is_narrowed(&self) -> bool {
        self.is_filtered() || !self.q.trim().is_empty() || self.names().next().is_some()
    }

    /// Whether several tickets to one event are shown as one. Where only some of them are sought, what the event says of all
    /// would not be true of these.
    pub(super) fn groups_by_event(&self) -> bool {
        [&self.min, &self.max].iter().all(|text| text.trim().is_empty())
    }

    /// The names that the results have, which a link asks for, each with its field's name.
    pub(super) fn names(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let names = [("event", self.event.trim()), ("venue", self.venue.trim())];
        names.into_iter().filter(|(_, name)| !name.is_empty())
    }

    /// The same search whatever names the results have.
    pub(super) fn without_names(&self) -> Self {
        Self { event: String::new(), venue: String::new(), ..self.clone() }
    }

    /// Whether any filter besides the search text and the sort order is set.
    pub(super) fn is_filtered(&self) -> bool {
        let is_typed = [&self.from, &self.to, &self.min, &self.max].iter().any(|text| !text.trim().is_empty());
        is_typed || self.currency().is_some()
    }

    /// The filter for the API, among tickets in the `known` currencies.
    ///
    /// # Errors
    /// An error for each field that is invalid, or that leaves nothing between it and another.
    pub(super) fn filter(
        &self,
        text: &Catalogue,
        formats: &Formats,
        known: &[Currency],
    ) -> Result<TicketFilter, Vec<ErrorEntry>> {
        let mut problems = Problems(Vec::new());
        let from_day = problems.take("from", day(&self.from).map_err(|_| text.invalid_day.to_owned()));
        let to_day = problems.take("to", day(&self.to).map_err(|_| text.invalid_day.to_owned()));
        let min_price =
            problems.take("min", lowest(&self.min, formats, self.currency()).map_err(|error| error.to_string()));
        let max_price =
            problems.take("max", amount(&self.max, formats, self.currency()).map_err(|error| error.to_string()));
        if from_day.as_ref().zip(to_day.as_ref()).is_some_and(|(from, to)| to < from) {
            problems.note("to", text.to_before_from.to_owned());
        }
        if self.currency().is_none() && self.is_in_two_currencies(formats) {
            problems.note("max", text.two_currencies.to_owned());
        } else if min_price.zip(max_price).is_some_and(|(min, max)| max < min) {
            problems.note("max", text.highest_below_lowest.to_owned());
        }
        let Problems(errors) = problems;
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
            from_day,
            to_day,
            event: given(&self.event),
            venue: given(&self.venue),
            currency: self.currency_among(known, formats),
            cursor: given(&self.cursor),
            ..TicketFilter::default()
        })
    }

    /// The URL of this search from the cursor on, or from the first page.
    pub(super) fn address(&self, cursor: Option<&str>) -> String {
        let currency = self.currency().map(Currency::code).unwrap_or_default();
        let sort = if self.sort() == TicketSort::Newest { "" } else { &self.sort };
        let fields = [
            ("q", self.q.as_str()),
            ("from", &self.from),
            ("to", &self.to),
            ("min", &self.min),
            ("max", &self.max),
            ("currency", currency),
            ("event", &self.event),
            ("venue", &self.venue),
            ("sort", sort),
            ("cursor", cursor.unwrap_or_default()),
        ];
        let given = fields.into_iter().filter(|(_, text)| !text.trim().is_empty());
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }
}

/// The address of all tickets whose sellers call the event so, and the venue.
pub(crate) fn address_of(event: &str, venue: Option<&str>) -> String {
    let venue = venue.unwrap_or_default().to_owned();
    Search { event: event.to_owned(), venue, ..Search::default() }.address(None)
}

/// Whether the price that is typed names no other currency.
fn can_be_in(text: &str, currency: Currency, formats: &Formats) -> bool {
    !matches!(formats.read_price(text, Some(currency)), Err(UnreadPrice::OtherCurrency(..)))
}

/// A day, which is one at the venue of each event; none if nothing is typed.
fn day(typed: &str) -> Result<Option<String>, InvalidWallTime> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    WallTime::parse(&format!("{typed}T12:00")).map(|noon| Some(noon.day()))
}

/// What is wrong with the fields.
struct Problems(Vec<ErrorEntry>);

impl Problems {
    fn note(&mut self, field: &str, message: String) {
        self.0.push(ErrorEntry::new("", message).of_field(field));
    }

    fn take<T>(&mut self, field: &str, read: Result<Option<T>, String>) -> Option<T> {
        read.unwrap_or_else(|message| {
            self.note(field, message);
            None
        })
    }
}

/// An amount in the chosen currency, or else in any; none if nothing is typed.
fn amount(text: &str, formats: &Formats, chosen: Option<Currency>) -> Result<Option<Price>, UnreadPrice> {
    if text.trim().is_empty() { Ok(None) } else { formats.read_price(text, chosen).map(Some) }
}

/// Zero is the same as no lower bound.
fn lowest(text: &str, formats: &Formats, chosen: Option<Currency>) -> Result<Option<Price>, UnreadPrice> {
    match amount(text, formats, chosen) {
        Err(UnreadPrice::Invalid(InvalidPrice::NotPositive)) => Ok(None),
        read => read,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::ENGLISH;

    const INVALID: &str = ENGLISH.catalogue.invalid_day;

    fn read(search: &Search) -> Result<TicketFilter, Vec<ErrorEntry>> {
        search.filter(&ENGLISH.catalogue, &Formats::asked_for("en-US"), &[])
    }

    fn filter(search: Search) -> TicketFilter {
        read(&search).expect("can be read")
    }

    /// Each field in the way, with what is said about it.
    fn problems(search: &Search) -> Vec<(String, String)> {
        let errors = read(search).expect_err("nonsense");
        errors.into_iter().map(|error| (error.field.unwrap_or_default(), error.message)).collect()
    }

    #[test]
    fn nothing_typed_asks_for_everything() {
        let all = TicketFilter { sort: Some(TicketSort::Newest), limit: Some(PAGE_SIZE), ..TicketFilter::default() };
        assert_eq!(filter(Search::default()), all);
        let blank = Search { q: " ".into(), min: " ".into(), to: " ".into(), ..Search::default() };
        assert_eq!((blank.is_narrowed(), filter(blank)), (false, all));
    }

    #[test]
    fn days_are_those_of_the_venue_whoever_asks() {
        let filter = filter(Search { from: "2026-11-22".into(), to: " 2026-11-23 ".into(), ..Search::default() });
        assert_eq!((filter.from_day.as_deref(), filter.to_day.as_deref()), (Some("2026-11-22"), Some("2026-11-23")));
        assert_eq!((filter.from, filter.to), (None, None), "no moment is the same day everywhere");
    }

    #[test]
    fn prices_are_read_as_the_api_reads_them() {
        let prices = |min: &str, max: &str| {
            let filter = filter(Search { min: min.into(), max: max.into(), ..Search::default() });
            [filter.min_price, filter.max_price].map(|price| price.map(Price::minor_units))
        };
        assert_eq!(prices(" 20.5 ", "100"), [Some(2050), Some(10000)]);
        assert_eq!(prices("20,50", "1.234,50"), [Some(2050), Some(123_450)]);
        assert_eq!(prices("20", "1 234,50 €"), [Some(2000), Some(123_450)]);
        assert_eq!(prices("٢٠", "２０"), [Some(2000), Some(2000)]);
        assert_eq!(prices("0,00", "20,50 kr"), [None, Some(2050)]);
        assert_eq!(prices("0", ""), [None, None]);
        assert_eq!(prices("0.00", ""), [None, None]);
    }

    #[test]
    fn prices_are_compared_in_the_chosen_currency_or_one_that_there_is() {
        let formats = Formats::asked_for("en-US");
        let known = [Currency::Eur, Currency::Nok];
        let of = |search: Search| search.currency_among(&known, &formats);
        let typed = |min: &str, max: &str| Search { min: min.into(), max: max.into(), ..Search::default() };
        let sorted =
            |sort: &str, currency: &str| Search { sort: sort.into(), currency: currency.into(), ..Search::default() };
        assert_eq!(of(Search::default()), None);
        assert_eq!(of(sorted("date", "")), None);
        assert_eq!(of(sorted("date", "nok")), Some(Currency::Nok));
        assert_eq!(of(sorted("price", "")), Some(Currency::Eur));
        assert_eq!(of(sorted("-price", "nonsense")), Some(Currency::Eur));
        assert_eq!(of(sorted("price", "pln")), Some(Currency::Pln));
        assert_eq!(of(typed("", "20")), Some(Currency::Eur));
        assert_eq!(of(typed("20 kr", "")), Some(Currency::Nok));
        assert_eq!(of(typed("0", "20 kr")), Some(Currency::Nok));
        // What nobody asks for is compared with nothing.
        assert_eq!(of(typed("", "$20")), Some(Currency::Usd));
        assert_eq!(of(typed("cheap", "20")), Some(Currency::Eur));
        assert_eq!(sorted("price", "").currency_among(&[], &formats), Some(Currency::Usd));
    }

    #[test]
    fn a_price_in_another_currency_than_the_chosen_one_is_reported() {
        let search = Search { max: "20 €".into(), currency: "usd".into(), ..Search::default() };
        let expected = "Price is written in €, but the currency chosen is USD";
        assert_eq!(problems(&search), [("max".to_owned(), expected.to_owned())]);
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
        let expected = [
            ("from", INVALID),
            ("to", INVALID),
            ("min", "Price must be without a sign"),
            ("max", "Price must have at most 2 decimal places"),
        ];
        assert_eq!(problems(&wrong), expected.map(|(field, message)| (field.to_owned(), message.to_owned())));
    }

    #[test]
    fn bounds_that_leave_nothing_between_them_are_reported() {
        let text = &ENGLISH.catalogue;
        let days = |from: &str, to: &str| Search { from: from.into(), to: to.into(), ..Search::default() };
        let prices = |min: &str, max: &str| Search { min: min.into(), max: max.into(), ..Search::default() };
        let of = |field: &str, message: &str| vec![(field.to_owned(), message.to_owned())];
        assert_eq!(problems(&days("2026-11-23", "2026-11-22")), of("to", text.to_before_from));
        assert_eq!(problems(&prices("20,51", "20,50")), of("max", text.highest_below_lowest));
        assert_eq!(problems(&prices("1.000,00 €", "999,99")), of("max", text.highest_below_lowest));
        let both = Search { min: "2".into(), max: "1".into(), ..days("2027-01-01", "2026-12-31") };
        assert_eq!(problems(&both).len(), 2);
        for search in [days("2026-11-22", "2026-11-22"), prices("20", "20,00"), prices("0", "0,01")] {
            assert!(read(&search).is_ok(), "{search:?}");
        }
        // What cannot be read is not compared.
        assert_eq!(problems(&prices("many", "1")), of("min", "Price must be a number like 20.50"));
    }

    #[test]
    fn a_lowest_and_a_highest_price_in_two_currencies_are_reported() {
        let text = &ENGLISH.catalogue;
        let prices = |min: &str, max: &str| Search { min: min.into(), max: max.into(), ..Search::default() };
        let two = vec![("max".to_owned(), text.two_currencies.to_owned())];
        for (min, max) in [("20 €", "50 $"), ("$20", "1 234,50 €"), ("100 zł", "20 kr"), ("1.000,00 €", "$999.99")]
        {
            assert_eq!(problems(&prices(min, max)), two, "{min} {max}");
        }
        // Some currencies share a sign, and what is chosen has been reported.
        for (min, max) in [("20 kr", "50 NOK"), ("20 €", "50"), ("20", "$50"), ("", "$50"), ("20 €", "50 EUR")] {
            assert!(read(&prices(min, max)).is_ok(), "{min} {max}");
        }
        let chosen = Search { currency: "eur".into(), ..prices("20 €", "50 $") };
        assert_eq!(problems(&chosen)[0].1, "Price is written in $, but the currency chosen is EUR");
    }

    #[test]
    fn addresses_hold_what_was_typed_and_no_more() {
        assert_eq!(Search::default().address(None), "/");
        assert_eq!(Search { sort: "newest".into(), ..Search::default() }.address(None), "/");
        assert_eq!(Search { sort: "nonsense".into(), ..Search::default() }.address(None), "/");
        let search = Search { q: "a & b".into(), sort: "-price".into(), cursor: "old".into(), ..Search::default() };
        assert_eq!(search.address(Some("new")), "/?q=a+%26+b&sort=-price&cursor=new");
        let in_euros = |currency: &str| Search { currency: currency.into(), ..Search::default() }.address(None);
        assert_eq!((in_euros("eur").as_str(), in_euros("nonsense").as_str()), ("/?currency=eur", "/"));
    }
}
