//! What a visitor most likely pays and is paid in.

use common::money::Currency;
use icu_locale::LocaleExpander;

use crate::Formats;

/// Where the euro is the currency, also without being a member of the union; and Europe as a whole.
const EURO: [&str; 39] = [
    "AD", "AT", "AX", "BE", "BG", "BL", "CY", "DE", "EA", "EE", "ES", "FI", "FR", "GF", "GP", "GR", "HR", "IC", "IE",
    "IT", "LT", "LU", "LV", "MC", "ME", "MF", "MQ", "MT", "NL", "PM", "PT", "RE", "SI", "SK", "SM", "VA", "XK", "YT",
    "150",
];

impl Formats {
    /// The currency of the region that the locale names, or else of the one where most people with its language live.
    /// US dollars where that is none of ours.
    pub fn usual_currency(&self) -> Currency {
        let mut id = self.locale.id.clone();
        LocaleExpander::new_extended().maximize(&mut id);
        id.region.map_or(Currency::Usd, |region| of_region(region.as_str()))
    }
}

fn of_region(region: &str) -> Currency {
    match region {
        "GB" | "GG" | "IM" | "JE" => Currency::Gbp,
        "CA" => Currency::Cad,
        "AU" | "CC" | "CX" | "HM" | "KI" | "NF" | "NR" | "TV" => Currency::Aud,
        "CH" | "LI" => Currency::Chf,
        "SE" => Currency::Sek,
        "NO" | "BV" | "SJ" => Currency::Nok,
        "DK" | "FO" | "GL" => Currency::Dkk,
        "PL" => Currency::Pln,
        region if EURO.contains(&region) => Currency::Eur,
        _ => Currency::Usd,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_offered_the_currency_of_where_they_most_likely_are() {
        for (currency, languages) in [
            (Currency::Usd, &["", "*", "en", "en-US,en;q=0.9", "es-US", "zh", "ar", "en-XX"][..]),
            // There we have no other.
            (Currency::Usd, &["pt-BR", "pt", "ja", "cs-CZ", "hu", "en-NZ", "es-419", "de-BR", "fr-MA"]),
            (Currency::Eur, &["de-DE,de;q=0.9,en;q=0.8", "de", "fr", "fr-FR", "de-AT", "fr-BE", "nl", "nl-NL", "it"]),
            (Currency::Eur, &["es", "ca", "el", "fi", "sv-FI", "pt-PT", "en-IE", "ga", "et", "lv", "lt", "sk", "sl"]),
            (Currency::Eur, &["hr", "mt", "bg", "eu", "lb", "en-150", "DE-de", "de-Latn-DE", "de-DE-u-co-phonebk"]),
            (Currency::Gbp, &["en-GB,en;q=0.9", "en-GB-oxendict", "cy", "gd", "en-JE", "pl-GB"]),
            (Currency::Cad, &["en-CA", "fr-CA,fr;q=0.9"]),
            (Currency::Aud, &["en-AU"]),
            (Currency::Chf, &["de-CH", "fr-CH", "it-CH", "rm", "gsw", "de-LI", "en-CH"]),
            (Currency::Sek, &["sv", "sv-SE", "en-SE"]),
            (Currency::Nok, &["nb", "nb-NO", "nn", "no", "no-NO", "se-NO"]),
            (Currency::Dkk, &["da", "da-DK", "fo", "kl", "en-DK"]),
            (Currency::Pln, &["pl", "pl-PL,pl;q=0.9,en-US;q=0.8", "de-PL"]),
        ] {
            for asked in languages {
                assert_eq!(Formats::asked_for(asked).usual_currency(), currency, "{asked}");
            }
        }
    }

    #[test]
    fn the_first_language_counts() {
        assert_eq!(Formats::asked_for("en-US;q=0.5,pl;q=0.9").usual_currency(), Currency::Pln);
        assert_eq!(Formats::asked_for("12345678901234, sv").usual_currency(), Currency::Sek);
    }

    #[test]
    fn all_of_our_currencies_are_somewhere() {
        let regions = ["US", "DE", "GB", "CA", "AU", "CH", "SE", "NO", "DK", "PL"];
        assert_eq!(regions.map(of_region), Currency::ALL);
    }
}
