//! The rules about tickets, without I/O.

mod delivery;
mod event;
mod form;
mod live_change;
mod lock;
mod order;
mod parse;
mod price_cap;
mod search_words;
mod seat;
mod short_text;
mod start;
mod ticket;
mod typo;

pub(crate) use delivery::{HEARD_WITHIN, InvalidDelivery};
pub(crate) use event::{Event, EventForm, EventStatus, InvalidEvent, InvalidTier, Slug, Tier, Venue};
pub(crate) use form::{DetailEdits, Edit, TicketForm};
pub(crate) use live_change::{KeptTickets, LiveChange};
pub(crate) use lock::{HeldByAnotherOrder, TicketLock};
pub(crate) use order::{KnownOrder, Order};
pub(crate) use parse::{check_period, parse_currency, parse_day, parse_delivery, parse_timestamp, parse_zone};
pub(crate) use price_cap::PriceCap;
pub(crate) use search_words::{SoughtWord, WORDS_RULE, search_words, sought_words};
pub(crate) use seat::{OLDER_SEAT_RULES, Seat, are_in_other_venues};
pub(crate) use short_text::{InvalidText, ShortText, sought_text};
pub(crate) use start::{InvalidStart, SentStart};
pub(crate) use ticket::{
    Change, ChangeRefused, GivenSeal, InvalidOffer, Sealing, SellerChange, Ticket, TicketChanged, TicketListed,
};
pub(crate) use typo::{forgives_typos, is_one_typo_apart, remainders};
