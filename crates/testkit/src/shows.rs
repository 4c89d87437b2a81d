//! What is on sale where many tickets are, and searched for: accents, strokes and scripts without spaces among it. And one
//! event.

use client::{EventForm, Venue};

/// Who performs.
pub const ARTISTS: [&str; 16] = [
    "Hamilton",
    "Beyoncé",
    "Ødegård",
    "Così fan tutte",
    "Łódź Quartet",
    "Motley Crew",
    "Derby",
    "Gala",
    "Aida",
    "Carmen",
    "Tosca",
    "Swan Lake",
    "Cats",
    "Jazz Night",
    "Brass Band",
    "東京ドーム",
];
/// Where.
pub const VENUES: [&str; 6] = ["Wembley", "La Scala", "Olympia", "Royal Albert Hall", "Philharmonie", "Arena"];

/// An event that somebody may add, which is not over before we are.
pub fn winter_ensemble() -> EventForm {
    EventForm {
        name: "The Winter Ensemble".into(),
        venue: Venue { name: "Harbour Hall".into(), city: "Rotterdam".into(), country: "Netherlands".into() },
        starts_at: "2099-06-12T19:30".into(),
        time_zone: "Europe/Amsterdam".into(),
        currency: "eur".into(),
        tiers: Vec::new(),
    }
}
