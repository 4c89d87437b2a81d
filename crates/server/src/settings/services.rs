use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use client::Client;
use http::HeaderValue;
use ports::clock::Clock;
use runtime::PeerSecret;
use runtime::http::SecurityHeaders;
use runtime::limits::Proxies;
use runtime::session::SessionCookie;
use web::About;

use super::accounts::AccountSettings;
use super::limits::{Allowed, LimitFlags, allowed};
use crate::pages::VisitorApi;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// How visitors' sessions are recognised.
#[derive(Debug, Clone, clap::Args)]
pub struct SessionSettings {
    /// The address visitors use; if it is https, cookies are marked accordingly
    #[arg(long, env = "PUBLIC_URL", value_parser = site, value_name = "URL")]
    pub public_url: Option<String>,

    /// How many proxies stand before us, each of which adds the address it was called from to
    /// `X-Forwarded-For`
    #[arg(long, env = "TRUSTED_PROXIES", default_value_t = 0, value_parser = proxies(), value_name = "COUNT")]
    pub trusted_proxies: usize,

    /// Whether people have to confirm their address before they sell, or reserve a second ticket; only where mails are
    /// written
    #[arg(long, env = "CONFIRM_ADDRESSES", default_value = "off", value_name = "on|off")]
    pub confirm_addresses: Switch,
}

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Switch {
    /// It is.
    On,
    /// It is not.
    Off,
}

impl SessionSettings {
    /// The cookie that fits the address visitors use.
    pub fn cookie(&self) -> SessionCookie {
        SessionCookie::new(self.is_secure())
    }

    /// Whether people have to confirm their address before they may do everything.
    pub fn confirms_addresses(&self) -> bool {
        self.confirm_addresses == Switch::On
    }

    /// How people are told by mail what happens to their accounts, by a service that knows this secret.
    pub fn mail(&self, secret: PeerSecret) -> auth::MailSettings {
        auth::MailSettings { secret, confirm_addresses: self.confirms_addresses() }
    }

    /// Whom to believe about addresses, beside the pages of the same process, which send the `voucher`.
    pub fn proxies(&self, voucher: Option<HeaderValue>) -> Proxies {
        Proxies { trusted: self.trusted_proxies, voucher }
    }

    /// Auth's settings.
    pub fn auth(&self, accounts: &AccountSettings) -> auth::Settings {
        let auth = accounts.auth();
        let site = self.public_url.clone().unwrap_or(auth.site);
        auth::Settings { trusted_proxies: self.trusted_proxies, site, ..auth }
    }

    /// The pages' settings. A `voucher` has auth believe the pages from which address a visitor comes.
    pub fn pages(&self, api: Client, clock: Clock, voucher: Option<HeaderValue>, about: About) -> web::Settings {
        let api = api.with_secure_cookies(self.is_secure());
        let (cookie, trusted_proxies) = (self.cookie(), self.trusted_proxies);
        let visitor_api = VisitorApi { api, cookie, trusted_proxies, voucher };
        let api_for = Arc::new(move |request: &Request| visitor_api.for_request(request));
        web::Settings { api_for, clock, public_url: self.public_url.clone(), about: Arc::new(about) }
    }

    /// The headers of everything that visitors are answered.
    pub fn headers(&self) -> SecurityHeaders {
        SecurityHeaders::new(self.is_secure())
    }

    /// Whether visitors reach us over TLS.
    fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// How tickets are reserved.
#[derive(Debug, Clone, clap::Args)]
pub struct OrderSettings {
    /// How long a buyer has to pay
    #[arg(long, env = "RESERVATION_WINDOW", default_value = "15m", value_parser = super::duration, value_name = "DURATION")]
    pub reservation: Duration,

    /// How many tickets one buyer may hold at once without having paid
    #[arg(long, env = "RESERVATIONS_PER_BUYER", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16), value_name = "COUNT")]
    pub reservations_per_buyer: u8,

    /// How long a buyer waits who has reserved a ticket twice without buying it; after that each wait is four times
    /// as long, up to a day. 0 for never
    #[arg(long, env = "RESERVATION_COOL_DOWN", default_value = "1m", value_parser = super::duration_or_zero, value_name = "DURATION")]
    pub reservation_cool_down: Duration,

    /// How many tickets one buyer may reserve
    #[arg(long, env = "LIMIT_RESERVATIONS_USER", default_value = "30/1h", value_parser = allowed, value_name = "COUNT/PERIOD")]
    pub limit_reservations_user: Allowed,

    /// How many tickets may be reserved from one address, or from one /64 network of IPv6
    #[arg(long, env = "LIMIT_RESERVATIONS_ADDRESS", default_value = "300/1h", value_parser = allowed, value_name = "COUNT/PERIOD")]
    pub limit_reservations_address: Allowed,
}

/// How tickets are listed.
#[derive(Debug, Clone, clap::Args)]
pub struct TicketSettings {
    /// How many tickets one seller may have for sale at once
    #[arg(long, env = "OPEN_LISTINGS", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000), value_name = "COUNT")]
    pub open_listings: u32,

    /// How many events one user may add
    #[arg(long, env = "LIMIT_EVENTS_USER", default_value = "50/24h", value_parser = allowed, value_name = "COUNT/PERIOD")]
    pub limit_events_user: Allowed,

    /// How many searches from one address run at once, or wait for the database
    #[arg(long, env = "SEARCHES_PER_ADDRESS", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1000), value_name = "COUNT")]
    pub searches_per_address: u32,

    /// How many per cent more than its face value a ticket may cost, where somebody lists it for a tier of an event of
    /// which that is known. Without it, any price is allowed
    #[arg(long, env = "PRICE_CAP", value_parser = clap::value_parser!(u32).range(0..=10_000), value_name = "PER CENT")]
    pub price_cap: Option<u32>,

    /// How long the bus keeps an event of a ticket that a later one has made superfluous. No less than an hour, for
    /// which the bus recognises what is published twice
    #[arg(long, env = "KEEP_SUPERSEDED", default_value = "1h", value_parser = hour_or_more, value_name = "DURATION")]
    pub keep_superseded: Duration,
}

/// The same as without any flag.
impl Default for TicketSettings {
    fn default() -> Self {
        let limit_events_user = Allowed(tickets::Settings::default().added_events);
        Self { open_listings: 200, limit_events_user, searches_per_address: 2, price_cap: None, keep_superseded: HOUR }
    }
}

/// The same as without any flag.
impl Default for OrderSettings {
    fn default() -> Self {
        let (minute, usual) = (Duration::from_secs(60), orders::Settings::default());
        Self {
            reservation: 15 * minute,
            reservations_per_buyer: 4,
            reservation_cool_down: minute,
            limit_reservations_user: Allowed(usual.user_rate),
            limit_reservations_address: Allowed(usual.address_rate),
        }
    }
}

impl TicketSettings {
    /// The tickets service's settings, with or without limits.
    pub fn tickets(&self, limits: &LimitFlags) -> tickets::Settings {
        tickets::Settings {
            open_listings: limits.are_on().then_some(self.open_listings),
            added_events: self.limit_events_user.0,
            searches_per_address: limits.are_on().then_some(self.searches_per_address),
            price_cap: self.price_cap,
            keep_superseded: self.keep_superseded,
        }
    }
}

impl OrderSettings {
    /// The orders service's settings, with or without limits.
    pub fn orders(&self, limits: &LimitFlags) -> orders::Settings {
        let is_limited = limits.are_on();
        orders::Settings {
            reservation: self.reservation,
            reservations: is_limited.then_some(self.reservations_per_buyer),
            cool_down: if is_limited { self.reservation_cool_down } else { Duration::ZERO },
            user_rate: self.limit_reservations_user.0,
            address_rate: self.limit_reservations_address.0,
        }
    }
}

/// Reads a duration that is at least an hour.
fn hour_or_more(text: &str) -> Result<Duration, String> {
    let duration = super::duration(text)?;
    if duration >= HOUR { Ok(duration) } else { Err("expected an hour or more".to_owned()) }
}

/// Reads the address of a site: there is nothing behind the host and the port.
fn site(text: &str) -> Result<String, String> {
    let url = web_address(text)?;
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let is_authority = rest.parse::<http::uri::Authority>().is_ok_and(|authority| {
        let names_port = authority.as_str() != authority.host();
        !rest.contains('@') && (authority.port_u16().is_some() || !names_port)
    });
    if is_authority {
        Ok(url)
    } else {
        Err("expected an address without a path, such as https://tickets.example.com".to_owned())
    }
}

/// More proxies in a row than anybody has.
fn proxies() -> impl clap::builder::TypedValueParser<Value = usize> {
    use clap::builder::TypedValueParser;
    clap::value_parser!(u8).range(0..=16).map(usize::from)
}

/// Reads an http or https address, whose scheme is in small letters from then on.
///
/// # Errors
/// If it is something else.
pub(crate) fn web_address(text: &str) -> Result<String, String> {
    match text.parse::<http::Uri>() {
        Ok(uri) if matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() => {
            Ok(uri.to_string().trim_end_matches('/').to_owned())
        }
        _ => Err("expected an address such as https://tickets.example.com".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        sessions: SessionSettings,
    }

    #[test]
    fn addresses_are_confirmed_where_that_is_wanted() {
        for (flags, confirms) in [(&["auth"][..], false), (&["auth", "--confirm-addresses", "on"], true)] {
            let sessions = Cli::parse_from(flags).sessions;
            assert_eq!(sessions.mail(PeerSecret::random()).confirm_addresses, confirms);
            assert_eq!(sessions.confirms_addresses(), confirms);
        }
    }
}
