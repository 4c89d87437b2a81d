use client::{Price, TicketForm};
use testkit::browser::Look;

use super::site::{Site, listed};

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_follows_what_happens() {
    let site = Site::open().await;
    let (seller, buyer) = tokio::join!(site.by_api("seller"), site.by_api("buyer"));
    let ticket = listed(&seller, "An evening of quartets").await;
    let visitor = site.visitor(true).await;
    visitor.open("/").await;
    visitor.sees("An evening of quartets").await;
    let order = buyer.create_order(ticket.id).await.expect("reserves");
    let locked = format!("[data-ticket-id='{}'][data-state=locked]", ticket.id);
    visitor.until("the card is not locked", async |visitor| visitor.count(&locked).await == 1).await;
    buyer.cancel_order(order.id).await.expect("cancels");
    visitor.until("the card stays locked", async |visitor| visitor.count(&locked).await == 0).await;

    // New tickets appear only on request.
    listed(&seller, "Brass in the park").await;
    visitor.sees("1 new ticket").await;
    assert!(!visitor.text().await.contains("Brass in the park"));
    visitor.press("1 new ticket").await;
    visitor.sees("Brass in the park").await;
    visitor.sees_no_more("1 new ticket").await;
    assert_eq!(visitor.complaints().await, Vec::<String>::new());
}

async fn everything_on_sale_can_be_reached(scripts: bool) {
    let site = Site::open().await;
    let seller = site.by_api("seller").await;
    for number in 1..=26 {
        listed(&seller, &format!("Matinee number {number}.")).await;
    }
    let visitor = site.visitor(scripts).await;
    visitor.open("/").await;
    visitor.sees("Matinee number 26.").await;
    assert_eq!(visitor.count(".card").await, 24);
    visitor.follow("Load more").await;
    visitor.sees("Matinee number 1.").await;
    // With JavaScript they are appended to the list.
    assert_eq!(visitor.count(".card").await, if scripts { 26 } else { 2 });
    assert!(!visitor.text().await.contains("Load more"));
    assert_eq!(visitor.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_goes_on() {
    everything_on_sale_can_be_reached(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_goes_on_with_javascript_off() {
    everything_on_sale_can_be_reached(false).await;
}

async fn filters_unfold_on_a_phone(scripts: bool) {
    let site = Site::open().await;
    let seller = site.by_api("seller").await;
    listed(&seller, "Matinee").await;
    let dear = TicketForm::new("Gala night", Price::from_minor_units(9000).expect("a price"));
    seller.create_ticket(&dear).await.expect("lists");
    let visitor = site.visitor_with(Look { width: 360, height: 740, ..Look::with_scripts(scripts) }).await;
    visitor.open("/").await;
    visitor.sees("Gala night").await;
    assert!(!visitor.text().await.contains("Highest price"), "filters hide the tickets");
    visitor.press("Filter and sort").await;
    visitor.fill("Highest price", "21").await;
    visitor.press("Search").await;
    visitor.sees_no_more("Gala night").await;
    visitor.sees("Matinee").await;
    assert_eq!(visitor.value("Highest price").await, "21");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_unfold_where_there_is_little_room() {
    filters_unfold_on_a_phone(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_unfold_where_there_is_little_room_with_javascript_off() {
    filters_unfold_on_a_phone(false).await;
}

/// Where the first ticket begins, and how high the header is, in CSS pixels from the top.
const TOPS: &str = "return [document.querySelector('.card').getBoundingClientRect().top, \
    document.querySelector('.site-header').getBoundingClientRect().height]";

async fn a_phone_shows_tickets_first(scripts: bool) {
    let site = Site::open().await;
    let seller = site.by_api("seller").await;
    listed(&seller, "Late night improvisations").await;
    let phone = Look { width: 360, height: 800, ..Look::with_scripts(scripts) };
    let browser = site.named_visitor(phone).await;
    for is_signed_in in [false, true] {
        if is_signed_in {
            browser.sign_in(&site.address("/").replace("127.0.0.1", "localhost"), &seller.token().expect("is")).await;
        }
        browser.open("/").await;
        browser.sees("Late night improvisations").await;
        if scripts {
            let tops = browser.script(TOPS).await;
            assert!(tops[0].as_f64().is_some_and(|top| top <= 320.0), "the first ticket begins at {tops}");
            assert!(tops[1].as_f64().is_some_and(|height| height <= 60.0), "the header takes two rows: {tops}");
        }
        // What the header has no room for is behind one button.
        let hidden = if is_signed_in { "My orders" } else { "Sign up" };
        assert!(!browser.text().await.contains(hidden));
        browser.press("Menu").await;
        browser.sees(hidden).await;
    }
    browser.follow("My orders").await;
    browser.is_headed("My orders").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_tickets_come_first() {
    a_phone_shows_tickets_first(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_tickets_come_first_with_javascript_off() {
    a_phone_shows_tickets_first(false).await;
}
