use common::addressee::{CONFIRM_PAGE, Directions, RESET_PAGE};
use common::events::{ChangedStatus, EventDetails, NoticeKind, Tolerant};
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::zone::ZonedTime;
use formats::{Formats, order_number};

use super::{Fact, Letter, Link};
use crate::Settings;
use crate::domain::{Event, Order, Withdrawn};
use crate::words::{Telling, Words};

mod about_order;

/// Writes letters, in one language, with links to one site.
pub(crate) struct Letters {
    words: &'static Words,
    formats: Formats,
    site: String,
}

impl Letters {
    pub(crate) fn new(settings: &Settings) -> Self {
        let words = settings.language.words();
        Self { words, formats: Formats::asked_for(words.language), site: settings.public_url.clone() }
    }

    /// A ticket is off sale.
    pub(crate) fn about_withdrawn(&self, withdrawn: &Withdrawn) -> Letter {
        let ticket_page = format!("/tickets/{}", withdrawn.ticket);
        let (telling, page) = match withdrawn.is_overdue {
            false => (&self.words.withdrawn, "/account"),
            true => (&self.words.overdue, ticket_page.as_str()),
        };
        let mut letter = self.letter(telling, page);
        letter.subject = about(telling, &withdrawn.title);
        letter.facts = vec![Fact { name: self.words.names.ticket, value: withdrawn.title.clone() }];
        letter
    }

    /// An event has been moved or cancelled, to somebody who has bought these to it; nothing, if they have none.
    pub(crate) fn about_event_of(&self, event: &Event, orders: &[Order]) -> Option<Letter> {
        let words = self.words;
        let (telling, mut facts) = match event.status {
            ChangedStatus::Moved => (&words.event_moved, self.now_of(event)),
            ChangedStatus::Cancelled => (&words.event_cancelled, Vec::new()),
        };
        let page = match orders {
            [] => return None,
            [order] => format!("/orders/{}", order.id),
            _ => "/orders".to_owned(),
        };
        facts.extend(orders.iter().flat_map(|order| self.facts_of(order)));
        Some(Letter { subject: about(telling, &event.name), facts, ..self.letter(telling, &page) })
    }

    /// An event has been moved or cancelled, to somebody who sells tickets to it: these follow.
    pub(crate) fn about_listings(&self, event: &Event) -> Letter {
        let (words, names) = (self.words, &self.words.names);
        let (telling, of_event) = match event.status {
            ChangedStatus::Moved => (&words.listing_moved, self.now_of(event)),
            ChangedStatus::Cancelled => (&words.listing_withdrawn, Vec::new()),
        };
        let mut facts = vec![Fact { name: names.event, value: event.name.clone() }];
        facts.extend(of_event);
        Letter { subject: about(telling, &event.name), facts, ..self.letter(telling, "/listings") }
    }

    /// When and where an event takes place now.
    fn now_of(&self, event: &Event) -> Vec<Fact> {
        let names = &self.words.names;
        let venue = format!("{}, {}", event.venue, event.country);
        vec![
            Fact { name: names.date_now, value: self.there(&event.starts_at) },
            Fact { name: names.venue_now, value: venue },
        ]
    }

    /// What has happened to an account.
    pub(crate) fn about_account(&self, kind: NoticeKind, directions: &Directions) -> Letter {
        let words = self.words;
        let (telling, page) = match kind {
            NoticeKind::ConfirmAddress => (&words.confirm_address, CONFIRM_PAGE),
            NoticeKind::ResetPassword => (&words.reset_password, RESET_PAGE),
            NoticeKind::PasswordChanged => (&words.password_changed, "/forgotten"),
            NoticeKind::AddressChanged => (&words.address_changed, "/account"),
            NoticeKind::NewSignIn => (&words.new_sign_in, "/account/sessions"),
            NoticeKind::SignUpAgain => (&words.sign_up_again, "/signin"),
            NoticeKind::SignInChanged => (&words.sign_in_changed, "/account/passkeys"),
            NoticeKind::RecoveryCodeUsed => (&words.recovery_code_used, "/account/passkeys"),
        };
        let Some(link) = &directions.link else {
            let mut letter = self.letter(telling, page);
            letter.facts.extend(directions.device.clone().map(|value| Fact { name: words.names.device, value }));
            return letter;
        };
        let mut letter = self.letter(telling, &format!("{page}?token={}", link.token.reveal()));
        letter.paragraphs.push((words.good_until)(&self.formats.date_and_time(link.expires_at)));
        letter
    }

    fn letter(&self, telling: &Telling, page: &str) -> Letter {
        Letter {
            language: self.words.language,
            subject: telling.subject.to_owned(),
            heading: telling.heading.to_owned(),
            paragraphs: telling.paragraphs.iter().map(|&paragraph| paragraph.to_owned()).collect(),
            facts: Vec::new(),
            link: Some(Link { label: telling.link, url: format!("{}{page}", self.site) }),
            footer: (self.words.footer)(&self.site),
        }
    }

    /// What was bought, as it was when it was ordered (invariant I14).
    fn facts_of(&self, order: &Order) -> Vec<Fact> {
        let names = &self.words.names;
        let EventDetails { event, venue, section, row, seat, tier, .. } = &order.details;
        let seat = (names.seat_words)(section.as_deref(), row.as_deref(), seat.as_deref());
        let facts = [
            (names.ticket, Some(order.title.clone())),
            (names.event, event.clone()),
            (names.venue, venue.clone()),
            (names.date, order.details.starts_at.map(|starts_at| self.moment(&order.details, starts_at))),
            (names.tier, tier.clone()),
            (names.seat, Some(seat).filter(|seat| !seat.is_empty())),
            (names.price, Some(self.money(order.price, &order.currency))),
            (names.order, Some(order_number(order.id))),
        ];
        facts.into_iter().filter_map(|(name, value)| Some(Fact { name, value: value? })).collect()
    }

    /// As clocks at the venue show it; where its zone is not known, in UTC, and marked so.
    fn moment(&self, details: &EventDetails, moment: Timestamp) -> String {
        match details.time_zone.clone() {
            Some(zone) => self.there(&ZonedTime { moment, zone }),
            None => self.formats.day_and_time(moment),
        }
    }

    fn there(&self, there: &ZonedTime) -> String {
        let place =
            there.zone.place().map_or_else(|| there.zone.to_string(), |place| (self.words.names.time_of)(&place));
        format!("{} ({place})", self.formats.day_and_time_there(there))
    }

    fn money(&self, amount: Price, currency: &Tolerant<Currency>) -> String {
        match currency {
            Tolerant::Known(currency) => self.formats.money(amount, *currency),
            // One that was added later: it is written as it is called.
            Tolerant::Unknown(code) => format!("{} {amount}", code.to_uppercase()),
        }
    }
}

fn about(telling: &Telling, title: &str) -> String {
    format!("{}: {title}", telling.subject)
}
