use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` as it is searched: without regard to case, accents and the width of spaces, so that
/// "Beyoncé  LIVE" and "beyonce live" are the same.
pub fn search_text(text: &str) -> String {
    let plain: String = text.nfkd().flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c)).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_spacing_do_not_matter() {
        for (written, searched) in [
            ("Beyoncé  LIVE", "beyonce live"),
            ("MÖTLEY CRÜE", "motley crue"),
            ("I\u{307}stanbul", "istanbul"),
            ("ﬁnale\u{3000}２０２６", "finale 2026"),
            ("Каверин Й", "каверин и"),
            (" \u{301} ", ""),
        ] {
            assert_eq!(search_text(written), searched, "{written:?}");
        }
    }
}
