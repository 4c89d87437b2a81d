//! Parsers of browser input, fuzzed with input that is almost valid.

use axum::response::{IntoResponse, Redirect};
use client::{Currency, Price, TimeZone, Timestamp, ZonedTime};
use formats::Formats;
use fuzz::{bytes_like, text_like};
use http::{HeaderValue, Uri};
use proptest::prelude::*;

use super::entrance::Next;
use crate::local_time::{as_sent, moment};
use crate::query::Query;

const LANGUAGES: &[&str] = &[
    "de-CH-1996, fr;q=0.9, *;q=0.1",
    "ar-u-nu-latn-ca-islamic-hc-h12",
    "zh-Hant-TW-x-private",
    "th-u-ca-buddhist-nu-thai",
    "en-u-cu-eur-cf-account",
];

proptest! {
    #[test]
    fn where_to_go_next(text in text_like(&["/tickets/5f1f77bcf86cd799439011aa?a=b", "//evil.example", "/\\evil.example", "https://evil.example/"])) {
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("next", &text).finish();
        let uri: Uri = format!("/signin?{query}").parse().expect("it is escaped");
        let Query(next) = Query::<Next>::of(&uri);
        // The URL a browser resolves it to, by the URL standard.
        let here = url::Url::parse("http://tickets.example/signin").expect("an address");
        let there = here.join(next.path()).expect("an address");
        prop_assert_eq!(there.host_str(), Some("tickets.example"), "{:?}", next.path());
        prop_assert_eq!(Redirect::to(next.path()).into_response().status(), 303, "{:?}", next.path());
    }

    #[test]
    fn languages(sent in bytes_like(LANGUAGES), minor in 1_u32..=99_999_999, millis in 0..=Timestamp::MAX.as_millis()) {
        let Ok(header) = HeaderValue::from_bytes(&sent) else { return Ok(()) };
        let formats = Formats::asked_for(header.to_str().unwrap_or_default());
        let moment = Timestamp::from_millis(millis);
        let price = Price::from_minor_units(minor.into()).expect("a price");
        let written = [
            formats.money(price, Currency::Eur),
            formats.day_and_time(moment),
            formats.day_and_time_there(&ZonedTime { moment, zone: TimeZone::parse("America/New_York").expect("a zone") }),
            formats.date_and_time(moment),
            formats.time(moment),
        ];
        prop_assert!(written.iter().all(|text| !text.is_empty() && text.len() < 200), "{:?}", written);
        // It is embedded in the page, for scripts.
        prop_assert!(formats.tag().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{}", formats.tag());
    }

    #[test]
    fn moments_as_they_are_typed(
        typed in text_like(&["2027-03-14T19:30", "2027-03-14 19:30:15.5", "9999-12-31T23:59", "-009999-01-01T00:00"]),
        zone in text_like(&["Europe/Berlin", "America/New_York", "Etc/GMT-14"]),
        shown in text_like(&["2027-03-14T18:30:00.000Z", ""]),
    ) {
        let zone = TimeZone::parse(&zone).ok();
        let sent = as_sent(&typed, zone.as_ref(), &shown);
        // What is sent is the moment that was shown, or the unchanged input, which the API judges.
        prop_assert!(sent == typed.trim() || Timestamp::parse(&sent).ok() == moment(&typed, zone.as_ref(), &shown), "{:?} became {}", typed, sent);
    }
}
