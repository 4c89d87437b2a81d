//! What is on sale where many tickets are, and searched for: accents, strokes and scripts without spaces among it.

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
