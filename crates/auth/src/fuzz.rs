//! What clients send us, tried with what is almost right.

use common::email::Email;
use fuzz::{bytes_like, json_like};
use harness::Harness;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;

use crate::domain::Rate;
use crate::settings::{Limits, Settings};
use crate::testing::{self, start};

const ACCOUNTS: &[&str] = &[
    r#"{"email":"ada@example.com","password":"lantern by the quay"}"#,
    r#"{"email":" O'Neil+x@sub.Domain.org ","password":"ünïcödé🎸🎸"}"#,
];
const PASSWORDS: &[&str] = &[r#"{"currentPassword":"lantern by the quay","newPassword":"harbour without fog"}"#];

/// Without limits, which would refuse all but the first.
fn unlimited() -> Settings {
    let plenty = Rate { burst: 1_000_000, per: std::time::Duration::from_secs(1) };
    let limits = Limits {
        sign_in_account_and_address: plenty,
        sign_in_account: plenty,
        sign_in_address: plenty,
        signed_in_account: plenty,
        signed_in_address: plenty,
        sign_in_account_and_device: plenty,
        password_change: plenty,
        sign_up_account: plenty,
        sign_up_address: plenty,
        mails_account: plenty,
        mails_address: plenty,
    };
    Settings { limits, ..testing::settings() }
}

/// None of them is a failure of ours, and those that are refused are refused in the error format.
fn try_all(bodies: impl Strategy<Value = Vec<u8>>, routes: &[&str]) {
    let runtime = Runtime::new().expect("a runtime");
    let app: Harness = runtime.block_on(start(unlimited()));
    let cookie = runtime.block_on(testing::sign_up(&app, "somebody@example.com"));
    let tried = TestRunner::default().run(&bodies, |body| {
        for route in routes {
            let request = app.post(route).header("content-type", "application/json").header("cookie", &cookie);
            let reply = runtime.block_on(request.raw(body.clone()));
            prop_assert!((200..300).contains(&reply.status) || (400..500).contains(&reply.status), "{:?}", reply);
            prop_assert!(reply.status < 300 || !reply.messages().is_empty());
            // An account that is made is the one that was asked for.
            if let (201, Ok(sent)) = (reply.status, serde_json::from_slice::<serde_json::Value>(&body)) {
                let asked = Email::parse(sent["email"].as_str().expect("text")).expect("an address");
                prop_assert_eq!(reply.body["email"].as_str(), Some(asked.as_str()));
                let length = sent["password"].as_str().expect("text").chars().count();
                prop_assert!((8..=128).contains(&length));
            }
        }
        Ok(())
    });
    tried.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn accounts_of_json() {
    try_all(
        json_like(ACCOUNTS).prop_map(|body| body.to_string().into_bytes()),
        &["/api/users/signup", "/api/users/signin"],
    );
}

#[test]
fn accounts_of_anything() {
    try_all(bytes_like(ACCOUNTS), &["/api/users/signup", "/api/users/signin"]);
}

#[test]
fn changes_of_the_password() {
    // None of them knows the current one, or the next could not sign in any more.
    let wrong =
        json_like(PASSWORDS).prop_filter("the right password", |body| body["currentPassword"] != testing::PASSWORD);
    try_all(wrong.prop_map(|body| body.to_string().into_bytes()), &["/api/users/password"]);
}

#[test]
fn what_authenticators_send() {
    const SENT: &[&str] = &[
        r#"{"ceremony":"c2VjcmV0","name":"My phone","recoveryCode":"0123-4567-89AB-CDEF","password":"wrong password",
            "credential":{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"attestationObject":"o2NmbXQ",
            "authenticatorData":"AAAA","clientDataJSON":"e30","signature":"AAAA","userHandle":"AAAA"}}}"#,
    ];
    let bodies = json_like(SENT).prop_map(|body| body.to_string().into_bytes());
    try_all(
        prop_oneof![bodies, bytes_like(SENT)],
        &[
            "/api/users/passkeys/begin",
            "/api/users/passkeys",
            "/api/users/second-factor",
            "/api/users/second-factor/end",
            "/api/users/signin/passkey",
            "/api/users/signin/second-factor",
        ],
    );
}

#[test]
fn what_links_carry() {
    const LINKS: &[&str] = &[
        r#"{"token":"5f1f77bcf86cd799439011aa.5f1f77bcf86cd799439011bb.c2VjcmV0","newPassword":"harbour without fog","email":"ada@example.com","password":"harbour without fog"}"#,
    ];
    let bodies = json_like(LINKS).prop_map(|body| body.to_string().into_bytes());
    try_all(
        prop_oneof![bodies, bytes_like(LINKS)],
        &["/api/users/confirm", "/api/users/reset", "/api/users/reset-request", "/api/users/email", "/api/users/erase"],
    );
}
