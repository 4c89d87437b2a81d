//! Events as files that calendars read (RFC 5545). Times are in UTC, which needs no rules of any zone along: a calendar
//! shows them in its owner's.

use axum::response::{IntoResponse, Response};
use client::{Timestamp, Version};
use http::header;
use icalendar::{Calendar, Component, Event, EventStatus, Property};

/// Who made the file.
const PRODUCT: &str = "-//Ticketing//Tickets//EN";

/// What is entered into a calendar.
pub(crate) struct Entry {
    /// By which a calendar finds what it has: it changes that, instead of adding another.
    pub(crate) id: String,
    /// Of two entries with one id the later one holds.
    pub(crate) version: Version,
    pub(crate) status: Status,
    pub(crate) begins: Timestamp,
    pub(crate) name: String,
    pub(crate) place: Option<String>,
    /// What else there is to say, in lines; perhaps nothing.
    pub(crate) description: String,
    /// Where there is more about it.
    pub(crate) address: Option<String>,
}

/// Whether it takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Tentative,
    Confirmed,
    Cancelled,
}

/// The file, made at `now`.
pub(crate) fn file(entry: &Entry, now: Timestamp) -> Response {
    let kind = "text/calendar; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], calendar(entry, now).to_string()).into_response()
}

fn calendar(entry: &Entry, now: Timestamp) -> Calendar {
    let mut event = Event::new();
    event.add_property("UID", &entry.id);
    event.add_property("DTSTAMP", utc(now));
    event.add_property("SEQUENCE", entry.version.0.to_string());
    event.add_property("DTSTART", utc(entry.begins));
    event.add_property("SUMMARY", &entry.name);
    event.status(match entry.status {
        Status::Tentative => EventStatus::Tentative,
        Status::Confirmed => EventStatus::Confirmed,
        Status::Cancelled => EventStatus::Cancelled,
    });
    for (name, value) in [("LOCATION", &entry.place), ("URL", &entry.address)] {
        if let Some(value) = value {
            event.add_property(name, value);
        }
    }
    if !entry.description.is_empty() {
        event.add_property("DESCRIPTION", &entry.description);
    }
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0")).append_property(Property::new("PRODID", PRODUCT));
    calendar.push(event.done());
    calendar
}

/// `20270612T173000Z`.
fn utc(moment: Timestamp) -> String {
    let text = moment.to_string();
    let digits: String = text.chars().filter(char::is_ascii_digit).take("yyyymmddhhmmss".len()).collect();
    let (day, time) = digits.split_at("yyyymmdd".len());
    format!("{day}T{time}Z")
}

#[cfg(test)]
mod tests;
