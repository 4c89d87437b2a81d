//! What people type to find tickets, and what they find, on both engines.

use std::time::Duration;

use client::{Client, EventForm, Price, TicketFilter, TicketForm, TicketSort, Venue};
use testkit::on_both_engines;
use testkit::world::{Engine, World};

on_both_engines!(
    what_is_searched_for_is_found_in_every_script,
    what_is_found_is_paged_in_its_order,
    a_venue_is_found_with_its_city_and_without,
);

/// Titles, events and venues; the first ticket is number 1.
const TICKETS: [[&str; 3]; 25] = [
    ["Kat. A", "Radiohead", "Atlas Arena, Łódź"],
    ["Radiohead Tribute Night", "", "Tromsø Kulturhus"],
    ["Radiohed, last minute", "", "Palladium Köln"],
    ["Beyoncé", "Renaissance", "Wembley Stadium, London"],
    ["Così fan tutte", "", "Teatro alla Scala, Milano"],
    ["Sommerkonzert", "", "Philharmonie, Straße des 17. Juni, Berlin"],
    ["Motörhead Revival", "", "Düsseldorf"],
    ["Æther & Œuvre", "", "Þjóðleikhúsið, Reykjavík"],
    ["Tarkan", "", "Diyarbakır, İstanbul yolu"],
    ["Đorđe Balašević", "", "Novi Sad"],
    ["Ħal Għaxaq Festa", "", "Malta"],
    ["Кино", "Концерт памяти Цоя", "Лужники, Москва"],
    ["ΟΔΥΣΣΕΥΣ", "", "Ηρώδειο, Αθήνα"],
    ["東京ドーム コンサート", "", "東京ドームシティ"],
    ["คอนเสิร์ตกรุงเทพ", "", ""],
    ["방탄소년단 콘서트", "", "서울올림픽주경기장"],
    ["أم كلثوم", "حفلة", "دار الأوبرا, القاهرة"],
    ["הופעה של עידן רייכל", "", "היכל מנורה"],
    ["L’Olympia: Céline", "", "Paris"],
    ["Rock'n'Roll Circus", "", "Koeln Arena"],
    ["Ham", "", "Globe"],
    ["Hamilton", "", "Royal Albert Hall, London"],
    ["Hamlet", "", "Globe, London"],
    ["हिन्दी संगीत", "", "दिल्ली"],
    ["Metallica", "", "Ullevi, Göteborg"],
];

/// What is typed, and which tickets have it, in this order.
const SEARCHES: [(&str, &[usize]); 46] = [
    // Accents and the strokes of letters.
    ("lodz", &[1]),
    ("ŁÓDŹ", &[1]),
    ("tromso", &[2]),
    ("tromsoe", &[2]),
    ("strasse", &[6]),
    ("STRAßE berlin", &[6]),
    ("koln", &[3]),
    ("Köln", &[3, 20]),
    ("koeln", &[3, 20]),
    ("dusseldorf", &[7]),
    ("duesseldorf", &[7]),
    ("aether oeuvre", &[8]),
    ("thjodleikhusid", &[8]),
    ("istanbul diyarbakir", &[9]),
    ("dorde", &[10]),
    ("djordje balasevic", &[10]),
    ("hal ghaxaq", &[11]),
    ("COSÌ", &[5]),
    // Scripts, with spaces and without.
    ("МОСКВА кино", &[12]),
    ("οδυσσευς", &[13]),
    ("αθηνα", &[13]),
    ("ドーム 東京", &[14]),
    ("ｺﾝｻｰﾄ", &[14]),
    ("กรุงเทพ", &[15]),
    ("방탄", &[16]),
    ("القاهره", &[17]),
    ("ام كلثوم", &[17]),
    ("עידן", &[18]),
    ("हिन्दी", &[24]),
    // Typos, after what has the words as they are typed.
    ("radiohead", &[1, 2, 3]),
    ("radiohed", &[3, 1, 2]),
    ("raidohead", &[1, 2]),
    ("rradiohead", &[1, 2]),
    ("beyonse wembly", &[4]),
    ("goteborg metalica", &[25]),
    ("мосвка", &[12]),
    ("οδυσσεας", &[13]),
    ("globo", &[21, 23]),
    // Beginnings of words, after the words themselves; several words; apostrophes.
    ("radio", &[1, 2, 3]),
    ("ham", &[21, 22, 23]),
    ("lon ham", &[22, 23]),
    ("tutte scala milano", &[5]),
    ("lolympia celine", &[19]),
    ("rocknroll", &[20]),
    // Nothing: no word, and no typo in what is short.
    ("?!", &[]),
    ("han", &[]),
];

/// What is typed and found nowhere, and which tickets come near.
const NEAR: [(&str, &[usize]); 6] = [
    ("radiohead london", &[1, 2, 3]),
    ("hamilton globe royal", &[22]),
    ("metalica stockholm", &[25]),
    ("hamiltonian", &[22]),
    ("кино париж", &[12]),
    ("zzzz", &[]),
];

async fn list_all(world: &World) {
    let seller = world.user("seller").await;
    let price = Price::from_minor_units(20_00).expect("a price");
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    for [title, event, venue] in TICKETS {
        let form = TicketForm { event: given(event), venue: given(venue), ..TicketForm::new(title, price) };
        seller.create_ticket(&form).await.expect("lists");
        world.advance(Duration::from_millis(1));
    }
}

fn searching(words: &str) -> TicketFilter {
    TicketFilter { q: Some(words.to_owned()), sort: Some(TicketSort::Oldest), ..TicketFilter::default() }
}

/// The numbers of the tickets on the page, and whether they only come near.
async fn found(visitor: &Client, filter: &TicketFilter) -> (Vec<usize>, bool) {
    let page = visitor.tickets(filter).await.expect("searches");
    let number = |title: &str| TICKETS.iter().position(|[known, ..]| *known == title).expect("is one of ours") + 1;
    (page.items.iter().map(|ticket| number(&ticket.title)).collect(), page.is_near)
}

async fn what_is_searched_for_is_found_in_every_script(engine: Engine) {
    let world = World::start(engine).await;
    list_all(&world).await;
    let visitor = world.visitor();
    let mut wrong = Vec::new();
    let mut check = |what: String, found: (Vec<usize>, bool), expected: (&[usize], bool)| {
        if (found.0.as_slice(), found.1) != expected {
            wrong.push(format!("{what}: {found:?} rather than {expected:?}"));
        }
    };
    for (words, expected) in SEARCHES {
        for near in [None, Some(true)] {
            if near.is_some() && expected.is_empty() {
                continue;
            }
            let filter = TicketFilter { near, ..searching(words) };
            check(format!("{words} {near:?}"), found(&visitor, &filter).await, (expected, false));
        }
    }
    for (words, expected) in NEAR {
        check(words.to_owned(), found(&visitor, &searching(words)).await, (&[], false));
        let filter = TicketFilter { near: Some(true), ..searching(words) };
        check(format!("near {words}"), found(&visitor, &filter).await, (expected, !expected.is_empty()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.end().await;
}

async fn what_is_found_is_paged_in_its_order(engine: Engine) {
    let world = World::start(engine).await;
    list_all(&world).await;
    let visitor = world.visitor();
    for (words, near, expected) in [
        ("radiohed", false, &[3, 1, 2][..]),
        ("ham", false, &[21, 22, 23]),
        ("radiohead", false, &[1, 2, 3]),
        ("radiohead london", true, &[1, 2, 3]),
    ] {
        for limit in 1..=3 {
            let mut filter = TicketFilter { limit: Some(limit), near: Some(near), ..searching(words) };
            let mut seen = Vec::new();
            loop {
                let page = visitor.tickets(&filter).await.expect("searches");
                assert_eq!(page.is_near, near, "{words}");
                assert!(!page.items.is_empty(), "{words}: an empty page after {seen:?}");
                seen.extend(found(&visitor, &filter).await.0);
                let Some(next) = page.next_cursor() else { break };
                filter.cursor = Some(next);
            }
            assert_eq!(seen, expected, "{words}, {limit} at a time");
        }
    }
    world.end().await;
}

async fn a_venue_is_found_with_its_city_and_without(engine: Engine) {
    let world = World::start(engine).await;
    let seller = world.user("seller").await;
    let venue = Venue { name: "Große Halle".into(), city: "Berlin".into(), country: "Germany".into() };
    let form = EventForm {
        name: "Gala".into(),
        venue,
        starts_at: "2027-06-12T19:30".into(),
        time_zone: "Europe/Berlin".into(),
        currency: "eur".into(),
        tiers: Vec::new(),
    };
    let gala = seller.add_event(&form).await.expect("is added");
    let price = Price::from_minor_units(20_00).expect("a price");
    let known = TicketForm { event_id: Some(gala.id.to_string()), ..TicketForm::new("Known", price) };
    let described =
        |title: &str, venue: &str| TicketForm { venue: Some(venue.into()), ..TicketForm::new(title, price) };
    let others = [
        described("Plain", "große halle"),
        described("With its city", "Große Halle, Berlin"),
        described("Elsewhere", "Große Halle, Hamburg"),
    ];
    for form in [known].into_iter().chain(others) {
        seller.create_ticket(&form).await.expect("lists");
        world.advance(Duration::from_millis(1));
    }
    for (venue, expected) in
        [("GROßE HALLE", &["Known", "Plain"][..]), ("Große Halle, Berlin", &["Known", "With its city"]), ("Große", &[])]
    {
        for (limit, most) in [(1, 1), (50, 50)] {
            let sort = Some(TicketSort::Oldest);
            let filter =
                TicketFilter { venue: Some(venue.into()), sort, limit: Some(limit), ..TicketFilter::default() };
            let page = world.visitor().tickets(&filter).await.expect("lists");
            let found: Vec<_> = page.items.iter().map(|ticket| ticket.title.as_str()).collect();
            assert_eq!(found, expected[..expected.len().min(most)], "{venue}");
        }
    }
    world.end().await;
}
