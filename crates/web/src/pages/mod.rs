//! One file per page: its URL, its API calls, its content.

mod about;
mod account;
pub(crate) mod add_event;
mod cancel;
mod catalogue;
mod change_email;
mod change_password;
mod confirm;
pub(crate) mod delivery;
mod door;
mod edit;
mod entrance;
mod erase;
pub(crate) mod event;
mod export;
mod forgotten;
#[cfg(test)]
mod fuzz;
mod half_way;
mod help;
mod listings;
pub(crate) mod once_more;
pub(crate) mod order;
mod orders;
mod own_page;
mod passkey_button;
mod passkeys;
mod pay;
mod privacy;
mod receipt;
mod remove_passkey;
mod reset;
mod robots;
mod second_factor;
mod sell;
mod send_confirmation;
mod sessions;
pub(crate) mod sign_in;
mod sign_out;
mod sign_out_everywhere;
mod sign_up;
mod sitemap;
mod terms;
pub(crate) mod ticket;
mod withdraw;

use axum::Router;
use axum::routing::{get, post};

use crate::visitor::Web;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(catalogue::show))
        .route("/e/{slug}", get(event::show))
        .route("/e/{slug}/event.ics", get(event::calendar))
        .route("/door/{id}", get(door::show).post(door::submit))
        .route("/events/new", get(add_event::show).post(add_event::submit))
        .route("/tickets/{id}", get(ticket::show))
        .route("/tickets/{id}/buy", get(ticket::back).post(ticket::buy))
        .route("/orders", get(orders::show))
        .route("/orders/{id}", get(order::show))
        .route("/orders/{id}/event.ics", get(order::calendar))
        .route("/orders/{id}/pay", get(pay::show).post(pay::submit))
        .route("/orders/{id}/cancel", post(cancel::submit))
        .route("/orders/{id}/receipt", get(receipt::show))
        .route("/robots.txt", get(robots::show))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemaps/{part}", get(sitemap::part))
        .route("/help", get(help::show))
        .route("/about", get(about::show))
        .route("/terms", get(terms::show))
        .route("/privacy", get(privacy::show))
        .route("/signin", get(sign_in::show).post(sign_in::submit))
        .route("/signup", get(sign_up::show).post(sign_up::submit))
        .route("/signout", post(sign_out::submit))
        .route("/sell", get(sell::show).post(sell::submit))
        .route("/sell/review", get(sell::back).post(sell::review))
        .route("/sell/find", get(sell::back).post(sell::find))
        .route("/sell/change", get(sell::back).post(sell::change))
        .route("/tickets/{id}/edit", get(edit::show).post(edit::submit))
        .route("/tickets/{id}/withdraw", get(withdraw::show).post(withdraw::submit))
        .route("/tickets/{id}/delivery", get(delivery::show).post(delivery::submit).layer(delivery::body_limit()))
        .route("/listings", get(listings::show))
        .route("/account", get(account::show))
        .route("/account/password", get(change_password::back).post(change_password::submit))
        .route("/account/export", get(export::show))
        .route("/account/erase", get(erase::show).post(erase::submit))
        .route("/erased", get(erase::done))
        .route("/account/email", get(change_password::back).post(change_email::submit))
        .route("/account/confirmation", post(send_confirmation::submit))
        .route("/forgotten", get(forgotten::show).post(forgotten::submit))
        .route("/reset", get(reset::show).post(reset::submit))
        .route("/confirm", get(confirm::show).post(confirm::submit))
        .route("/account/sessions", get(sessions::show))
        .route("/account/sessions/{id}/end", get(sessions::back).post(sessions::end))
        .route("/account/passkeys", get(passkeys::show))
        .route("/account/passkeys/{id}/remove", get(remove_passkey::show).post(remove_passkey::submit))
        .route("/account/second-factor", get(second_factor::show).post(second_factor::submit))
        .route("/signin/second-factor", get(half_way::back).post(half_way::submit))
        .route("/account/signout-everywhere", post(sign_out_everywhere::submit))
}
