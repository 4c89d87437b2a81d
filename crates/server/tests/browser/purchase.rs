use testkit::browser::Browser;

use super::site::{PASSWORD, Site, review_and_list};

async fn sign_up(browser: &Browser, email: &str) {
    browser.open("/").await;
    browser.follow("Sign up").await;
    browser.is_headed("Create your account").await;
    browser.fill("Email", email).await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign up").await;
    browser.is_headed("Tickets for sale").await;
}

async fn sell(seller: &Browser) {
    seller.follow("Sell").await;
    seller.is_headed("Sell a ticket").await;
    seller.fill("Title", "Front row, winter ensemble").await;
    seller.fill("Price", "20.50").await;
    seller.choose("Currency", "USD").await;
    seller.fill("Event", "The Winter Ensemble").await;
    seller.fill("Venue", "Harbour Hall").await;
    seller.fill("Date and time", "2099-06-01T19:30").await;
    seller.fill("Time zone", "Europe/London").await;
    seller.fill("Section", "Stalls").await;
    seller.fill("Row", "C").await;
    seller.fill("Seat", "14").await;
    review_and_list(seller, "Front row, winter ensemble").await;
    for detail in ["$20.50", "The Winter Ensemble", "Harbour Hall", "2099", "7:30", "London time", "Stalls", "14"] {
        seller.sees(detail).await;
    }
}

async fn find(buyer: &Browser) {
    buyer.follow("Browse").await;
    buyer.fill("Search", "nothing like it").await;
    buyer.press("Search").await;
    buyer.sees("Nothing matches your search").await;
    buyer.fill("Search", "ensemble").await;
    buyer.press("Search").await;
    buyer.follow("Front row, winter ensemble").await;
    buyer.is_headed("Front row, winter ensemble").await;
}

/// The countdown runs: by itself, or without JavaScript on each reload.
async fn sees_time_run(buyer: &Browser, scripts: bool) {
    let timer = buyer.text_of("[role=timer]").await;
    assert!(timer.contains(|character: char| character.is_ascii_digit()), "{timer:?} counts nothing");
    buyer
        .until(&format!("the countdown stays at {timer:?}"), async |buyer| {
            if !scripts {
                buyer.reload().await;
            }
            buyer.text_of("[role=timer]").await != timer
        })
        .await;
}

async fn pay(buyer: &Browser) {
    buyer.sees("Test mode").await;
    buyer.choose("Test card", "4242").await;
    buyer.press("Pay $20.50").await;
    buyer.is_headed("The ticket is yours").await;
    buyer.follow("Receipt").await;
    buyer.is_headed("Receipt").await;
    buyer.sees("Front row, winter ensemble").await;
    buyer.sees("$20.50").await;
}

async fn buy_a_ticket_end_to_end(scripts: bool) {
    // Below a minute the page shows seconds, also without JavaScript.
    let site = Site::with(&["--reservation", "55s"]).await;
    let (seller, buyer) = tokio::join!(site.visitor(scripts), site.visitor(scripts));
    sign_up(&seller, "ada@example.com").await;
    sell(&seller).await;
    sign_up(&buyer, "bob@example.com").await;
    find(&buyer).await;
    buyer.press("Buy this ticket").await;
    buyer.is_headed("Checkout").await;
    sees_time_run(&buyer, scripts).await;
    pay(&buyer).await;

    buyer.follow("My orders").await;
    buyer.sees("Front row, winter ensemble").await;
    seller.follow("My listings").await;
    seller.sees("Sold").await;
    buyer.follow("Browse").await;
    buyer.sees("No tickets yet").await;
    assert_eq!((seller.complaints().await, buyer.complaints().await), (vec![], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_sold_found_bought_and_paid() {
    buy_a_ticket_end_to_end(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_sold_found_bought_and_paid_with_javascript_off() {
    buy_a_ticket_end_to_end(false).await;
}
