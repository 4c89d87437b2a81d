use testkit::browser::{Browser, Key};

use super::site::{PASSWORD, Site, listed};

/// Moves the focus to the element of that name with Tab, and checks that the focus is visible.
async fn reach(browser: &Browser, name: &str) {
    browser.tab_to(name).await;
    assert!(browser.focus_is_visible().await, "the focus on {name:?} is not visible");
}

async fn enter(browser: &Browser, name: &str) {
    reach(browser, name).await;
    browser.keys(&[Key::Enter]).await;
}

async fn type_into(browser: &Browser, label: &str, text: &str) {
    reach(browser, label).await;
    browser.type_text(text).await;
}

async fn the_keyboard_is_enough(scripts: bool) {
    let site = Site::open().await;
    let (visitor, seller) = tokio::join!(site.visitor(scripts), site.by_api("seller"));
    listed(&seller, "Winter ensemble, gala night").await;
    visitor.open("/").await;
    enter(&visitor, "Sign up").await;
    visitor.is_headed("Create your account").await;
    type_into(&visitor, "Email", "ada@example.com").await;
    type_into(&visitor, "Password", PASSWORD).await;
    visitor.keys(&[Key::Enter]).await;
    visitor.is_headed("Tickets for sale").await;

    enter(&visitor, "Sell").await;
    visitor.is_headed("Sell a ticket").await;
    type_into(&visitor, "Title", "Brass in the park").await;
    type_into(&visitor, "Price", "15").await;
    enter(&visitor, "Review listing").await;
    visitor.is_headed("Review your listing").await;
    enter(&visitor, "List ticket").await;
    visitor.is_headed("Brass in the park").await;

    enter(&visitor, "Browse").await;
    visitor.is_headed("Tickets for sale").await;
    type_into(&visitor, "Search", "gala").await;
    visitor.keys(&[Key::Enter]).await;
    visitor.sees_no_more("Brass in the park").await;
    enter(&visitor, "Winter ensemble, gala night").await;
    visitor.is_headed("Winter ensemble, gala night").await;
    enter(&visitor, "Buy this ticket").await;
    visitor.is_headed("Checkout").await;
    enter(&visitor, "Pay $20.50").await;
    visitor.is_headed("The ticket is yours").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_can_be_done_from_the_keyboard() {
    the_keyboard_is_enough(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_can_be_done_from_the_keyboard_with_javascript_off() {
    the_keyboard_is_enough(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_tab_skips_to_the_content() {
    let site = Site::open().await;
    let visitor = site.visitor(true).await;
    visitor.open("/signup").await;
    enter(&visitor, "Skip to the content").await;
    visitor.keys(&[Key::Tab]).await;
    assert_eq!(visitor.focus().await, "Email");
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_take_the_focus_and_lead_to_their_fields() {
    let site = Site::open().await;
    let visitor = site.visitor(true).await;
    visitor.open("/signup").await;
    type_into(&visitor, "Email", "ada@example.com").await;
    type_into(&visitor, "Password", "short").await;
    visitor.keys(&[Key::Enter]).await;
    visitor.sees("There is a problem").await;
    visitor
        .until("the summary does not take the focus", async |visitor| visitor.count(".error-summary:focus").await == 1)
        .await;
    visitor.keys(&[Key::Tab, Key::Enter]).await;
    assert_eq!(visitor.focus().await, "Password");
}
