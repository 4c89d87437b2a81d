//! One purchase on the pages, from the sign-up to the receipt.

use client::{Client, OrderStatus, Price, TicketForm};
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use testkit::process::{Program, Server};

use crate::program::ticketing;

pub(crate) const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
/// The buyer's own span in the trace.
pub(crate) const BUYER: &str = "b7ad6b7169203331";

/// Secrets that must not be logged.
pub(crate) const SECRETS: [&str; 3] = ["bob@example.com", "correct horse battery", "tok_visa"];

/// Everything in one process without storage.
pub(crate) fn in_memory() -> Program {
    ticketing().arg("--memory")
}

/// Buys another user's ticket, each step in the same trace.
pub(crate) async fn buy_a_ticket(server: &Server) {
    buy_a_ticket_of(Client::new(&server.url()).expect("a client"), server).await;
}

/// The same where pages and API have different addresses.
pub(crate) async fn buy_a_ticket_of(seller: Client, pages: &Server) {
    let [email, password, token] = SECRETS;
    let (browser, order) = reserve_a_ticket_of(&seller, pages).await;
    assert_eq!(submit(&browser, pages, &format!("{order}/pay"), &[("token", token)]).await, order);
    let buyer = seller.anonymous();
    buyer.sign_in(email, password).await.expect("signs in");
    assert_eq!(buyer.orders().await.expect("the orders").items[0].status, OrderStatus::Complete);
}

/// Up to the order. Returns the buyer's browser, and the URL of the order.
pub(crate) async fn reserve_a_ticket_of(seller: &Client, pages: &Server) -> (reqwest::Client, String) {
    seller.sign_up("ada@example.com", "correct horse battery").await.expect("signs up");
    let form = TicketForm::new("Row A", Price::from_minor_units(2000).expect("a price"));
    let ticket = seller.create_ticket(&form).await.expect("lists");
    let ([email, password, _], browser) = (SECRETS, browser());
    submit(&browser, pages, "/signup", &[("email", email), ("password", password)]).await;
    let order = submit(&browser, pages, &format!("/tickets/{}/buy", ticket.id), &[]).await;
    assert!(order.starts_with("/orders/"), "{order}");
    (browser, order)
}

fn browser() -> reqwest::Client {
    let traceparent = HeaderValue::try_from(format!("00-{TRACE}-{BUYER}-01")).expect("a header");
    let headers = HeaderMap::from_iter([(runtime::trace::TRACEPARENT, traceparent)]);
    let browser = reqwest::Client::builder().cookie_store(true).redirect(Policy::limited(5)).default_headers(headers);
    browser.build().expect("a browser")
}

/// Submits a form. Returns the path it leads to.
async fn submit(browser: &reqwest::Client, pages: &Server, path: &str, fields: &[(&str, &str)]) -> String {
    let mut form = reqwest::Url::parse("http://form").expect("an address");
    form.query_pairs_mut().extend_pairs(fields);
    let request = browser.post(format!("{}{path}", pages.url()));
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = request.body(form.query().unwrap_or_default().to_owned()).send().await.expect("an answer");
    assert!(answer.status().is_success(), "{path} ended with {}", answer.status());
    answer.url().path().to_owned()
}

/// Tries to pay with a card that is declined, and orders another ticket without paying at all.
pub(crate) async fn decline_and_let_expire(server: &Server) {
    let seller = Client::new(&server.url()).expect("a client");
    seller.sign_up("eve@example.com", "correct horse battery").await.expect("signs up");
    let buyer = seller.anonymous();
    buyer.sign_up("joe@example.com", "correct horse battery").await.expect("signs up");
    let form = TicketForm::new("Row B", Price::from_minor_units(2000).expect("a price"));
    let mut orders = Vec::new();
    for _ in 0..2 {
        let ticket = seller.create_ticket(&form).await.expect("lists");
        orders.push(buyer.create_order(ticket.id).await.expect("orders"));
    }
    buyer.pay(orders[0].id, "tok_chargeDeclined").await.expect_err("the card is declined");
}
