use std::time::Duration;

use anyhow::{Context, Result, ensure};
use http::header;
use serde_json::{Value, json};
use server::services::ServiceName;

use super::Person;
use super::call::Call;
use super::market::KnownSession;

/// The number of sessions of each person at first.
const DEVICES: usize = 3;
/// Time passes only when nobody has anything to do, so this is long enough for all that a sign-in causes.
const REST: Duration = Duration::from_millis(1);

/// An id that no ticket has.
const NOTHING: &str = "65f0000000000000000000aa";

impl Person {
    /// Creates an account, and signs in several times, with a rest after each: passwords are hashed by other threads,
    /// so what else was done meanwhile would come before or after by chance.
    pub(super) async fn sign_up(&self) -> Result<()> {
        self.market.known().sessions.push(Vec::new());
        for device in 0..DEVICES {
            let path = if device == 0 { "/api/users/signup" } else { "/api/users/signin" };
            let body =
                json!({"email": format!("person-{}@example.com", self.number), "password": "correct horse battery"});
            let request = Call::post(ServiceName::Auth, path, body).request(None);
            let answer = self.system.service(ServiceName::Auth).choose().answer(request).await.context("auth is up")?;
            let (status, headers, body) = answer;
            ensure!(status.is_success(), "{path} is answered {status}: {}", String::from_utf8_lossy(&body));
            let mut cookies = headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
            let cookie = cookies.find(|cookie| cookie.starts_with("session=")).context("a session")?;
            let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
            self.market.known().sessions[self.number].push(KnownSession { cookie, is_over: false });
            tokio::time::sleep(REST).await;
        }
        Ok(())
    }

    /// The session to use now.
    pub(super) fn session(&self) -> usize {
        let known = self.market.known();
        known.sessions[self.number].iter().position(|session| !session.is_over).unwrap_or(DEVICES - 1)
    }

    /// Signs out of a session, if another one is left.
    pub(super) async fn sign_out(&self) {
        let session = self.session();
        if session + 1 >= DEVICES {
            return;
        }
        self.market.known().sessions[self.number][session].is_over = true;
        self.ask_until_clear_with(session, Call::post(ServiceName::Auth, "/api/users/signout", Value::Null)).await;
    }

    /// Sends every ended session to every process, each of which has to know, and one that has not ended.
    pub(in crate::simulation) async fn try_every_session(&self) {
        for session in 0..self.session() {
            for call in [
                Call::get(ServiceName::Orders, "/api/orders"),
                Call::post(ServiceName::Tickets, "/api/tickets", json!({})),
                Call::post(ServiceName::Payments, "/api/payments", json!({})),
                Call::put(
                    ServiceName::Delivery,
                    format!("/api/deliveries/tickets/{NOTHING}/code"),
                    json!({"code": "A"}),
                ),
                Call::get(ServiceName::Auth, "/api/users/currentuser"),
            ] {
                for process in self.system.service(call.service).all() {
                    self.ask_process(process, session, call.clone()).await;
                }
            }
        }
        self.ask(Call::get(ServiceName::Orders, "/api/orders")).await;
    }
}
