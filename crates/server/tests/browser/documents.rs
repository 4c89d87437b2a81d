use testkit::browser::{Browsers, Look};
use testkit::process::Server;

use crate::program::ticketing;

#[tokio::test(flavor = "multi_thread")]
async fn the_documentation_can_be_read_on_a_phone() {
    let (server, browsers) = tokio::join!(Server::launch(ticketing().args(["--memory"])), Browsers::launch());
    let phone = Look { width: 360, height: 740, ..Look::default() };
    let browser = browsers.open(&server.url(), phone).await;
    browser.open("/api/docs").await;
    browser.is_headed("The API").await;
    browser.sees("Getting started").await;
    browser.until("the operations are not there", async |browser| browser.count(".opblock").await > 30).await;
    assert!(!browser.overflows().await, "it has to be scrolled sideways");
    // Without a viewport of its own a phone shows it as if from afar.
    assert_eq!(browser.script("return innerWidth").await, 360);
    let size =
        browser.script("return parseFloat(getComputedStyle(document.querySelector('.opblock-summary-path')).fontSize)");
    assert!(size.await.as_f64().is_some_and(|pixels| pixels >= 12.0));
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
