//! What a door sends of what was scanned without a network: the module itself, before a server that fails as it is told.

use serde_json::{Value, json};
use testkit::browser::{Browser, Browsers, Look};

const QUEUE: &str = include_str!("../../../web/assets/door-queue.js");
const SEND: &str = include_str!("door_queue.js");

/// A network that loses what is longer than this many scans.
const NARROW: &str = "scans.length > 50 && { status: 408 }";

/// What comes of the scans 0, 1, 2 and so on. `failing` says how a request of these `scans` fails, if it does: an
/// expression.
async fn sent(browser: &Browser, count: usize, failing: &str) -> Value {
    browser.open("about:blank").await;
    let given =
        format!("const QUEUE = {}; const COUNT = {count}; const failing = (scans) => ({failing});", json!(QUEUE));
    browser.script(&format!("{given}\n{SEND}")).await
}

fn all_but(count: usize, but: &[usize]) -> Value {
    (0..count).filter(|number| !but.contains(number)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_sent_in_its_order_in_parts_that_the_network_carries() {
    let browsers = Browsers::launch().await;
    let browser = browsers.open("", Look::default()).await;
    let wide = sent(&browser, 450, "null").await;
    assert_eq!((&wide["requests"], &wide["thrown"]), (&json!([200, 200, 50]), &json!([])));
    let timed_out = format!("scans.length > 50 && {{ name: {:?} }}", "TimeoutError");
    for narrow in [NARROW, timed_out.as_str()] {
        let said = sent(&browser, 450, narrow).await;
        assert_eq!(said["requests"].as_array().expect("a list")[..3], [200, 100, 50], "{narrow}");
        // What was taken was answered, and was not sent once more.
        assert_eq!((&said["taken"], &said["answered"]), (&all_but(450, &[]), &all_but(450, &[])), "{narrow}");
        assert_eq!((&said["refused"], &said["left"]), (&json!([]), &json!([])), "{narrow}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_that_is_refused_holds_up_no_other() {
    let browsers = Browsers::launch().await;
    let browser = browsers.open("", Look::default()).await;
    for (refusal, bad) in [("{ status: 413 }", &[77][..]), ("{ status: 400, isOurs: true }", &[0, 449])] {
        let failing = format!("{}.some((bad) => scans.includes(bad)) && {refusal}", json!(bad));
        let said = sent(&browser, 450, &failing).await;
        assert_eq!((&said["refused"], &said["thrown"]), (&json!(bad), &json!([])), "{refusal}");
        assert_eq!((&said["taken"], &said["answered"]), (&all_but(450, bad), &all_but(450, bad)), "{refusal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nobody_answers_all_is_kept_as_it_was() {
    let browsers = Browsers::launch().await;
    let browser = browsers.open("", Look::default()).await;
    // The network of a hall answers what is not ours with a page of its own.
    for failure in ["{ name: 'TypeError' }", "{ status: 401 }", "{ status: 503 }", "{ status: 400, isOurs: false }"] {
        let said = sent(&browser, 3, failure).await;
        assert_eq!((&said["left"], &said["answered"]), (&all_but(3, &[]), &json!([])), "{failure}");
        assert_eq!(said["refused"], json!([]), "{failure}");
        // Each time that a door tries, one request.
        assert_eq!(
            said["requests"].as_array().expect("a list").len(),
            said["thrown"].as_array().expect("a list").len()
        );
    }
}
