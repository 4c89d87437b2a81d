use std::ops::RangeInclusive;

use super::City;

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::seed) enum Genre {
    Concert,
    Theatre,
    Sport,
    Comedy,
    Festival,
}

/// A part of a venue.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(in crate::seed) struct Section {
    pub(in crate::seed) name: &'static str,
    /// What it costs, as a percentage of the usual price of the event.
    pub(in crate::seed) price_level: i64,
    /// Whether its seats are numbered.
    pub(in crate::seed) seated: bool,
}

impl Genre {
    /// The genres, each as often as it is common in real life.
    pub(in crate::seed) const PROGRAMME: [Self; 7] =
        [Self::Concert, Self::Theatre, Self::Sport, Self::Comedy, Self::Concert, Self::Festival, Self::Concert];

    /// The city's venue for it.
    pub(in crate::seed) fn venue(self, city: &City) -> &'static str {
        match self {
            Self::Concert => city.arena,
            Self::Theatre => city.theatre,
            Self::Sport => city.stadium,
            Self::Comedy => city.club,
            Self::Festival => city.park,
        }
    }

    /// The touring acts. Sport has none: there teams meet.
    pub(in crate::seed) fn acts(self) -> &'static [&'static str] {
        match self {
            Self::Concert => &CONCERTS,
            Self::Theatre => &PLAYS,
            Self::Sport => &[],
            Self::Comedy => &COMEDIES,
            Self::Festival => &FESTIVALS,
        }
    }

    /// The parts of its venues.
    pub(in crate::seed) fn sections(self) -> &'static [Section] {
        match self {
            Self::Concert => {
                const {
                    &[
                        seats("Lower Tier", 100),
                        seats("Upper Tier", 65),
                        floor("Standing", 75),
                        floor("Golden Circle", 170),
                    ]
                }
            }
            Self::Theatre => {
                const { &[seats("Stalls", 100), seats("Dress Circle", 120), seats("Upper Circle", 60), seats("Box", 170)] }
            }
            Self::Sport => {
                const {
                    &[
                        seats("North Stand", 65),
                        seats("East Stand", 100),
                        seats("West Stand", 110),
                        seats("Hospitality", 220),
                    ]
                }
            }
            Self::Comedy => const { &[seats("Front Tables", 130), seats("Main Floor", 100), seats("Balcony", 75)] },
            Self::Festival => {
                const { &[floor("Weekend Pass", 100), floor("Day Ticket", 45), floor("Weekend with Camping", 130)] }
            }
        }
    }

    /// What its tickets usually cost, in dollars.
    pub(in crate::seed) fn dollars(self) -> RangeInclusive<i64> {
        match self {
            Self::Concert => 40..=140,
            Self::Theatre => 35..=120,
            Self::Sport => 25..=110,
            Self::Comedy => 18..=45,
            Self::Festival => 120..=260,
        }
    }

    /// When it begins, in minutes after midnight where it takes place.
    pub(in crate::seed) fn begins(self) -> &'static [i64] {
        match self {
            Self::Concert => &[19 * 60, 19 * 60 + 30, 20 * 60],
            Self::Theatre => &[14 * 60 + 30, 19 * 60, 19 * 60 + 30],
            Self::Sport => &[13 * 60, 15 * 60, 18 * 60 + 30],
            Self::Comedy => &[19 * 60 + 30, 20 * 60, 21 * 60],
            Self::Festival => &[11 * 60, 12 * 60, 14 * 60],
        }
    }
}

const fn seats(name: &'static str, price_level: i64) -> Section {
    Section { name, price_level, seated: true }
}

const fn floor(name: &'static str, price_level: i64) -> Section {
    Section { name, price_level, seated: false }
}

const CONCERTS: [&str; 14] = [
    "The Paper Lanterns: Slow Weather Tour",
    "Marlowe Vance: One Piano, One Night",
    "Ida Holm & the Northern Choir",
    "Copper Sunday",
    "Neon Orchard: Afterglow",
    "Tomás Arreaga Quartet",
    "Hollow Pines: Ten Years On",
    "DJ Saffron Static",
    "Les Oiseaux du Canal",
    "Velvet Semaphore: Signals Tour",
    "Astrid Kjelland: Songs for Winter",
    "The Brass Almanac",
    "Juniper Okafor: Homeward",
    "Glasshouse Radio",
];
const PLAYS: [&str; 9] = [
    "The Lighthouse Keeper's Wager",
    "A Winter in Glass",
    "Salt and Silver: The Musical",
    "The Second Guest",
    "Three Letters to Verena",
    "The Orchard Tribunal",
    "Nachtzug nach Mirador",
    "Every Clock in the House",
    "The Cartographer's Ball: A Ballet",
];
const COMEDIES: [&str; 8] = [
    "Gus Pellworth: Wrong Queue",
    "Nadia Brandt: Second Helpings",
    "Late Shift Improv",
    "The Unreliable Brothers",
    "Otto Fink: Halbe Wahrheiten",
    "Bea Tranmere: Please Hold",
    "Kwame Addy-Lund: Small Print",
    "The Tuesday Roast",
];
const FESTIVALS: [&str; 7] = [
    "Riverlight Festival",
    "Meadow & Wire",
    "Fjordklang",
    "Tidal Jazz Days",
    "Harvest of Sound",
    "Lantern Weekend",
    "Copperfield Folk Gathering",
];
