//! The pages in a real browser, as users see and use them: with and without JavaScript.

#[path = "browser/account.rs"]
mod account;
#[path = "browser/bank.rs"]
mod bank;
#[path = "browser/buying.rs"]
mod buying;
#[path = "browser/catalogue.rs"]
mod catalogue;
#[path = "browser/declined.rs"]
mod declined;
#[path = "browser/delivery.rs"]
mod delivery;
#[path = "browser/documents.rs"]
mod documents;
#[path = "browser/door.rs"]
mod door;
#[path = "browser/door_queue.rs"]
mod door_queue;
#[path = "browser/editing.rs"]
mod editing;
#[path = "browser/every_page.rs"]
mod every_page;
#[path = "browser/expiry.rs"]
mod expiry;
#[path = "browser/issued.rs"]
mod issued;
#[path = "browser/keyboard.rs"]
mod keyboard;
#[path = "browser/live.rs"]
mod live;
#[path = "browser/mails.rs"]
mod mails;
#[path = "browser/one_ticket.rs"]
mod one_ticket;
#[path = "browser/passkeys.rs"]
mod passkeys;
#[path = "browser/prices.rs"]
mod prices;
mod program;
#[path = "browser/promised.rs"]
mod promised;
#[path = "browser/purchase.rs"]
mod purchase;
#[path = "browser/selling.rs"]
mod selling;
#[path = "browser/site.rs"]
mod site;
#[path = "browser/stillness.rs"]
mod stillness;
#[path = "browser/venue_time.rs"]
mod venue_time;
#[path = "browser/withdrawing.rs"]
mod withdrawing;
