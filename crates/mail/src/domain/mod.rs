//! What people are told, and when: the rules of mail, free of I/O.

mod event;
mod message;
mod news;
mod order;
mod refused_address;

pub(crate) use event::Event;
pub(crate) use message::{Claim, Message};
pub(crate) use news::{
    AccountNews, EventMatter, EventNews, KINDS, KINDS_WITH_SECRET_LINK, News, OrderMatter, OrderNews, Withdrawn,
};
pub(crate) use order::{End, Order, Refund};
pub(crate) use refused_address::RefusedAddress;
