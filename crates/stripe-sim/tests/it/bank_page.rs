use reqwest::{Response, StatusCode};
use serde_json::json;

use crate::account::{Account, authorization};
use crate::receiver::{Receiver, account_with, all_delivered};
use crate::three_d_secure::{RETURN_URL, ask};

/// The bank's page about a new intent.
struct Page<'a> {
    account: &'a Account,
    intent: String,
    url: String,
}

impl<'a> Page<'a> {
    async fn open(account: &'a Account) -> Self {
        let reply = ask(account, "tok_threeDSecure2Required").await;
        let secret = reply.body["client_secret"].as_str().expect("a secret");
        Self { account, intent: reply.id(), url: format!("{}/simulated-bank/{secret}", account.url) }
    }

    async fn get(&self) -> Response {
        self.account.http.get(&self.url).send().await.expect("an answer")
    }

    async fn press(&self, decision: &str) -> Response {
        self.press_on(("sec-fetch-site", "same-origin"), decision).await
    }

    /// The same where this header says on which site the button is.
    async fn press_on(&self, (name, value): (&str, &str), decision: &str) -> Response {
        let request = self.account.http.post(&self.url).header("content-type", "application/x-www-form-urlencoded");
        request.header(name, value).body(format!("decision={decision}")).send().await.expect("an answer")
    }

    async fn status(&self) -> serde_json::Value {
        self.account.get(&format!("payment_intents/{}", self.intent)).await.body["status"].clone()
    }
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_asks_in_plain_html() {
    let account = Account::open().await;
    let page = Page::open(&account).await;
    let response = page.get().await;
    assert_eq!(response.status(), StatusCode::OK);
    let policy = header(&response, "content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert_eq!(header(&response, "cache-control"), "no-store");
    let html = response.text().await.expect("text");
    for part in [
        "Is this payment yours?",
        "20.00 USD",
        "ending in 3220",
        "width=device-width",
        "value=\"approve\"",
        "value=\"refuse\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("<script") && !html.contains("http://"), "{html}");
    assert_eq!(page.status().await, "requires_action", "looking decides nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_moves_the_intent_and_goes_back_to_the_shop() {
    let account = Account::open().await;
    for (decision, status) in [("approve", "requires_capture"), ("refuse", "requires_payment_method")] {
        let page = Page::open(&account).await;
        let response = page.press(decision).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let secret = page.url.rsplit('/').next().expect("a secret");
        let expected = format!("{RETURN_URL}?payment_intent={}&payment_intent_client_secret={secret}", page.intent);
        assert_eq!(header(&response, "location"), expected);
        assert_eq!(page.status().await, status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_that_come_too_late_change_nothing_and_say_so() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    let (approved, refused, cancelled) =
        (Page::open(&account).await, Page::open(&account).await, Page::open(&account).await);
    approved.press("approve").await;
    refused.press("refuse").await;
    account.post(&format!("payment_intents/{}/cancel", cancelled.intent), "").await;
    all_delivered(&account).await;
    receiver.take_kinds();
    for (page, status, words) in [
        (&approved, "requires_capture", "You have approved this payment"),
        (&refused, "requires_payment_method", "You have refused this payment"),
        (&cancelled, "canceled", "It is too late"),
    ] {
        for decision in ["approve", "refuse"] {
            let response = page.press(decision).await;
            assert_eq!(response.status(), StatusCode::CONFLICT);
            let html = response.text().await.expect("text");
            assert!(html.contains(words) && html.contains(&format!("href=\"{RETURN_URL}?")), "{html}");
        }
        assert!(page.get().await.text().await.expect("text").contains(words));
        assert_eq!(page.status().await, status);
    }
    all_delivered(&account).await;
    assert!(receiver.take_kinds().is_empty(), "nothing has happened");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_knows_the_client_secret_sees_the_page() {
    let account = Account::open().await;
    let page = Page::open(&account).await;
    let plain = account.authorize().await;
    let bank = format!("{}/simulated-bank", account.url);
    for path in [
        &page.intent,
        &format!("{}_secret_simulated", page.intent),
        &format!("{plain}_secret_x"),
        "x",
        "a/b",
        "%22%3E%3Cscript%3E",
    ] {
        let response = account.http.get(format!("{bank}/{path}")).send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(!response.text().await.expect("text").contains("<script"), "{path}");
        let request =
            account.http.post(format!("{bank}/{path}")).header("content-type", "application/x-www-form-urlencoded");
        let response = request.body("decision=approve").send().await.expect("an answer");
        assert!(matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED), "{path}");
    }
    assert_eq!(page.press("%3Cscript%3E").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.status().await, "requires_action");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_on_another_site_decides_nothing() {
    let account = Account::open().await;
    let page = Page::open(&account).await;
    for foreign in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
    {
        let response = page.press_on(foreign, "approve").await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{foreign:?}");
        assert_eq!(header(&response, "cache-control"), "no-store");
        assert!(response.text().await.expect("text").contains("Nothing was decided"), "{foreign:?}");
    }
    assert_eq!(page.status().await, "requires_action");
    assert_eq!(page.press("approve").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_merchant_says_is_text_on_the_page() {
    let account = Account::open().await;
    let evil = "http://example.com/%22%3E%3Cscript%3Ealert(1)%3C/script%3E?a='%22";
    let encoded = form_urlencoded::byte_serialize(evil.as_bytes()).collect::<String>();
    let form = format!("{}&return_url={encoded}", authorization("tok_threeDSecure2Required"));
    let reply = account.post("payment_intents", &form).await;
    let secret = reply.body["client_secret"].as_str().expect("a secret");
    account.post(&format!("payment_intents/{}/cancel", reply.id()), "").await;
    let html = account.http.get(format!("{}/simulated-bank/{secret}", account.url)).send().await.expect("an answer");
    let html = html.text().await.expect("text");
    assert!(html.contains("Back to the shop") && !html.contains("<script"), "{html}");
    assert!(html.contains("?a='%22&amp;payment_intent="), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_webhook_may_come_before_the_buyer_and_after() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    let page = Page::open(&account).await;
    all_delivered(&account).await;
    receiver.take_kinds();
    // The redirect is in our hands, the webhook is there: it was first.
    let redirect = page.press("approve").await;
    all_delivered(&account).await;
    assert_eq!(redirect.status(), StatusCode::SEE_OTHER);
    assert_eq!(receiver.take_kinds(), ["payment_intent.amount_capturable_updated"]);

    let page = Page::open(&account).await;
    all_delivered(&account).await;
    receiver.take_kinds();
    account.sim.faults().hold_webhooks(true);
    assert_eq!(page.press("approve").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(page.status().await, json!("requires_capture"));
    assert_eq!((receiver.kinds().len(), account.sim.pending_webhooks().await.expect("counts")), (0, 1));
    account.sim.faults().hold_webhooks(false);
    all_delivered(&account).await;
    assert_eq!(receiver.take_kinds(), ["payment_intent.amount_capturable_updated"]);
}
