use std::ops::RangeInclusive;

use client::{EventForm, Price, TicketForm, TimeZone, Timestamp, Venue, WallTime};
use rand::Rng;
use rand::rngs::StdRng;

use super::block::Block;
use super::catalogue::{CITIES, City, Genre, Section, one_of};

const HOUR_MINUTES: i64 = 60;
const DAY_MINUTES: i64 = 24 * HOUR_MINUTES;
const MINUTE_MILLIS: i64 = 60_000;
/// How many days from now shows are. The first are soon, but not so soon that they are over.
const DAYS_AHEAD: RangeInclusive<i64> = 3..=200;
/// What sellers ask, as a percentage of the usual price.
const ASKED: RangeInclusive<i64> = 80..=150;
/// The cents at the end of a price. Most people ask for round sums.
const CENTS: [i64; 4] = [0, 0, 50, 99];

/// One evening of one act.
pub(super) struct Show {
    pub(super) genre: Genre,
    pub(super) event: String,
    pub(super) city: &'static City,
    pub(super) starts_at: Timestamp,
    /// What a ticket usually costs, in dollars.
    dollars: i64,
}

impl Show {
    /// A random show: the one with this number, counted from 0, of a varied programme.
    pub(super) fn draw(number: usize, now: Timestamp, rng: &mut StdRng) -> Self {
        let genre = Genre::PROGRAMME[number % Genre::PROGRAMME.len()];
        let city = one_of(&CITIES, rng);
        Self {
            genre,
            event: event(genre, city, rng),
            city,
            starts_at: starts_at(genre, city, now, rng),
            dollars: rng.random_range(genre.dollars()),
        }
    }

    /// What is said of it to whoever lists events.
    pub(super) fn form(&self) -> EventForm {
        let City { name: city, country, time_zone, currency, .. } = self.city;
        EventForm {
            name: self.event.clone(),
            venue: Venue {
                name: self.genre.venue(self.city).to_owned(),
                city: (*city).to_owned(),
                country: (*country).to_owned(),
            },
            starts_at: self.starts_at.to_string(),
            time_zone: (*time_zone).to_owned(),
            currency: currency.code().to_owned(),
            tiers: Vec::new(),
        }
    }

    /// A ticket for every seat of the block, each at the same price. What the event says itself is left to it.
    pub(super) fn offers(&self, block: &Block, rng: &mut StdRng) -> Vec<TicketForm> {
        let price = self.price(block.section, rng);
        (0..block.size).map(|index| self.offer(block, index, price)).collect()
    }

    fn offer(&self, block: &Block, index: u32, price: Price) -> TicketForm {
        let (event, section) = (&self.event, block.section.name);
        let seat = block.seats.map(|seats| (seats.row, seats.first + index));
        let title = match seat {
            Some((row, seat)) => format!("{event}, {section}, row {row}, seat {seat}"),
            None => format!("{event}, {section}"),
        };
        TicketForm {
            section: Some(section.to_owned()),
            row: seat.map(|(row, _)| row.to_string()),
            seat: seat.map(|(_, seat)| seat.to_string()),
            ..TicketForm::new(title, price)
        }
    }

    fn price(&self, section: &Section, rng: &mut StdRng) -> Price {
        let percent = |amount: i64, percentage: i64| amount * percentage / 100;
        let cents = self.dollars * 100;
        let usual = percent(percent(cents, section.price_level), self.city.price_level);
        let asked = percent(usual, rng.random_range(ASKED)) / 100 * 100 + one_of(&CENTS, rng);
        Price::from_minor_units(asked).expect("nothing in the catalogue is for free or costs a fortune")
    }
}

fn event(genre: Genre, city: &City, rng: &mut StdRng) -> String {
    match genre.acts() {
        [] => {
            let guests: Vec<&City> = CITIES.iter().filter(|other| other.name != city.name).collect();
            let guests = one_of(&guests, rng);
            format!("{} {} vs {} {}", city.name, city.team, guests.name, guests.team)
        }
        acts => (*one_of(acts, rng)).to_owned(),
    }
}

fn starts_at(genre: Genre, city: &City, now: Timestamp, rng: &mut StdRng) -> Timestamp {
    let today = now.as_millis() / MINUTE_MILLIS / DAY_MINUTES;
    let day = today + rng.random_range(DAYS_AHEAD);
    let clock = Timestamp::from_millis((day * DAY_MINUTES + one_of(genre.begins(), rng)) * MINUTE_MILLIS).to_string();
    let wall = clock.get(.."2027-06-12T19:30".len()).and_then(|wall| WallTime::parse(wall).ok());
    let zone = TimeZone::parse(city.time_zone).ok();
    // Nowhere are clocks put forward past the beginning of a show.
    wall.zip(zone).and_then(|(wall, zone)| zone.moment(wall).ok()).expect("a time in the city")
}
