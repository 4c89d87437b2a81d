use std::time::Duration;

use serde_json::json;
use stripe_sim::{Call, Failure, KeyState, Moment};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::account::{Account, authorization};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_can_be_revoked_and_restricted_and_good_again() {
    let account = Account::open().await;
    let id = account.authorize().await;
    for (state, status) in [(KeyState::Revoked, 401), (KeyState::Restricted, 403), (KeyState::Valid, 200)] {
        account.sim.faults().set_key(state);
        let create = account.keyed("payment_intents", &authorization("tok_visa"), Some("k")).await;
        assert_eq!(create.status, status);
        assert_eq!(account.get(&format!("payment_intents/{id}")).await.status, status);
        if status != 200 {
            assert_eq!(create.body["error"]["type"], "invalid_request_error");
        }
    }
    assert_eq!(account.ledger().await.intents.len(), 2, "a refused key does nothing and is not remembered");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_requests_are_told_how_long_to_wait() {
    let account = Account::open().await;
    for call in [Call::CreateIntent, Call::CreateIntent] {
        account.sim.faults().plan(call, Moment::Before, Failure::RateLimited(Duration::from_secs(2)));
    }
    for _ in 0..2 {
        let reply = account.keyed("payment_intents", &authorization("tok_visa"), Some("k")).await;
        assert_eq!((reply.status, reply.code()), (429, &json!("rate_limit")));
        assert_eq!((reply.retry_after.as_deref(), reply.replayed), (Some("2"), false));
    }
    let reply = account.keyed("payment_intents", &authorization("tok_visa"), Some("k")).await;
    assert_eq!((reply.status, reply.replayed, reply.retry_after), (200, false, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_says_how_long_its_body_is() {
    let account = Account::open().await;
    let id = account.authorize().await;
    let address = account.url.strip_prefix("http://").expect("http");
    for (length, status) in [("", "411"), ("content-length: 0\r\n", "200")] {
        let mut stream = TcpStream::connect(address).await.expect("connects");
        let request = format!(
            "POST /v1/payment_intents/{id}/capture HTTP/1.1\r\nhost: {address}\r\n\
             authorization: Bearer sk_test_simulated\r\nconnection: close\r\n{length}\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sends");
        let mut response = String::new();
        stream.read_to_string(&mut response).await.expect("an answer");
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{response}");
    }
    assert_eq!(account.ledger().await.captured(), 2000);
}
