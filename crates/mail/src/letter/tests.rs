use common::addressee::{self, Directions, LinkToken};
use common::delivery::{DeliveryPromise, Seal};
use common::events::{ChangedStatus, EventDetails, NoticeKind, RefundStatus, Tolerant};
use common::id::IdGenerator;
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::zone::{TimeZone, ZonedTime};

use super::*;
use crate::domain::{Event, EventMatter, KINDS_WITH_SECRET_LINK, News, Order, OrderMatter, Refund, Withdrawn};
use crate::{Language, Sender};

fn now() -> Timestamp {
    Timestamp::parse("2026-11-22T12:00:00Z").expect("a moment")
}

fn settings(language: Language) -> Settings {
    let sender: Sender = "Tickets <tickets@example.com>".parse().expect("a sender");
    Settings { sender, language, public_url: "https://tickets.example.com".into(), ..Settings::default() }
}

fn letters(language: Language) -> Letters {
    Letters::new(&settings(language))
}

fn order() -> Order {
    let ids = IdGenerator::seeded(1);
    let price = |minor| Price::from_minor_units(minor).expect("a price");
    let details = EventDetails {
        event: Some("Aida".into()),
        venue: Some("Opéra".into()),
        starts_at: Timestamp::parse("2027-03-14T19:30:00Z").ok(),
        section: None,
        row: Some("A".into()),
        seat: Some("12".into()),
        ..EventDetails::default()
    };
    Order {
        id: ids.next(now()),
        buyer: Some(ids.next(now())),
        ticket: ids.next(now()),
        title: "Front row <b>& more</b>".into(),
        price: price(7550),
        currency: Currency::Eur.into(),
        details,
        is_attempted: true,
        end: None,
        refunds: vec![Refund { id: "re_1".into(), amount: price(500), status: RefundStatus::Succeeded }],
    }
}

fn directions(link: Option<addressee::Link>) -> Directions {
    let email = Email::parse("ada@example.com").expect("an address");
    Directions { email, link, device: Some("Firefox, Windows".into()) }
}

fn event(status: ChangedStatus) -> Event {
    Event {
        id: IdGenerator::seeded(2).next(now()),
        status,
        name: "Aida".into(),
        venue: "Opéra, Lyon".into(),
        country: "France".into(),
        starts_at: ZonedTime::parse("2027-04-15T20:00:00+02:00[Europe/Paris]").expect("a time"),
        changed_at: now(),
    }
}

/// One letter of each kind.
fn all(language: Language) -> Vec<Letter> {
    let letters = letters(language);
    let link = |kind: &News| {
        let has_link = KINDS_WITH_SECRET_LINK.contains(&kind.kind());
        has_link.then(|| addressee::Link { token: LinkToken::new("t0k-en_1.x".into()), expires_at: now() })
    };
    let letter = |news: News| match &news {
        News::Order(about) => letters.about_order(&order(), &about.what, None),
        News::Withdrawn(_) => {
            let Order { ticket, title, .. } = order();
            letters.about_withdrawn(&Withdrawn { ticket, title, is_overdue: false })
        }
        News::Event(about) => match about.what {
            EventMatter::Moved => of_buyer(&letters, ChangedStatus::Moved, &[order()]),
            EventMatter::Cancelled => of_buyer(&letters, ChangedStatus::Cancelled, &[order()]),
            EventMatter::ListingMoved => letters.about_listings(&event(ChangedStatus::Moved)),
            EventMatter::ListingWithdrawn => letters.about_listings(&event(ChangedStatus::Cancelled)),
        },
        News::Account(about) => letters.about_account(about.what, &directions(link(&news))),
    };
    News::one_of_each().into_iter().map(letter).collect()
}

fn of_buyer(letters: &Letters, status: ChangedStatus, orders: &[Order]) -> Letter {
    letters.about_event_of(&event(status), orders).expect("something was bought")
}

fn mail(letter: Letter) -> Mail {
    let recipient = order().buyer.expect("a buyer");
    let message = Message::new(recipient, News::of_order(order().id, OrderMatter::Bought), now());
    letter.into_mail(&message, &directions(None).email, &settings(Language::English))
}

#[test]
fn text_and_html_say_the_same_in_every_language() {
    for language in Language::ALL {
        for letter in all(language) {
            let mail = mail(letter.clone());
            let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let plain = mail.text.replace('\n', " ");
            let values = letter.facts.iter().flat_map(|fact| [fact.name, fact.value.as_str()]);
            let link = letter.link.iter().flat_map(|link| [link.label, link.url.as_str()]);
            let words = letter.paragraphs.iter().map(String::as_str).chain([letter.heading.as_str(), &letter.footer]);
            for said in words.chain(values).chain(link) {
                assert!(plain.contains(said), "{said:?} is missing in {}", mail.text);
                assert!(mail.html.contains(&escaped(said)), "{said:?} is missing in {}", mail.html);
            }
            assert!(mail.html.contains(&format!("lang=\"{}\"", language.tag())), "{}", mail.html);
            assert!(letter.link.is_some_and(|link| link.url.starts_with("https://tickets.example.com/")));
        }
    }
}

#[test]
fn an_order_is_described_as_it_was_bought_in_the_readers_format() {
    let facts = |language| letters(language).about_order(&order(), &OrderMatter::Bought, None).facts;
    let values = |language| -> Vec<String> {
        let plain = |fact: Fact| fact.value.replace(['\u{a0}', '\u{202f}'], " ");
        facts(language).into_iter().map(plain).collect()
    };
    let number = formats::order_number(order().id);
    assert_eq!(
        values(Language::English),
        [
            "Front row <b>& more</b>",
            "Aida",
            "Opéra",
            "Sun, Mar 14, 2027, 7:30 PM UTC",
            "Row A, Seat 12",
            "€75.50",
            &number
        ]
    );
    assert_eq!(values(Language::German)[3..6], ["So., 14.03.2027, 19:30 UTC", "Reihe A, Platz 12", "75,50 €"]);
}

#[test]
fn what_is_not_known_of_an_order_is_left_out_and_a_newer_currency_is_written_as_it_is_called() {
    let currency = Tolerant::Unknown("xyz".into());
    let bare = Order { details: EventDetails::default(), currency, ..order() };
    let facts = letters(Language::English).about_order(&bare, &OrderMatter::Sold, None).facts;
    let names: Vec<_> = facts.iter().map(|fact| fact.name).collect();
    assert_eq!(names, ["Ticket", "Price", "Order"]);
    assert_eq!(facts[1].value, "XYZ 75.50");
}

#[test]
fn what_people_have_typed_is_text_wherever_it_ends_up() {
    let order = Order { title: "A\r\nBcc: eve@example.com\r\n\r\n<script>".into(), ..order() };
    let mail = mail(letters(Language::English).about_order(&order, &OrderMatter::Sold, None));
    assert!(!mail.subject.contains(['\r', '\n']), "{:?}", mail.subject);
    assert!(!mail.html.contains("<script>"), "{}", mail.html);
    assert!(!mail.text.contains("\nBcc:"), "{}", mail.text);
}

#[test]
fn a_refund_is_told_with_its_own_amount() {
    let letters = letters(Language::English);
    let refunded = letters.about_order(&order(), &OrderMatter::Refunded { refund: "re_1".into() }, None);
    assert_eq!(refunded.paragraphs, ["€5.00 has been given back. Your bank may take a few days to show it."]);
    let failed = letters.about_order(&order(), &OrderMatter::RefundFailed { refund: "re_1".into() }, None);
    assert!(failed.paragraphs[0].starts_with("€5.00 could not be given back"), "{:?}", failed.paragraphs);
}

#[test]
fn a_move_says_when_and_where_it_is_now_beside_what_was_bought() {
    let letters = letters(Language::English);
    let one = of_buyer(&letters, ChangedStatus::Moved, &[order()]);
    let facts = |letter: &Letter| -> Vec<(&str, String)> {
        letter.facts.iter().map(|fact| (fact.name, fact.value.replace('\u{202f}', " "))).collect()
    };
    assert_eq!(one.subject, "Moved: Aida");
    let now = [
        ("Date now", "Thu, Apr 15, 2027, 8:00 PM (Paris time)".to_owned()),
        ("Venue now", "Opéra, Lyon, France".to_owned()),
    ];
    assert_eq!(facts(&one)[..2], now);
    assert_eq!(one.facts[2..], letters.about_order(&order(), &OrderMatter::Bought, None).facts);
    let page = |letter: Letter| letter.link.expect("a link").url;
    assert!(page(one).ends_with(&format!("/orders/{}", order().id)));
    let other = Order { title: "Behind a pillar".into(), ..order() };
    let both = of_buyer(&letters, ChangedStatus::Moved, &[order(), other]);
    let titles: Vec<_> = both.facts.iter().filter(|fact| fact.name == "Ticket").map(|fact| &fact.value).collect();
    assert_eq!(titles, ["Front row <b>& more</b>", "Behind a pillar"]);
    assert!(page(both).ends_with("/orders"));
    assert_eq!(letters.about_event_of(&event(ChangedStatus::Moved), &[]), None);
    assert_eq!(facts(&letters.about_listings(&event(ChangedStatus::Moved)))[1..], now);
}

#[test]
fn a_cancellation_promises_no_money() {
    let letter = of_buyer(&letters(Language::English), ChangedStatus::Cancelled, &[order()]);
    assert_eq!(letter.subject, "Cancelled: Aida");
    assert!(letter.paragraphs.iter().any(|said| said.contains("no money goes back to you by itself")));
    assert!(letter.facts.iter().all(|fact| !fact.name.ends_with("now")));
}

#[test]
fn a_link_says_how_long_it_is_good_and_is_shown_nowhere_else() {
    let link = addressee::Link { token: LinkToken::new("t0k-en_1.x".into()), expires_at: now() };
    let letter = letters(Language::English).about_account(NoticeKind::ConfirmAddress, &directions(Some(link)));
    assert!(letter.paragraphs.iter().any(|said| said.contains("Nov 22, 2026, 12:00")), "{:?}", letter.paragraphs);
    assert!(!format!("{letter:?}").contains("t0k-en_1.x"));
    assert!(mail(letter).html.contains("https://tickets.example.com/confirm?token=t0k-en_1.x"));
}

#[test]
fn who_has_not_done_it_themselves_is_led_to_where_they_can_do_something_about_it() {
    for (kind, page) in [
        (NoticeKind::NewSignIn, "/account/sessions"),
        (NoticeKind::PasswordChanged, "/forgotten"),
        (NoticeKind::SignUpAgain, "/signin"),
        (NoticeKind::SignInChanged, "/account/passkeys"),
        (NoticeKind::RecoveryCodeUsed, "/account/passkeys"),
    ] {
        let link = letters(Language::English).about_account(kind, &directions(None)).link.expect("there is one");
        assert_eq!(link.url, format!("https://tickets.example.com{page}"), "{kind:?}");
    }
}

#[test]
fn a_mail_says_who_it_is_from_and_is_recognised_when_it_comes_twice() {
    let [first, second] =
        [(); 2].map(|()| mail(letters(Language::English).about_order(&order(), &OrderMatter::Bought, None)));
    assert_eq!(first.id, second.id);
    assert!(first.id.ends_with("@example.com"), "{}", first.id);
    assert_eq!((first.date, first.to.as_str()), (now(), "ada@example.com"));
}

#[test]
fn the_beginning_is_told_in_the_time_of_the_venue() {
    let date = |language: Language, zone: Option<&str>| {
        let mut order = order();
        order.details.time_zone = zone.map(|zone| TimeZone::parse(zone).expect("a zone"));
        let letter = letters(language).about_order(&order, &OrderMatter::Bought, None);
        let name = if language == Language::English { "Date" } else { "Datum" };
        let fact = letter.facts.into_iter().find(|fact| fact.name == name).expect("a date");
        fact.value.replace('\u{202f}', " ")
    };
    assert_eq!(date(Language::English, Some("Europe/Paris")), "Sun, Mar 14, 2027, 8:30 PM (Paris time)");
    assert_eq!(date(Language::German, Some("America/New_York")), "So., 14.03.2027, 15:30 (Ortszeit New York)");
    assert_eq!(date(Language::English, Some("UTC")), "Sun, Mar 14, 2027, 7:30 PM (UTC)");
    assert_eq!(date(Language::English, None), "Sun, Mar 14, 2027, 7:30 PM UTC");
}

#[test]
fn who_has_sold_what_comes_later_is_told_by_when_and_where_to_hand_it_in() {
    let until = Timestamp::parse("2027-03-13T19:30:00Z").expect("a moment");
    let told = |language: Language, delivery: Option<DeliveryPromise>| {
        let mut order = order();
        (order.details.delivery, order.details.time_zone) = (delivery, TimeZone::parse("Europe/Paris").ok());
        letters(language).about_order(&order, &OrderMatter::Sold, None)
    };
    for (language, words) in
        [(Language::English, "Hand it in by Sat, Mar 13, 2027, 8:30 PM"), (Language::German, "bis Sa., 13.03.2027")]
    {
        let later = told(language, Some(DeliveryPromise::Later { until }));
        let owed = later.paragraphs.last().map(|owed| owed.replace('\u{202f}', " ")).unwrap_or_default();
        assert!(owed.contains(words), "{owed}");
        assert!(later.link.expect("a link").url.ends_with("/delivery"));
        for promise in [None, Some(DeliveryPromise::Sealed { seal: Seal(1), checked: true })] {
            let sold = told(language, promise);
            assert_eq!(sold.paragraphs.len(), 1);
            assert!(!sold.link.expect("a link").url.ends_with("/delivery"));
        }
    }
}

#[test]
fn who_has_bought_is_told_how_the_ticket_comes_as_it_was_promised() {
    let until = Timestamp::parse("2027-03-13T19:30:00Z").expect("a moment");
    let says = |language: Language, delivery: Option<DeliveryPromise>| {
        let mut order = order();
        (order.details.delivery, order.details.time_zone) = (delivery, TimeZone::parse("Europe/Paris").ok());
        let letter = letters(language).about_order(&order, &OrderMatter::Bought, None);
        assert!(letter.link.expect("a link").url.ends_with(&format!("/orders/{}", order.id)));
        assert_eq!(letter.paragraphs.len(), 2);
        letter.paragraphs[1].replace('\u{202f}', " ")
    };
    let [sealed, ours] = [
        DeliveryPromise::Sealed { seal: Seal(1), checked: true },
        DeliveryPromise::Ours { seal: Seal(1), bought_by: None },
    ];
    let later = DeliveryPromise::Later { until };
    for (promise, english, german) in [
        (Some(sealed), "You find it on your order's page", "Sie finden es auf der Seite Ihrer Bestellung"),
        (Some(ours), "You find it on your order's page", "Sie finden es auf der Seite Ihrer Bestellung"),
        (
            Some(later),
            "It comes to your order's page by Sat, Mar 13, 2027, 8:30 PM (Paris time), and we write",
            "Es kommt bis Sa., 13.03.2027, 20:30 (Ortszeit Paris) auf die Seite Ihrer Bestellung",
        ),
        (None, "Nothing was promised", "Über das Ticket selbst wurde nichts versprochen"),
        (
            Some(DeliveryPromise::Other),
            "Your order's page has the receipt, and says",
            "finden Sie den Beleg und was Sie",
        ),
    ] {
        for (language, expected) in [(Language::English, english), (Language::German, german)] {
            let said = says(language, promise);
            assert!(said.contains(expected), "{promise:?}: {said}");
        }
    }
}

#[test]
fn nobody_is_blamed_for_what_never_came_to_an_event_that_is_cancelled() {
    let (moved, cancelled) = (event(ChangedStatus::Moved), event(ChangedStatus::Cancelled));
    for (language, blames, off) in [
        (Language::English, ["had promised", "not delivered"], "The event was cancelled"),
        (Language::German, ["versprochen", "nicht geliefert"], "Die Veranstaltung ist abgesagt"),
    ] {
        for matter in [OrderMatter::NotDelivered, OrderMatter::DeliveryMissed] {
            let letter = |event| letters(language).about_order(&order(), &matter, event);
            let said =
                |letter: &Letter| format!("{} {} {}", letter.subject, letter.heading, letter.paragraphs.join(" "));
            let (as_ever, of_cancelled) = (letter(None), letter(Some(&cancelled)));
            assert_eq!(letter(Some(&moved)), as_ever);
            assert!(of_cancelled.heading.starts_with(off), "{of_cancelled:?}");
            for blame in blames {
                assert!(said(&as_ever).contains(blame), "{as_ever:?}");
                assert!(!said(&of_cancelled).contains(blame), "{of_cancelled:?}");
            }
            assert_eq!((&of_cancelled.link, &of_cancelled.facts), (&as_ever.link, &as_ever.facts));
        }
        let bought = letters(language).about_order(&order(), &OrderMatter::Bought, Some(&cancelled));
        assert_eq!(bought, letters(language).about_order(&order(), &OrderMatter::Bought, None));
    }
}

#[test]
fn what_could_not_be_issued_is_not_told_as_something_that_was_not_handed_in() {
    let cancelled = event(ChangedStatus::Cancelled);
    let mut order = order();
    order.details.delivery = Some(DeliveryPromise::Ours { seal: Seal(1), bought_by: None });
    let heading = |language, matter| {
        let letter = |event| letters(language).about_order(&order, matter, event);
        assert_eq!(letter(Some(&cancelled)), letter(None));
        letter(None).heading
    };
    let (buyer, seller) = (&OrderMatter::NotDelivered, &OrderMatter::DeliveryMissed);
    assert_eq!(heading(Language::English, buyer), "Your ticket could not be issued");
    assert_eq!(heading(Language::English, seller), "Your ticket could not be sold on");
    assert_eq!(heading(Language::German, buyer), "Ihr Ticket konnte nicht ausgestellt werden");
    assert_eq!(heading(Language::German, seller), "Ihr Ticket konnte nicht weiterverkauft werden");
}
