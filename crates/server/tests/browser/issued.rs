//! Tickets that are issued here, from their organiser's form to the door, and sold on in between.

use client::{Client, TicketId};
use testkit::browser::Browser;

use super::door::organised;
use super::site::Site;
use crate::program::ticketing;

/// Somebody, with scripts or without.
struct Person {
    browser: Browser,
    by_api: Client,
    has_scripts: bool,
}

impl Person {
    async fn of(site: &Site, by_api: Client, has_scripts: bool) -> Self {
        let browser = site.visitor(has_scripts).await;
        browser.sign_in(&site.address("/"), &by_api.token().expect("is signed in")).await;
        Self { browser, by_api, has_scripts }
    }

    /// Waits until the page says so. Where no script looks again, the page is opened again, as it would by itself.
    async fn reads(&self, words: &str) {
        if self.has_scripts {
            return self.browser.sees(words).await;
        }
        self.browser
            .until(words, async |browser| {
                let is_there = browser.text().await.contains(words);
                if !is_there {
                    browser.open(&browser.path().await).await;
                }
                is_there
            })
            .await;
    }

    async fn finds_no_fault(&self) {
        if self.has_scripts {
            let faults = self.browser.axe().await;
            assert!(faults.is_empty(), "{faults:?}");
        }
    }

    /// From the form that is filled in up to the price, until the page of the listing says so.
    async fn lists(&self, price: &str, answer: &str) -> TicketId {
        let browser = &self.browser;
        browser.fill("Price", price).await;
        browser.press("Review listing").await;
        browser.is_headed("Review your listing").await;
        browser.sees("we make sure that it is yours to sell").await;
        browser.is_loaded().await;
        browser.press("List ticket").await;
        browser.is_headed("Your listing").await;
        self.reads(answer).await;
        self.finds_no_fault().await;
        let path = browser.path().await;
        path.split('/').nth(2).and_then(|id| id.parse().ok()).expect("the page of a listing")
    }

    /// Buys it, and looks at the order, whose path this is.
    async fn buys(&self, ticket: TicketId) -> String {
        let order = self.by_api.create_order(ticket).await.expect("is for sale");
        self.by_api.pay(order.id, "tok_visa").await.expect("pays");
        let path = format!("/orders/{}", order.id);
        self.browser.open(&path).await;
        self.reads("Show this at the door").await;
        path
    }
}

async fn from_form_to_door(scripts: bool) {
    let data = tempfile::tempdir().expect("a directory");
    let site = Site::kept_in(data.path()).await;
    let (by_api, event) = organised(&site, data.path()).await;
    let organiser = Person::of(&site, by_api, scripts).await;
    let ada = Person::of(&site, site.by_api("ada").await, scripts).await;
    let bob = Person::of(&site, site.by_api("bob").await, scripts).await;
    let page = format!("/e/{}", event.slug);

    let form = &organiser.browser;
    form.open(&page).await;
    form.follow("Sell a ticket for it").await;
    form.is_headed("Sell a ticket").await;
    form.fill("Title", "Row C, seat 7").await;
    form.fill("Row", "C").await;
    form.fill("Seat", "7").await;
    form.choose("The ticket itself", "We issue the ticket").await;
    organiser.finds_no_fault().await;
    let first = organiser.lists("75", "It is for sale now.").await;

    let order = ada.buys(first).await;
    ada.browser.follow("Sell this ticket").await;
    ada.browser.is_headed("Sell a ticket").await;
    ada.browser.sees("Its buyer gets a new code").await;
    assert_eq!(ada.browser.value("Title").await, "Row C, seat 7");
    ada.finds_no_fault().await;
    let second = ada.lists("80", "It is for sale now.").await;

    ada.browser.open(&order).await;
    ada.browser.sees("Show this at the door").await;
    bob.buys(second).await;
    ada.reads("You have sold this ticket on").await;
    ada.finds_no_fault().await;

    ada.browser.open(&page).await;
    ada.browser.is_headed("The Winter Ensemble").await;
    assert!(!ada.browser.text().await.contains("Check people in"));
    organiser.browser.open(&page).await;
    organiser.browser.follow("Check people in").await;
    organiser.browser.is_headed("Door").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_issue_is_sold_sold_on_and_let_in_from_its_pages() {
    from_form_to_door(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_issue_is_sold_sold_on_and_let_in_from_its_pages_without_script() {
    from_form_to_door(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_sold_says_why() {
    let data = tempfile::tempdir().expect("a directory");
    let site = Site::kept_in(data.path()).await;
    let (organiser, event) = organised(&site, data.path()).await;
    let organiser = Person::of(&site, organiser, true).await;
    // While they fill in the form, they cease to be an organiser.
    let form = &organiser.browser;
    form.open(&format!("/sell?event={}", event.id)).await;
    form.fill("Title", "Row C, seat 8").await;
    form.choose("The ticket itself", "We issue the ticket").await;
    let person = organiser.by_api.current_user().await.expect("answers").expect("is signed in").id.to_string();
    let id = event.id.to_string();
    let removed =
        ticketing().args(["organisers", "remove", id.as_str(), person.as_str()]).arg("--data").arg(data.path());
    assert_eq!(removed.run().await.code, Some(0));
    organiser.lists("75", "It is not for sale.").await;
    organiser.reads("Only the organiser of the event can sell a ticket that is issued here.").await;
    form.follow("Withdraw ticket").await;
    form.is_headed("Withdraw this ticket?").await;
}
