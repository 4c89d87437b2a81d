use common::email::Email;
use common::id::{SessionId, UserId};
use common::time::Timestamp;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::request::{request, with_time_limit};
use crate::{Client, Error};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: UserId,
    /// Its email address, in lower case.
    pub email: Email,
}

/// The signed-in user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CurrentUser {
    /// The account's id.
    pub id: UserId,
    /// The account's address.
    pub email: Email,
    /// When the session token was issued, in seconds since 1970.
    pub iat: i64,
    /// Whether they may do everything: where addresses have to be confirmed, theirs is.
    #[serde(default = "yes", rename = "addressConfirmed")]
    pub address_confirmed: bool,
}

/// What the API leaves out.
fn yes() -> bool {
    true
}

/// A session of the signed-in user that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenSession {
    /// Its id.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was used last, to within an hour.
    pub last_used_at: Timestamp,
    /// The browser it was opened in, if it is a known one: `Firefox`.
    #[serde(default)]
    pub browser: Option<String>,
    /// What that runs on, if it is known: `Windows`.
    #[serde(default)]
    pub system: Option<String>,
    /// Whether it is the one of this client.
    pub is_current: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CurrentUserAnswer {
    current_user: Option<CurrentUser>,
}

impl Client {
    /// Creates an account and signs in.
    ///
    /// # Errors
    /// 400 if the address is invalid or in use, or the password is weak; 429.
    pub async fn sign_up(&self, email: &str, password: &str) -> Result<Account, Error> {
        self.post(&self.urls.users, "/api/users/signup", &json!({"email": email, "password": password})).await
    }

    /// Signs in with the password alone.
    ///
    /// # Errors
    /// 400 if the credentials are wrong; 401 if the account asks for more (`second_factor_required`); 429.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Account, Error> {
        self.post(&self.urls.users, "/api/users/signin", &json!({"email": email, "password": password})).await
    }

    /// Signs out; the session ends in every service.
    ///
    /// # Errors
    /// As for any call; the visitor is then still signed in.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.post(&self.urls.users, "/api/users/signout", &json!({})).await.map(ignore)
    }

    /// Ends all sessions of the signed-in user, including this one.
    ///
    /// # Errors
    /// 401 without a session.
    pub async fn sign_out_everywhere(&self) -> Result<(), Error> {
        self.post(&self.urls.users, "/api/users/signout-everywhere", &json!({})).await.map(ignore)
    }

    /// Confirms an address with what the link of a mail carries: in a session of the account that the link is of, or
    /// with that account's password.
    ///
    /// # Errors
    /// 403 with neither of them (`sign_in_to_confirm`); 400 if the password is wrong, the link is over, or another
    /// account has the address by now; 429.
    pub async fn confirm_address(&self, token: &str, password: Option<&str>) -> Result<(), Error> {
        let body = match password {
            Some(password) => json!({"password": password, "token": token}),
            None => json!({"token": token}),
        };
        self.post(&self.urls.users, "/api/users/confirm", &body).await.map(ignore)
    }

    /// Has the mail sent again by which the signed-in user confirms their address.
    ///
    /// # Errors
    /// 401 without a session; 429.
    pub async fn send_confirmation(&self) -> Result<(), Error> {
        self.post(&self.urls.users, "/api/users/confirmation", &json!({})).await.map(ignore)
    }

    /// Has a mail sent with which its reader can choose another password, if the address has an account.
    ///
    /// # Errors
    /// 400 if the address is invalid, or no mails are sent; 429.
    pub async fn request_reset(&self, email: &str) -> Result<(), Error> {
        self.post(&self.urls.users, "/api/users/reset-request", &json!({"email": email})).await.map(ignore)
    }

    /// Sets another password with what the link of a mail carries; all sessions of the account end.
    ///
    /// # Errors
    /// 400 if the password is weak or the link is over; 429.
    pub async fn reset_password(&self, token: &str, new: &str) -> Result<(), Error> {
        let body = json!({"newPassword": new, "token": token});
        self.post(&self.urls.users, "/api/users/reset", &body).await.map(ignore)
    }

    /// Has a mail sent to another address, whose link makes it the signed-in user's, unless it has an account.
    ///
    /// # Errors
    /// 400 if the address is invalid or the password wrong, or no mails are sent; 401; 429.
    pub async fn change_email(&self, email: &str, password: &str) -> Result<(), Error> {
        let body = json!({"email": email, "password": password});
        self.post(&self.urls.users, "/api/users/email", &body).await.map(ignore)
    }

    /// Erases the account of the signed-in user for good, in every service.
    ///
    /// # Errors
    /// 400 if the password is wrong; 401; 409 while money or tickets are under way, with an entry for each; 429.
    pub async fn erase_account(&self, password: &str) -> Result<(), Error> {
        self.post(&self.urls.users, "/api/users/erase", &json!({"password": password})).await.map(ignore)
    }

    /// The sessions of the signed-in user that go on, the one that was used last first.
    ///
    /// # Errors
    /// 401 without a session.
    pub async fn sessions(&self) -> Result<Vec<OpenSession>, Error> {
        self.get(&self.urls.users, "/api/users/sessions").await
    }

    /// Ends one session of the signed-in user, in every service.
    ///
    /// # Errors
    /// 401 without a session; 404 if it is none of theirs.
    pub async fn end_session(&self, id: SessionId) -> Result<(), Error> {
        let request = request(Method::DELETE, &self.urls.users, &format!("/api/users/sessions/{id}"))?;
        with_time_limit(self.send(request)).await.map(drop)
    }

    /// The signed-in user, if any. Renews the session token when it has been in use for a while.
    ///
    /// # Errors
    /// As for any call.
    pub async fn current_user(&self) -> Result<Option<CurrentUser>, Error> {
        let answer: CurrentUserAnswer = self.get(&self.urls.users, "/api/users/currentuser").await?;
        Ok(answer.current_user)
    }

    /// Changes the password; all other sessions of the user end.
    ///
    /// # Errors
    /// 400 if the current password is wrong or the new one weak; 401; 429.
    pub async fn change_password(&self, current: &str, new: &str) -> Result<(), Error> {
        let body = json!({"currentPassword": current, "newPassword": new});
        self.post(&self.urls.users, "/api/users/password", &body).await.map(ignore)
    }
}

/// An empty response, `{}`.
pub(crate) fn ignore(_: Value) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{Stub, USER};

    #[tokio::test]
    async fn signing_up_and_in_send_the_credentials() {
        let stub = Stub::answering(201, json!({"id": USER, "email": "ada@example.com"})).await;
        let account = stub.client().sign_up("ada@example.com", "secret").await.expect("an account");
        assert_eq!((account.id.to_string().as_str(), account.email.as_str()), (USER, "ada@example.com"));
        stub.client().sign_in("ada@example.com", "secret").await.expect("an account");
        let credentials = json!({"email": "ada@example.com", "password": "secret"});
        for (request, path) in stub.requests().into_iter().zip(["/api/users/signup", "/api/users/signin"]) {
            assert_eq!((request.call().as_str(), &request.body), (format!("POST {path}").as_str(), &credentials));
        }
    }

    #[tokio::test]
    async fn the_current_user_may_be_absent() {
        let nobody = Stub::answering(200, json!({"currentUser": null})).await;
        assert_eq!(nobody.client().current_user().await.expect("an answer"), None);
        assert_eq!(nobody.request().call(), "GET /api/users/currentuser");

        let ada = json!({"id": USER, "email": "ada@example.com", "iat": 1_700_000_000});
        let somebody = Stub::answering(200, json!({"currentUser": ada})).await;
        let user = somebody.client().current_user().await.expect("an answer").expect("a user");
        assert_eq!((user.id.to_string().as_str(), user.iat), (USER, 1_700_000_000));
        assert!(user.address_confirmed);

        let bob = json!({"id": USER, "email": "bob@example.com", "iat": 1, "addressConfirmed": false});
        let unconfirmed = Stub::answering(200, json!({"currentUser": bob})).await;
        let user = unconfirmed.client().current_user().await.expect("an answer").expect("a user");
        assert!(!user.address_confirmed);
    }

    #[tokio::test]
    async fn sessions_are_ended_one_or_all() {
        let stub = Stub::answering(200, json!({})).setting("session=; Max-Age=0").await;
        let client = stub.client().with_session("abc");
        client.sign_out().await.expect("an answer");
        assert_eq!((stub.request().call().as_str(), client.token()), ("POST /api/users/signout", None));

        let stub = Stub::answering(200, json!({})).await;
        stub.client().sign_out_everywhere().await.expect("an answer");
        assert_eq!(stub.request().call(), "POST /api/users/signout-everywhere");
    }

    #[tokio::test]
    async fn an_address_is_confirmed_by_what_the_link_carries() {
        let stub = Stub::answering(200, json!({})).await;
        stub.client().confirm_address("a.b.c", None).await.expect("an answer");
        stub.client().confirm_address("a.b.c", Some("secret")).await.expect("an answer");
        stub.client().send_confirmation().await.expect("an answer");
        let calls: Vec<_> = stub.requests().iter().map(|request| (request.call(), request.body.clone())).collect();
        let called = |call: &str, body| (format!("POST /api/users/{call}"), body);
        let in_session = called("confirm", json!({"token": "a.b.c"}));
        let by_password = called("confirm", json!({"password": "secret", "token": "a.b.c"}));
        assert_eq!(calls, [in_session, by_password, called("confirmation", json!({}))]);
    }

    #[tokio::test]
    async fn another_address_is_asked_for_with_the_password() {
        let stub = Stub::answering(200, json!({})).await;
        stub.client().change_email("ada@example.org", "secret").await.expect("an answer");
        assert_eq!(stub.request().call(), "POST /api/users/email");
        assert_eq!(stub.request().body, json!({"email": "ada@example.org", "password": "secret"}));
    }

    #[tokio::test]
    async fn an_account_is_erased_with_its_password() {
        let stub = Stub::answering(200, json!({})).await;
        stub.client().erase_account("secret").await.expect("an answer");
        assert_eq!(stub.request().call(), "POST /api/users/erase");
        assert_eq!(stub.request().body, json!({"password": "secret"}));
    }

    #[tokio::test]
    async fn a_forgotten_password_is_asked_about_and_set() {
        let stub = Stub::answering(200, json!({})).await;
        stub.client().request_reset("ada@example.com").await.expect("an answer");
        stub.client().reset_password("a.b.c", "new").await.expect("an answer");
        let calls: Vec<_> = stub.requests().iter().map(|request| (request.call(), request.body.clone())).collect();
        let requested = ("POST /api/users/reset-request".to_owned(), json!({"email": "ada@example.com"}));
        let set = ("POST /api/users/reset".to_owned(), json!({"token": "a.b.c", "newPassword": "new"}));
        assert_eq!(calls, [requested, set]);
    }

    #[tokio::test]
    async fn sessions_are_listed_and_ended_by_their_ids() {
        let at = "2026-11-22T12:00:00.000Z";
        let known = json!({"id": USER, "createdAt": at, "lastUsedAt": at, "browser": "Firefox", "isCurrent": true});
        let stub = Stub::answering(200, json!([known])).await;
        let sessions = stub.client().sessions().await.expect("an answer");
        assert_eq!(stub.request().call(), "GET /api/users/sessions");
        let [session] = &sessions[..] else { panic!("{sessions:?}") };
        assert_eq!((session.browser.as_deref(), session.system.as_deref()), (Some("Firefox"), None));
        assert!(session.is_current && session.last_used_at.to_string() == at);

        let stub = Stub::answering_text(204, "text/plain", "").await;
        stub.client().end_session(session.id).await.expect("an answer");
        assert_eq!(stub.request().call(), format!("DELETE /api/users/sessions/{USER}"));
    }

    #[tokio::test]
    async fn a_password_is_changed_by_sending_both() {
        let stub = Stub::answering(200, json!({})).await;
        stub.client().change_password("old", "new").await.expect("an answer");
        assert_eq!(stub.request().call(), "POST /api/users/password");
        assert_eq!(stub.request().body, json!({"currentPassword": "old", "newPassword": "new"}));
    }
}
