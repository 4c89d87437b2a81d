use common::id::EventId;
use deunicode::deunicode;
use serde::{Deserialize, Serialize};

/// How many characters of each part are kept.
const LONGEST: usize = 60;

/// What an event is called in addresses: `velvet-semaphore-saint-aubry-2027-06-12`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Slug(String);

impl Slug {
    /// Made of these parts, in Latin letters.
    pub(super) fn of(parts: &[&str]) -> Self {
        let parts: Vec<_> = parts.iter().map(|part| readable(part)).filter(|part| !part.is_empty()).collect();
        Self(parts.join("-"))
    }

    /// The same with a number, where others are called alike.
    pub(crate) fn numbered(&self, number: u32) -> Self {
        Self(format!("{}-{number}", self.0))
    }

    /// The same with the event's id, where many others are called alike.
    pub(crate) fn with_id(&self, id: EventId) -> Self {
        Self(format!("{}-{id}", self.0))
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn readable(part: &str) -> String {
    let latin = deunicode(part).to_lowercase();
    // "Rock'n'Roll" is one word.
    let latin = latin.replace(['\'', '`', '"'], "");
    let words = latin.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut readable = String::new();
    for word in words {
        if !readable.is_empty() && readable.len() + word.len() >= LONGEST {
            break;
        }
        readable.extend((!readable.is_empty()).then_some('-'));
        readable.push_str(&word[..word.len().min(LONGEST)]);
    }
    readable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_read_in_latin_letters() {
        for (name, city, slug) in [
            ("Velvet Semaphore", "Saint-Aubry", "velvet-semaphore-saint-aubry-2027-06-12"),
            ("Rock'n'Roll: die Nächte!", "Łódź", "rocknroll-die-nachte-lodz-2027-06-12"),
            ("Каверин", "Москва", "kaverin-moskva-2027-06-12"),
            ("北京", "東京", "bei-jing-dong-jing-2027-06-12"),
            ("?!", "…", "2027-06-12"),
        ] {
            assert_eq!(Slug::of(&[name, city, "2027-06-12"]).as_str(), slug, "{name}");
        }
    }

    #[test]
    fn a_slug_is_never_long_or_an_id() {
        let long = "Donaudampfschifffahrtsgesellschaft ".repeat(5);
        let slug = Slug::of(&[&long, &"x".repeat(200), "2027-06-12"]);
        assert!(slug.as_str().len() < 140, "{slug:?}");
        assert!(slug.as_str().starts_with("donaudampfschifffahrtsgesellschaft-x"), "{slug:?}");
        assert_eq!(Slug::of(&["a"]).numbered(2).as_str(), "a-2");
        assert!(Slug::of(&["5f1f77bcf86cd799439011aa", "2027-06-12"]).as_str().parse::<EventId>().is_err());
    }
}
