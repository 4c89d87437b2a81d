use common::errors::ErrorBody;
use common::id::PasskeyId;
use common::time::Timestamp;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::request::{json_request, read, with_time_limit};
use crate::users::ignore;
use crate::{Account, Client, Error};

/// What becomes of a right password.
pub enum SignIn {
    /// It was enough.
    Done(Account),
    /// The account asks for a passkey or a recovery code as well.
    HalfWay(HalfWay),
}

/// A sign-in of which the password was right. It has no `Debug`: whoever reads its ceremony could go on with it.
#[derive(Deserialize)]
pub struct HalfWay {
    /// What goes on with it, within five minutes.
    pub ceremony: String,
    /// What a browser's authenticator is asked to sign; nothing where the site has no name.
    pub options: Option<Value>,
}

/// A passkey of the signed-in user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody has signed in with it last.
    #[serde(default)]
    pub last_used_at: Option<Timestamp>,
}

/// How the signed-in user signs in, beside the password.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Passkeys {
    /// The oldest first.
    pub passkeys: Vec<Passkey>,
    /// Whether the password alone lets nobody in.
    pub second_factor: bool,
    /// How many recovery codes have not been used.
    pub recovery_codes_left: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HalfWayAnswer {
    #[serde(flatten)]
    refused: ErrorBody,
    #[serde(default)]
    second_factor: Option<HalfWay>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CodesAnswer {
    recovery_codes: Vec<String>,
}

impl Client {
    /// Signs in with the password, or gets half way by that.
    ///
    /// # Errors
    /// 400 if the credentials are wrong; 429.
    pub async fn begin_sign_in(&self, email: &str, password: &str) -> Result<SignIn, Error> {
        let body = json!({"email": email, "password": password});
        let request = json_request(Method::POST, &self.urls.users, "/api/users/signin", &body)?;
        with_time_limit(async {
            let response = self.exchange(request).await?;
            if response.status() != StatusCode::UNAUTHORIZED {
                return Ok(SignIn::Done(read(Self::succeeded(response).await?).await?));
            }
            let HalfWayAnswer { refused, second_factor } = read(response).await?;
            second_factor.map(SignIn::HalfWay).ok_or(Error::Api {
                status: StatusCode::UNAUTHORIZED,
                errors: refused.errors,
                retry_after: None,
            })
        })
        .await
    }

    /// Goes on with a sign-in by a recovery code.
    ///
    /// # Errors
    /// 400 if the code is wrong, or the sign-in was begun too long ago (`ceremony_over`); 429.
    pub async fn show_recovery_code(&self, ceremony: &str, code: &str) -> Result<Account, Error> {
        let body = json!({"ceremony": ceremony, "recoveryCode": code});
        self.post(&self.urls.users, "/api/users/signin/second-factor", &body).await
    }

    /// The passkeys of the signed-in user.
    ///
    /// # Errors
    /// 401 without a session.
    pub async fn passkeys(&self) -> Result<Passkeys, Error> {
        self.get(&self.urls.users, "/api/users/passkeys").await
    }

    /// Removes a passkey of the signed-in user.
    ///
    /// # Errors
    /// 400 if the password is wrong; 401; 404 if it is none of theirs; 429.
    pub async fn remove_passkey(&self, id: PasskeyId, password: &str) -> Result<(), Error> {
        let path = format!("/api/users/passkeys/{id}/remove");
        self.post(&self.urls.users, &path, &json!({"password": password})).await.map(ignore)
    }

    /// Asks for more than the password from now on; the new recovery codes, which nobody is shown again.
    ///
    /// # Errors
    /// 400 if the password is wrong, or there is no passkey; 401; 429.
    pub async fn require_second_factor(&self, password: &str) -> Result<Vec<String>, Error> {
        let body = json!({"password": password});
        let answer = self.post(&self.urls.users, "/api/users/second-factor", &body).await;
        answer.map(|CodesAnswer { recovery_codes }| recovery_codes)
    }

    /// Asks for nothing but the password from now on.
    ///
    /// # Errors
    /// 400 if the password is wrong; 401; 429.
    pub async fn drop_second_factor(&self, password: &str) -> Result<(), Error> {
        let body = json!({"password": password});
        self.post(&self.urls.users, "/api/users/second-factor/end", &body).await.map(ignore)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{Stub, USER};

    #[tokio::test]
    async fn a_right_password_is_enough_or_half_of_it() {
        let account = json!({"id": USER, "email": "ada@example.com"});
        let stub = Stub::answering(200, account).await;
        let done = stub.client().begin_sign_in("ada@example.com", "secret").await;
        assert!(matches!(done, Ok(SignIn::Done(account)) if account.email.as_str() == "ada@example.com"));

        let more = json!({"errors": [{"code": "second_factor_required", "message": "More"}],
            "secondFactor": {"ceremony": "c", "options": {"publicKey": {}}}});
        let stub = Stub::answering(401, more).await;
        let half_way = stub.client().begin_sign_in("ada@example.com", "secret").await;
        let Ok(SignIn::HalfWay(half_way)) = half_way else { panic!("it is not enough") };
        assert_eq!((half_way.ceremony.as_str(), half_way.options), ("c", Some(json!({"publicKey": {}}))));
        let refused = stub.client().sign_in("ada@example.com", "secret").await.expect_err("it is not enough");
        assert_eq!(refused.code(), Some("second_factor_required"));

        for status in [400, 401] {
            let stub = Stub::answering(status, json!({"errors": [{"code": "x", "message": "No"}]})).await;
            let refused = stub.client().begin_sign_in("ada@example.com", "secret").await.err().expect("a refusal");
            assert_eq!(refused.code(), Some("x"));
        }
    }

    #[tokio::test]
    async fn passkeys_are_listed_and_removed() {
        let at = "2026-11-22T12:00:00.000Z";
        let known = json!({"passkeys": [{"id": USER, "name": "My phone", "createdAt": at}],
            "secondFactor": true, "recoveryCodesLeft": 9});
        let stub = Stub::answering(200, known).await;
        let listed = stub.client().passkeys().await.expect("an answer");
        assert_eq!(stub.request().call(), "GET /api/users/passkeys");
        assert_eq!((listed.second_factor, listed.recovery_codes_left), (true, 9));
        let [passkey] = &listed.passkeys[..] else { panic!("{listed:?}") };
        assert_eq!((passkey.name.as_str(), passkey.last_used_at), ("My phone", None));

        let stub = Stub::answering(200, json!({})).await;
        stub.client().remove_passkey(passkey.id, "secret").await.expect("an answer");
        assert_eq!(stub.request().call(), format!("POST /api/users/passkeys/{USER}/remove"));
        assert_eq!(stub.request().body, json!({"password": "secret"}));
    }

    #[tokio::test]
    async fn what_is_asked_for_beside_the_password_begins_with_codes_and_ends() {
        let stub = Stub::answering(200, json!({"recoveryCodes": ["0123-4567-89AB-CDEF"]})).await;
        let codes = stub.client().require_second_factor("secret").await.expect("an answer");
        assert_eq!(codes, ["0123-4567-89AB-CDEF"]);
        let stub = Stub::answering(200, json!({})).await;
        stub.client().drop_second_factor("secret").await.expect("an answer");
        assert_eq!(stub.request().call(), "POST /api/users/second-factor/end");

        let stub = Stub::answering(200, json!({"id": USER, "email": "ada@example.com"})).await;
        stub.client().show_recovery_code("c", "0123").await.expect("an account");
        assert_eq!(stub.request().call(), "POST /api/users/signin/second-factor");
        assert_eq!(stub.request().body, json!({"ceremony": "c", "recoveryCode": "0123"}));
    }
}
