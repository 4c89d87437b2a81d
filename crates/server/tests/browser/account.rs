use testkit::browser::Browser;

use super::site::{PASSWORD, Site};

const NEW_PASSWORD: &str = "hunting for tickets";

async fn sign_in(browser: &Browser, password: &str) {
    browser.open("/").await;
    browser.follow("Sign in").await;
    browser.fill("Email", "ada@example.com").await;
    browser.fill("Password", password).await;
    browser.press("Sign in").await;
}

async fn sessions_begin_and_end(scripts: bool) {
    let site = Site::open().await;
    let (here, there) = tokio::join!(site.visitor(scripts), site.visitor(scripts));
    here.open("/signup").await;
    here.fill("Email", "ada@example.com").await;
    here.fill("Password", "short").await;
    here.press("Sign up").await;
    here.sees("There is a problem").await;
    assert_eq!(here.value("Email").await, "ada@example.com");
    here.fill("Password", PASSWORD).await;
    here.press("Sign up").await;
    here.is_headed("Tickets for sale").await;
    here.press("Sign out").await;
    here.sees("Sign in").await;
    sign_in(&here, "not the password").await;
    here.sees("Invalid credentials").await;
    sign_in(&here, PASSWORD).await;
    here.is_headed("Tickets for sale").await;
    sign_in(&there, PASSWORD).await;
    there.is_headed("Tickets for sale").await;

    here.follow("Account").await;
    here.sees("ada@example.com").await;
    here.fill("Current password", PASSWORD).await;
    here.fill("New password", NEW_PASSWORD).await;
    here.press("Change password").await;
    // The other browser was signed in with the old password.
    there
        .until("a changed password leaves the other browser signed in", async |there| {
            there.open("/account").await;
            there.heading().await == "Sign in"
        })
        .await;
    sign_in(&there, NEW_PASSWORD).await;
    there.is_headed("Tickets for sale").await;

    here.open("/account").await;
    here.press("Sign out everywhere").await;
    for browser in [&here, &there] {
        browser
            .until("somebody is still signed in", async |browser| {
                browser.open("/account").await;
                browser.heading().await == "Sign in"
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_begin_and_end_where_they_should() {
    sessions_begin_and_end(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_begin_and_end_where_they_should_with_javascript_off() {
    sessions_begin_and_end(false).await;
}
