//! A ticket changes hands: handed in by its seller, shown to its buyer.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use client::{Client, DeliveryForm, DeliveryState, OrderId, Price, Ticket, TicketForm};
use qrcode::{Color, QrCode};
use testkit::browser::{Browser, Look, pages_of};
use tokio::time::{sleep, timeout};

use super::site::{PASSWORD, Site, buy};

/// How long something may take to have an effect.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);

/// A page that shows a QR code, as a ticket does that somebody prints or photographs.
fn page_with(code: &str) -> String {
    let drawn = QrCode::new(code).expect("is short");
    let mut squares = String::new();
    for (index, color) in drawn.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (index % drawn.width(), index / drawn.width());
            write!(squares, "M{x} {y}h1v1h-1z").expect("there is room");
        }
    }
    let svg =
        format!("<svg width='400' viewBox='-4 -4 60 60' shape-rendering='crispEdges'><path d='{squares}'/></svg>");
    format!("data:text/html,<body style='background:white'><p>Admit one</p>{svg}")
}

/// A file that is gone after the test.
struct TicketFile(PathBuf);

impl TicketFile {
    fn at(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("ticketing-{}-{name}", std::process::id())))
    }

    /// A picture of the code.
    async fn picture(browser: &Browser, name: &str, code: &str) -> Self {
        let file = Self::at(name);
        browser.open(&page_with(code)).await;
        browser.screenshot(&file.0).await;
        file
    }

    /// The code on paper.
    async fn paper(browser: &Browser, name: &str, code: &str) -> Self {
        let file = Self::at(name);
        browser.open(&page_with(code)).await;
        fs::write(&file.0, browser.print().await).expect("it can be written");
        file
    }
}

impl Drop for TicketFile {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

/// From the form to the page that asks for the ticket itself.
async fn list_to_upload(seller: &Browser, title: &str) {
    seller.open("/sell").await;
    seller.fill("Title", title).await;
    seller.fill("Price", "20.50").await;
    seller.choose("The ticket itself", "I upload it now").await;
    seller.press("Review listing").await;
    seller.sees("You upload the ticket next").await;
    seller.press("List ticket").await;
    seller.is_headed("Hand in the ticket").await;
    seller.is_loaded().await;
}

async fn only_ticket(buyer: &Client) -> Ticket {
    buyer.tickets(&client::TicketFilter::default()).await.expect("a page").items.remove(0)
}

/// Buys the only ticket there is, up to the page that shows it.
async fn buy_it(browser: &Browser, by_api: &Client) {
    buy(browser, &only_ticket(by_api).await).await;
    browser.press("Pay $20.50").await;
    browser.is_headed("The ticket is yours").await;
    browser.sees("Your ticket").await;
}

async fn a_picture_is_uploaded_sold_and_shown(scripts: bool) {
    let site = Site::open().await;
    let ((seller, _), (buyer, buyer_by_api)) = tokio::join!(site.user("seller", scripts), site.user("buyer", scripts));
    let painter = site.visitor(true).await;
    let name = if scripts { "scripted.png" } else { "plain.png" };
    let file = TicketFile::picture(&painter, name, "STALLS-F-12").await;
    list_to_upload(&seller, "Stalls, row F").await;
    seller.choose_file(&file.0).await;
    seller.press("Hand it in").await;
    seller.sees("We know its code.").await;
    seller
        .until("it is not for sale", async |seller| {
            if !scripts {
                seller.open(&seller.path().await).await;
            }
            seller.text().await.contains("It is for sale now.")
        })
        .await;
    buy_it(&buyer, &buyer_by_api).await;
    buyer.sees("STALLS-F-12").await;
    assert_eq!(buyer.count("svg.qr-code").await, 1);
    assert_eq!(pages_of(&buyer.print().await), 1, "it prints on one page");
    seller.reload().await;
    seller.sees("It is sold, and cannot be replaced any more.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_a_code_is_uploaded_sold_and_shown() {
    a_picture_is_uploaded_sold_and_shown(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_a_code_is_uploaded_sold_and_shown_without_script() {
    a_picture_is_uploaded_sold_and_shown(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pdf_is_uploaded_and_what_is_none_is_refused_beside_the_field() {
    let site = Site::open().await;
    let (seller, _) = site.user("seller", true).await;
    let painter = site.visitor(true).await;
    list_to_upload(&seller, "Stalls, row F").await;
    let page = TicketFile::at("page.pdf");
    fs::write(&page.0, "<html><script>alert(1)</script>").expect("it can be written");
    seller.choose_file(&page.0).await;
    seller.press("Hand it in").await;
    seller.sees("There is a problem").await;
    assert!(!seller.text_of("#file-error").await.is_empty());
    let pdf = TicketFile::paper(&painter, "ticket.pdf", "STALLS-F-13").await;
    seller.choose_file(&pdf.0).await;
    seller.press("Hand it in").await;
    seller.sees("We have your ticket").await;
    seller.sees("PDF, ").await;
    seller.sees_no_more("There is a problem").await;
}

/// What is answered to an upload may be older than what is so by the time that it is shown.
const AGE: &str = "const { get } = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, 'response');
    const response = {
      get() {
        const page = get.call(this);
        page.querySelector('[data-region=delivery]').setAttribute('data-passing', '');
        page.querySelector('[role=status]').textContent = 'It is for sale in a moment.';
        return page;
      },
    };
    Object.defineProperty(XMLHttpRequest.prototype, 'response', response);";

/// The listing may be told before the page shows what was answered to the upload: then nothing more is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_told_nothing_finds_out_that_the_ticket_is_for_sale() {
    let site = Site::open().await;
    let (seller, _) = site.user("seller", true).await;
    seller.be_cut_off_from("/api/tickets/live").await;
    let painter = site.visitor(true).await;
    let file = TicketFile::picture(&painter, "unheard.png", "STALLS-F-15").await;
    list_to_upload(&seller, "Stalls, row F").await;
    seller.script(AGE).await;
    seller.choose_file(&file.0).await;
    seller.press("Hand it in").await;
    seller.sees("It is for sale now.").await;
}

/// Holds back what the page asks for, from the next time on that somebody looks at it again.
const HOLD: &str = "const ask = window.fetch;
    window.held = [];
    window.fetch = async (...what) => {
      const answer = await ask(...what);
      await new Promise((go) => held.push(go));
      const text = await answer.text();
      return Object.assign(answer, { text: async () => (setTimeout(() => { window.isShown = true; }), text) });
    };
    dispatchEvent(new Event('pagehide'));
    dispatchEvent(new Event('pageshow'));";

/// The page asks what there is to show as soon as it is open, and the answer may come after that to what somebody sends.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_wrong_stays_on_the_page_until_something_else_is_sent() {
    let site = Site::open().await;
    let (seller, _) = site.user("seller", true).await;
    list_to_upload(&seller, "Stalls, row F").await;
    seller.script(HOLD).await;
    seller
        .until("the page does not look again", async |page| page.script("return held.length > 0").await == true)
        .await;
    seller.press("Hand it in").await;
    seller.sees("There is a problem").await;
    seller.script("held.forEach((go) => go())").await;
    seller.until("nothing came", async |page| page.script("return window.isShown === true").await == true).await;
    seller.sees("There is a problem").await;
}

/// Once the buyer of an order has the ticket.
async fn until_released(buyer: &Client, order: OrderId) {
    until(async || buyer.delivery(order).await.is_ok_and(|delivery| delivery.state == DeliveryState::Released)).await;
}

async fn until(condition: impl AsyncFn() -> bool) {
    let held = timeout(PATIENCE, async {
        while !condition().await {
            sleep(POLL).await;
        }
    });
    held.await.expect("this did not take effect in time");
}

/// A ticket for sale whose code is this.
async fn sealed(seller: &Client, code: &str) -> Ticket {
    let ticket = listed(seller).await;
    until(async || seller.seal_code(ticket.id, code, None).await.is_ok()).await;
    until_for_sale(seller, &ticket).await;
    ticket
}

/// A ticket that is for sale once it is handed in.
async fn listed(seller: &Client) -> Ticket {
    let price = Price::from_minor_units(2050).expect("a price");
    let said = |words: &str| Some(words.to_owned());
    let form = TicketForm {
        delivery: Some(DeliveryForm::Sealed),
        event: said("The Winter Ensemble, gala night"),
        venue: said("Harbour Hall, Rotterdam"),
        starts_at: said("2099-06-12T19:30:00Z"),
        section: said("Stalls"),
        row: said("F"),
        seat: said("12"),
        ..TicketForm::new("Stalls, row F", price)
    };
    seller.create_ticket(&form).await.expect("lists")
}

async fn until_for_sale(seller: &Client, ticket: &Ticket) {
    let is_sealed = |ticket: Ticket| ticket.details.delivery.is_some_and(|promise| promise.seal().is_some());
    until(async || seller.ticket(ticket.id).await.is_ok_and(is_sealed)).await;
}

/// A buyer on the page of their ticket, which is kept in their browser.
async fn with_kept_ticket(site: &Site) -> (Browser, Client, String) {
    let seller = site.by_api("seller").await;
    let ticket = sealed(&seller, "STALLS-F-14").await;
    let (buyer, buyer_by_api, path) = with_kept(site, &ticket).await;
    buyer.sees("STALLS-F-14").await;
    (buyer, buyer_by_api, path)
}

async fn with_kept(site: &Site, ticket: &Ticket) -> (Browser, Client, String) {
    let buyer_by_api = site.by_api("buyer").await;
    let order = buyer_by_api.create_order(ticket.id).await.expect("orders");
    buyer_by_api.pay(order.id, "tok_visa").await.expect("pays");
    until_released(&buyer_by_api, order.id).await;
    // Service workers and Clear-Site-Data are for secure places: this is one by its name.
    let buyer = site.named_visitor(Look::with_scripts(true)).await;
    let here = site.address("/").replace("127.0.0.1", "localhost");
    buyer.sign_in(&here, &buyer_by_api.token().expect("is signed in")).await;
    let path = format!("/orders/{}", order.id);
    buyer.open(&path).await;
    buyer.sees("this page also opens without a network").await;
    assert_eq!(pages_of(&buyer.print().await), 1, "all that is said of it fits on one page");
    (buyer, buyer_by_api, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_was_opened_once_opens_without_a_network() {
    let mut site = Site::open().await;
    let (buyer, _, path) = with_kept_ticket(&site).await;
    site.server().kill().await;
    buyer.open(&path).await;
    buyer.is_headed("The ticket is yours").await;
    buyer.sees("STALLS-F-14").await;
    buyer.sees("This was kept on this device, as of").await;
    assert_eq!(buyer.count("svg.qr-code").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_for_who_uses_the_browser_next() {
    let site = Site::open().await;
    let (buyer, _, path) = with_kept_ticket(&site).await;
    buyer.press("Sign out").await;
    buyer.is_headed("Tickets for sale").await;
    buyer.open(&path).await;
    buyer.is_headed("Sign in").await;
    let kept = buyer.script("return caches.keys();").await;
    assert_eq!(kept.as_array().map(Vec::len), Some(0), "{kept}");
}

/// By the form, once the session before has ended.
async fn sign_in(browser: &Browser, email: &str) {
    browser
        .until("the session goes on", async |browser| {
            browser.open("/signin").await;
            browser.heading().await == "Sign in"
        })
        .await;
    browser.fill("Email", email).await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign in").await;
    browser.is_headed("Tickets for sale").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_for_its_buyer_when_they_sign_in_again_and_for_nobody_else() {
    let mut site = Site::open().await;
    let (buyer, by_api, path) = with_kept_ticket(&site).await;
    site.by_api("bob").await;
    let is_kept = format!("return caches.match('{path}', {{ ignoreVary: true }}).then(Boolean);");
    // Nobody signs out here: the sessions end by themselves, and leave what they have kept.
    by_api.sign_out_everywhere().await.expect("signs out");
    sign_in(&buyer, "buyer@example.com").await;
    assert_eq!(buyer.script(&is_kept).await, true);
    by_api.sign_in("buyer@example.com", PASSWORD).await.expect("signs in");
    by_api.sign_out_everywhere().await.expect("signs out");
    sign_in(&buyer, "bob@example.com").await;
    buyer.until("it is still kept", async |browser| browser.script(&is_kept).await == false).await;
    site.server().kill().await;
    let read = format!("return fetch('{path}').then(() => 'read', () => 'away');");
    assert_eq!(buyer.script(&read).await, "away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_a_code_is_there_without_a_network() {
    let mut site = Site::open().await;
    let (seller, painter) = tokio::join!(site.by_api("seller"), site.visitor(true));
    let file = TicketFile::at("codeless.png");
    painter.open("data:text/html,<body style='background:white'><h1>Admit one</h1>").await;
    painter.screenshot(&file.0).await;
    let picture = fs::read(&file.0).expect("it can be read");
    let ticket = listed(&seller).await;
    until(async || seller.seal_file(ticket.id, picture.clone()).await.is_ok()).await;
    until_for_sale(&seller, &ticket).await;
    let (buyer, _, path) = with_kept(&site, &ticket).await;
    site.server().kill().await;
    buyer.open(&path).await;
    buyer.sees("This was kept on this device, as of").await;
    let is_shown = "return document.querySelector('.ticket-picture').naturalWidth > 0;";
    buyer.until("the picture is not shown", async |buyer| buyer.script(is_shown).await == true).await;
    let is_offered = "a[data-file][href^='blob:'][download$='.png']";
    buyer.until("the file is not there", async |buyer| buyer.count(is_offered).await == 1).await;
}
