//! The pages in a process of their own, which reaches the services by their URLs.

mod program;

use client::Client;
use program::ticketing;
use reqwest::redirect::Policy;
use testkit::process::Server;

/// A browser without JavaScript, which follows redirects and keeps cookies.
fn browser() -> reqwest::Client {
    reqwest::Client::builder().cookie_store(true).redirect(Policy::limited(5)).build().expect("a browser")
}

async fn services() -> Server {
    Server::launch(ticketing().arg("--memory")).await
}

async fn pages_of(services: &Server) -> Server {
    let addresses = ["AUTH_URL", "TICKETS_URL", "ORDERS_URL", "PAYMENTS_URL", "MAIL_URL"];
    let program = ticketing().service(web::NAME);
    let program = addresses.into_iter().fold(program, |program, name| program.env(name, services.url()));
    let mut pages = Server::new(program).asking_operators();
    pages.restart().await;
    pages
}

async fn page(browser: &reqwest::Client, address: String) -> (u16, String) {
    let answer = browser.get(address).send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a page"))
}

/// The key of the form on a page.
fn key_in(page: &str) -> &str {
    let (_, rest) = page.split_once(r#"name="key" value=""#).expect("the form has a key");
    rest.split('"').next().expect("a value")
}

#[tokio::test(flavor = "multi_thread")]
async fn actions_on_the_pages_reach_the_services() {
    let services = services().await;
    let (mut pages, browser) = (pages_of(&services).await, browser());
    let url = pages.url();
    let send = |path: &str, fields: &[(&str, &str)]| {
        let form: String = url_encoded(fields);
        let request = browser.post(format!("{url}{path}")).header("content-type", "application/x-www-form-urlencoded");
        request.body(form).send()
    };
    send("/signup", &[("email", "ada@example.com"), ("password", "correct horse battery")]).await.expect("an answer");
    let (status, account) = page(&browser, format!("{url}/account")).await;
    assert_eq!(status, 200);
    assert!(account.contains("ada@example.com"), "{account}");
    // A double click: both requests arrive whole, and at once.
    let (_, sell) = page(&browser, format!("{url}/sell")).await;
    let ticket = [("title", "Row A, seat 12"), ("price", "19.99"), ("key", key_in(&sell))];
    let (one, other) = tokio::join!(send("/sell", &ticket), send("/sell", &ticket));
    let tickets = Client::new(&services.url()).expect("a client").tickets(&Default::default()).await.expect("tickets");
    assert_eq!((tickets.items.len(), tickets.items[0].title.as_str()), (1, "Row A, seat 12"));
    for listed in [one, other].map(|answer| answer.expect("an answer")) {
        assert_eq!(listed.status(), 200);
        assert!(listed.url().path().ends_with(&tickets.items[0].id.to_string()), "{}", listed.url());
    }
    pages.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulated_bank_is_beside_the_pages() {
    let services = services().await;
    for path in ["/simulated-bank/pi_1_secret_2", "/simulated-bank/a/b"] {
        let (status, shown) = page(&browser(), format!("{}{path}", services.url())).await;
        assert_eq!(status, 404);
        assert!(shown.contains("We know of no such payment"), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_report_unreachable_services_and_recover() {
    let mut services = services().await;
    let (pages, browser) = (pages_of(&services).await, browser());
    services.kill().await;
    let (status, shown) = page(&browser, format!("{}/", pages.url())).await;
    assert_eq!(status, 503);
    assert!(shown.contains("We will be back in a moment"), "{shown}");
    assert_eq!(pages.probe_as_operator("/readyz").await, Some(200), "a page that says so is better than none");
    services.restart().await;
    assert_eq!(page(&browser, format!("{}/", pages.url())).await.0, 200);
}

fn url_encoded(fields: &[(&str, &str)]) -> String {
    let mut address = reqwest::Url::parse("http://form").expect("an address");
    address.query_pairs_mut().extend_pairs(fields);
    address.query().unwrap_or_default().to_owned()
}
