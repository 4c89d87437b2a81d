use proptest::prelude::*;

use super::*;

/// Locales with all the kinds of digits, marks, signs and orders that there are.
const LOCALES: &[&str] = &[
    "en-US",
    "en-GB",
    "en-CA",
    "en-AU",
    "en-IN",
    "en-ZA",
    "en-CH",
    "en-DE",
    "de-DE",
    "de-AT",
    "de-CH",
    "de-LI",
    "fr-FR",
    "fr-CA",
    "fr-CH",
    "fr-BE",
    "it-IT",
    "it-CH",
    "es-ES",
    "es-MX",
    "es-AR",
    "es-CR",
    "es-US",
    "pt-BR",
    "pt-PT",
    "pt-CV",
    "nl-NL",
    "sv-SE",
    "nb-NO",
    "nn-NO",
    "da-DK",
    "fi-FI",
    "is-IS",
    "fo-FO",
    "et-EE",
    "lv-LV",
    "lt-LT",
    "pl-PL",
    "cs-CZ",
    "sk-SK",
    "hu-HU",
    "ro-RO",
    "bg-BG",
    "hr-HR",
    "sl-SI",
    "sr-RS",
    "mk-MK",
    "sq-AL",
    "el-GR",
    "tr-TR",
    "uk-UA",
    "ru-RU",
    "be-BY",
    "kk-KZ",
    "ka-GE",
    "hy-AM",
    "az-AZ",
    "he-IL",
    "ar-EG",
    "ar-SA",
    "ar-MA",
    "fa-IR",
    "ps-AF",
    "ur-PK",
    "ur-IN",
    "ckb-IQ",
    "hi-IN",
    "bn-BD",
    "mr-IN",
    "ne-NP",
    "gu-IN",
    "pa-IN",
    "ta-IN",
    "te-IN",
    "kn-IN",
    "ml-IN",
    "or-IN",
    "as-IN",
    "si-LK",
    "th-TH",
    "lo-LA",
    "km-KH",
    "my-MM",
    "vi-VN",
    "id-ID",
    "ms-MY",
    "fil-PH",
    "zh-CN",
    "zh-TW",
    "zh-HK",
    "ja-JP",
    "ko-KR",
    "mn-MN",
    "am-ET",
    "sw-KE",
    "zu-ZA",
    "af-ZA",
    "ha-NG",
    "yo-NG",
    "so-SO",
    "cy-GB",
    "ga-IE",
    "eu-ES",
    "ca-ES",
    "gl-ES",
    "gsw-CH",
    "rm-CH",
    "lb-LU",
    "br-FR",
    "mt-MT",
    "dz-BT",
    "sd-PK",
    "uz-UZ",
    "ar-EG-u-nu-latn",
    "en-u-nu-fullwide",
    "en-u-nu-mathbold",
];

fn read_in(locale: &str, text: &str, chosen: Option<Currency>) -> Result<u32, UnreadPrice> {
    Formats::asked_for(locale).read_price(text, chosen).map(Price::minor_units)
}

fn read(text: &str) -> Result<u32, UnreadPrice> {
    read_in("en-US", text, Some(Currency::Usd))
}

#[test]
fn prices_are_read_however_people_write_them() {
    for (text, minor) in [
        ("20", 2000),
        ("20.5", 2050),
        ("20,5", 2050),
        (" 20.50 ", 2050),
        ("20,50", 2050),
        ("0,99", 99),
        (".50", 50),
        (",5", 50),
        ("$.50", 50),
        ("007", 700),
        ("20.", 2000),
        ("20,-", 2000),
        ("20.–", 2000),
        ("20:-", 2000),
        ("20.5000", 2050),
        ("1234", 123_400),
        ("1.234,50", 123_450),
        ("1,234.50", 123_450),
        ("1 234,50", 123_450),
        ("1\u{a0}234,50", 123_450),
        ("1\u{202f}234.5", 123_450),
        ("1\u{2009}234", 123_400),
        ("1'234.50", 123_450),
        ("1’234,50", 123_450),
        ("1,23,456.00", 12_345_600),
        ("123,456", 12_345_600),
        ("999.999,99", 99_999_999),
        ("٢٠", 2000),
        ("٢٠٫٥", 2050),
        ("١٬٢٣٤٫٥٠", 123_450),
        ("۲۰٫۵۰", 2050),
        ("२०.५०", 2050),
        ("২০", 2000),
        ("๒๐", 2000),
        ("２０", 2000),
        ("２０．５０", 2050),
        ("２０，５", 2050),
        ("𝟐𝟎", 2000),
        ("\u{200f}٢٠", 2000),
    ] {
        assert_eq!(read(text), Ok(minor), "{text:?}");
        assert_eq!(read_in("en-US", text, None), Ok(minor), "{text:?}");
    }
}

#[test]
fn the_sign_of_the_currency_may_stand_on_either_side() {
    use Currency::{Aud, Cad, Chf, Dkk, Eur, Gbp, Nok, Pln, Sek, Usd};
    for (text, currency) in [
        ("$20", Usd),
        ("20 $", Usd),
        ("US$20", Usd),
        ("usd 20", Usd),
        ("$20 USD", Usd),
        ("＄20", Usd),
        ("$20", Cad),
        ("C$20", Cad),
        ("A$ 20", Aud),
        ("20 €", Eur),
        ("20€", Eur),
        ("EUR 20,-", Eur),
        ("20,00 euros", Eur),
        ("£20", Gbp),
        ("CHF 20.–", Chf),
        ("Fr. 20.00", Chf),
        ("20 kr", Sek),
        ("20 kr", Nok),
        ("kr. 20,00", Dkk),
        ("20 zł", Pln),
        ("20,00 ZL", Pln),
    ] {
        assert_eq!(read_in("en-US", text, Some(currency)), Ok(2000), "{text:?}");
        assert_eq!(read_in("de-DE", text, None), Ok(2000), "{text:?}");
    }
}

#[test]
fn another_currency_than_the_one_chosen_is_named() {
    for (text, chosen, said) in [
        ("20 €", Currency::Usd, "Price is written in €, but the currency chosen is USD"),
        ("$20", Currency::Eur, "Price is written in $, but the currency chosen is EUR"),
        ("gbp 20", Currency::Usd, "Price is written in GBP, but the currency chosen is USD"),
        ("20 kr", Currency::Pln, "Price is written in KR, but the currency chosen is PLN"),
        ("¥2000", Currency::Usd, "Price is written in ¥, but the currency chosen is USD"),
        ("US$20", Currency::Cad, "Price is written in US$, but the currency chosen is CAD"),
    ] {
        let unread = read_in("en-US", text, Some(chosen)).expect_err("another currency");
        assert_eq!(unread.to_string(), said, "{text}");
    }
    assert_eq!(read_in("en-US", "¥20", None), Err(UnreadPrice::NotANumber));
}

#[test]
fn one_mark_before_three_digits_is_read_as_the_locale_does_or_not_at_all() {
    let ambiguous = |text: &str, large: &str, small: &str| {
        Err(UnreadPrice::Ambiguous(text.to_owned(), large.to_owned(), small.to_owned()))
    };
    for (locale, text, expected) in [
        ("en-US", "1,234", Ok(123_400)),
        ("en-US", "1,500", Ok(150_000)),
        ("de-DE", "1.234", Ok(123_400)),
        ("de-DE", "1.500", Ok(150_000)),
        ("de-CH", "1’500", Ok(150_000)),
        // A German with an English browser means a thousand times what is written.
        ("en-US", "1.500", ambiguous("1.500", "1500", "1.50")),
        ("de-DE", "20,500", ambiguous("20,500", "20500", "20.50")),
        ("fr-FR", "1.234", ambiguous("1.234", "1234", "1.23")),
        ("de-CH", "1,234", ambiguous("1,234", "1234", "1.23")),
        ("en-US", "19.999", Err(InvalidPrice::TooPrecise.into())),
        ("de-DE", "19,999", Err(InvalidPrice::TooPrecise.into())),
        ("en-US", "0.123", Err(InvalidPrice::TooPrecise.into())),
        ("en-US", "1234.567", Err(InvalidPrice::TooPrecise.into())),
        ("en-US", "1,234.567", Err(InvalidPrice::TooPrecise.into())),
        ("ar-EG", "١٫٢٣٤", Err(InvalidPrice::TooPrecise.into())),
    ] {
        assert_eq!(read_in(locale, text, None), expected, "{locale}: {text}");
    }
    let said = read("1.500").expect_err("is ambiguous").to_string();
    assert_eq!(said, "Price 1.500 can be read in two ways: write 1500, or 1.50");
}

#[test]
fn what_is_wrong_is_said() {
    for text in ["-20", "−20", "20-", "+20", "(20)", "$-20", "20 € -"] {
        assert_eq!(read(text), Err(UnreadPrice::Signed), "{text:?}");
    }
    for text in ["0", "0,00", "$0", "٠"] {
        assert_eq!(read(text), Err(InvalidPrice::NotPositive.into()), "{text:?}");
    }
    for text in ["1000000", "1.000.000,00", "99999999999999999999999999", "$1,000,000"] {
        assert_eq!(read(text), Err(InvalidPrice::TooLarge.into()), "{text:?}");
    }
    for text in [
        "",
        " ",
        "twenty",
        "free",
        "€",
        ".",
        "NaN",
        "1e3",
        "0x20",
        "20 tickets",
        "20 or 30",
        "20/30",
        "2 0",
        "20 50",
        "1,2,3",
        "1.2.3",
        "12,34,5",
        "1,,000",
        "1 234 56",
        "1.234.56",
        "1'234'5",
        "1,234,567.5.5",
        "20%",
        "½",
        "20½",
        "2²",
        "②",
        "Ⅻ",
        "二十",
        "20;50",
        "<b>20</b>",
        "20\u{0}",
    ] {
        assert_eq!(read(text), Err(UnreadPrice::NotANumber), "{text:?}");
    }
}

/// What we write is read as the same amount, whether its currency is chosen or not.
fn assert_read_back(locale: &str, currency: Currency, minor: i64) {
    let (formats, price) = (Formats::asked_for(locale), Price::from_minor_units(minor).expect("in range"));
    let written = formats.money(price, currency);
    for chosen in [Some(currency), None] {
        assert_eq!(formats.read_price(&written, chosen), Ok(price), "{locale}: {written}");
    }
}

#[test]
fn what_we_write_is_read_back_in_every_locale_and_currency() {
    for locale in LOCALES {
        for currency in Currency::ALL {
            for minor in [1, 99_950, 100_000, 123_450, 99_999_999] {
                assert_read_back(locale, currency, minor);
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_we_write_is_read_back(
        minor in 1_i64..=99_999_999,
        locale in proptest::sample::select(LOCALES),
        currency in proptest::sample::select(Currency::ALL.to_vec()),
    ) {
        assert_read_back(locale, currency, minor);
    }

    #[test]
    fn what_the_api_writes_is_read_back(
        minor in 1_i64..=99_999_999,
        locale in proptest::sample::select(LOCALES),
    ) {
        let price = Price::from_minor_units(minor).expect("in range");
        prop_assert_eq!(Formats::asked_for(locale).read_price(&price.to_string(), None), Ok(price), "{}", locale);
    }

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,12}", number in "[-+0-9.,'  ٠-٩€$a-z]{0,16}") {
        for text in [text, number] {
            if let Ok(price) = Formats::asked_for("de").read_price(&text, None) {
                prop_assert!(price.minor_units() > 0 && price <= Price::MAX, "{text:?}");
            }
        }
    }
}

#[test]
fn whole_numbers_are_read_in_any_digits() {
    for (text, number) in
        [("12", 12), (" 007 ", 7), ("١٢٣", 123), ("１２", 12), ("१२", 12), ("\u{200f}١٢\u{200f}", 12), ("𝟏𝟐", 12)]
    {
        assert_eq!(whole_number(text), Some(number), "{text}");
    }
    for text in ["", " ", "-1", "+1", "1.5", "12A", "①", "½", "¹", "1 2", "4294967296", "Ⅻ"] {
        assert_eq!(whole_number(text), None, "{text}");
    }
}
