//! What is left of a text when people mean the same by it. By this, events, venues and seats are compared; nothing of it
//! is shown.

use deunicode::deunicode_char;

use crate::folded;

/// What people put before or behind the name or number of a place, or leave out, folded: in English, German, French,
/// Spanish, Italian, Dutch and Polish. None that tells two parts of one hall apart, as "Rang" does.
const LABELS: &[&str] = &[
    "seat",
    "seats",
    "row",
    "section",
    "sect",
    "sec",
    "block",
    "no",
    "nos",
    "nr",
    "num",
    "number",
    "the",
    "platz",
    "platze",
    "sitz",
    "sitzplatz",
    "stuhl",
    "reihe",
    "sektor",
    "nummer",
    "der",
    "die",
    "das",
    "place",
    "siege",
    "rangee",
    "numero",
    "asiento",
    "butaca",
    "fila",
    "posto",
    "settore",
    "stoel",
    "rij",
    "vak",
    "miejsce",
    "rzad",
    "blok",
    "bloc",
];

/// What people put before the name of an event or a hall, and leave out.
const ARTICLES: [&str; 4] = ["the", "der", "die", "das"];

/// The name of an event or a venue. Letters that are written as two where their keys are missing are one: "Koeln" is
/// "Köln".
pub fn name(text: &str) -> String {
    let words = words(text);
    let (first, rest) = words.split_once(' ').unwrap_or((&words, ""));
    let name = if ARTICLES.contains(&first) && !rest.is_empty() { rest } else { &words };
    [("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("dj", "d")]
        .into_iter()
        .fold(name.to_owned(), |name, (two, one)| name.replace(two, one))
}

/// The name or number of a section, a row or a seat. Here "AA" is not "A": both may be rows of one hall.
pub fn place(text: &str) -> String {
    let words = words(&closed_up(&alike(text)));
    let parts: Vec<&str> = words.split(' ').flat_map(letters_and_digits).collect();
    let named = without_labels(&parts);
    let numbers = named.iter().map(|part| without_zeros(part));
    numbers.collect::<Vec<_>>().join(" ")
}

/// The words of a text, without what people leave out or write otherwise. One without any, such as "*", is compared as
/// it is.
fn words(text: &str) -> String {
    let alike = alike(text);
    let letters: String = alike.chars().filter(|letter| !matches!(letter, '\'' | '’' | '‘' | 'ʼ')).collect();
    let words: Vec<&str> =
        letters.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { alike } else { words.join(" ") }
}

/// The folded text in Latin letters as far as others look like them, and in the digits 0 to 9.
fn alike(text: &str) -> String {
    folded(text).chars().map(|letter| latin(letter).or_else(|| digit(letter)).unwrap_or(letter)).collect()
}

/// A digit of another script.
fn digit(letter: char) -> Option<char> {
    let written = deunicode_char(letter).filter(|_| letter.is_numeric() && !letter.is_ascii())?;
    written.parse::<u8>().ok().filter(|digit| *digit < 10).map(|digit| char::from(b'0' + digit))
}

/// The Latin letter that a small Cyrillic or Greek one looks like, or its capital: the letters of these scripts in
/// Unicode's `confusables.txt` whose prototype is one Latin letter. No two letters of one script look like the same.
fn latin(letter: char) -> Option<char> {
    Some(match letter {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'н' | 'η' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'ν' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'ѵ' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'υ' => 'y',
        'ζ' => 'z',
        _ => return None,
    })
}

/// Without the spaces inside a number: "1 2" is "12". "1-2" are two seats.
fn closed_up(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_digit);
    let is_inside = |at: usize| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
    let kept = letters.iter().enumerate().filter(|(at, letter)| **letter != ' ' || !is_inside(*at));
    kept.map(|(_, letter)| letter).collect()
}

/// "F12" is "F 12".
fn letters_and_digits(word: &str) -> impl Iterator<Item = &str> {
    word.as_bytes().chunk_by(|one, next| one.is_ascii_digit() == next.is_ascii_digit()).scan(0, move |from, part| {
        let begins = *from;
        *from += part.len();
        Some(&word[begins..*from])
    })
}

fn is_label(part: &str) -> bool {
    LABELS.contains(&part)
}

/// Something is left, be it a label.
fn without_labels<'a>(mut parts: &'a [&'a str]) -> &'a [&'a str] {
    while let [first, rest @ ..] = parts
        && !rest.is_empty()
        && is_label(first)
    {
        parts = rest;
    }
    while let [rest @ .., last] = parts
        && !rest.is_empty()
        && is_label(last)
    {
        parts = rest;
    }
    parts
}

fn without_zeros(part: &str) -> &str {
    match part.trim_start_matches('0') {
        "" if !part.is_empty() => "0",
        number => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_same_however_it_is_labelled_and_numbered() {
        for (written, meant) in [
            ("12", "12"),
            ("012", "12"),
            ("Seat 12", "12"),
            ("seat no. 0012", "12"),
            ("No. 12", "12"),
            ("№ 12", "12"),
            ("Nr.12", "12"),
            ("Platz 12", "12"),
            ("12. Platz", "12"),
            ("1 2", "12"),
            ("1\u{a0}2", "12"),
            ("１２", "12"),
            ("⑫", "12"),
            ("١٢", "12"),
            ("१२", "12"),
            ("۰۱۲", "12"),
            ("Row 1", "1"),
            ("1. Reihe", "1"),
            ("Section A", "a"),
            ("Block A", "a"),
            ("The A", "a"),
            ("А", "a"),
            ("Α", "a"),
            ("F12", "f 12"),
            ("F-012", "f 12"),
            ("ВКМН", "bkmh"),
            ("0", "0"),
            ("000", "0"),
            ("10", "10"),
            ("1-2", "1 2"),
            ("1 - 2", "1 2"),
            ("Seat", "seat"),
            ("Row No", "no"),
            ("AA", "aa"),
            ("*", "*"),
            ("Oberrang links", "oberrang links"),
            ("אבג", "אבג"),
        ] {
            assert_eq!(place(written), meant, "{written}");
        }
    }

    #[test]
    fn places_that_differ_in_more_are_others() {
        for (one, other) in [("12", "120"), ("1-2", "12"), ("A", "AA"), ("12a", "12b"), ("Б", "В"), ("*", "**")] {
            assert_ne!(place(one), place(other), "{one} {other}");
        }
    }

    #[test]
    fn a_name_is_the_same_however_it_is_spelled() {
        for (written, meant) in [
            ("Rock'n'Roll – Köln!", "rocknroll koln"),
            ("ROCK’N’ROLL KOELN", "rocknroll koln"),
            ("The Gala", "gala"),
            ("Die Gala", "gala"),
            ("Gаlа", "gala"),
            ("Gala ٢٠٢٧", "gala 2027"),
            ("The", "the"),
            ("Theatre", "theatre"),
            ("?!", "?!"),
        ] {
            assert_eq!(name(written), meant, "{written}");
        }
    }

    #[test]
    fn no_two_letters_of_one_script_look_like_the_same() {
        for script in ['α'..='ω', 'а'..='ԝ'] {
            let mut seen: Vec<char> = script.filter_map(latin).collect();
            let letters = seen.len();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), letters);
        }
    }
}
