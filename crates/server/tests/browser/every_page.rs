use testkit::browser::{Browser, Browsers, Look, Scheme};
use testkit::pages::{Page, Stage};

use crate::program::ticketing;

/// The limits of a first visit, in bytes and in requests.
const WEIGHT: u64 = 40 * 1024;
const REQUESTS: usize = 12;

/// Checks every page in every state with these preferences.
async fn every_page_is_in_order(look: Look) {
    let (stage, browsers) = tokio::join!(Stage::set(ticketing()), Browsers::launch());
    let browser = browsers.open("", look).await;
    let (pages, mut findings) = (stage.pages(), Vec::new());
    for (number, page) in pages.iter().enumerate() {
        page.visit(&browser).await;
        let mut found = findings_on(page, &browser).await;
        if look.calm && browser.is_animated().await {
            found.push("moves for people who asked for calm".to_owned());
        }
        // Console messages may be delivered late, when the next page is shown already.
        let is_explained = |complaint: &String| pages[..=number].iter().any(|page| page.explains(complaint));
        found.extend(browser.complaints().await.into_iter().filter(|complaint| !is_explained(complaint)));
        findings.extend(found.into_iter().map(|finding| format!("{}: {finding}", page.name)));
    }
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n\n"));
}

async fn findings_on(page: &Page, browser: &Browser) -> Vec<String> {
    let transfer = browser.transfer().await;
    println!("{:<24} {:>2} requests {:>6} bytes", page.name, transfer.requests, transfer.bytes);
    assert!(transfer.bytes > 1000, "{}: this cannot be all: {transfer:?}", page.name);
    let mut findings: Vec<_> = browser.axe().await.iter().map(ToString::to_string).collect();
    if transfer.bytes > WEIGHT || transfer.requests > REQUESTS {
        findings.push(format!("takes too much to load: {transfer:?}"));
    }
    if browser.overflows().await {
        findings.push("has to be scrolled sideways".to_owned());
    }
    findings.extend(browser.squeezed().await.into_iter().map(|words| format!("leaves no room for {words:?}")));
    findings
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_and_light_on_a_wide_light_screen() {
    every_page_is_in_order(Look::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_and_light_on_a_narrow_dark_calm_screen() {
    let phone = Look { width: 360, height: 740, scheme: Scheme::Dark, calm: true, ..Look::default() };
    every_page_is_in_order(phone).await;
}
