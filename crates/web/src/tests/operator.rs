//! What whoever runs the marketplace says, on the pages.

use std::time::Duration;

use crate::about::{About, Operator, OwnPage};
use crate::testing::{Reply, Site, about};

/// HTML, and a text that is written from the right.
const HOSTILE: &str = r#"</p><script>alert("1")</script> קונצרט (12)"#;
const ESCAPED: &str = "&lt;/p&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; קונצרט (12)";

fn nothing_said() -> About {
    About::default()
}

/// Where the links at the end of a page lead.
fn footer_links(page: &Reply) -> Vec<String> {
    let (_, footer) = page.body.split_once("<footer").expect("a footer");
    footer.split("href=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

#[tokio::test]
async fn an_operator_who_says_all_is_found_from_every_page() {
    let site = Site::answering([]).await;
    let page = site.get("/signin").await;
    let links = footer_links(&page);
    assert_eq!(links, ["/help", "/about", "/terms", "/privacy", "/api/docs"]);
    for link in links.iter().filter(|link| !link.starts_with("/api")) {
        let reply = site.get(link).await;
        assert_eq!((reply.status, footer_links(&reply)), (200, links.clone()), "{link}");
        reply.assert_has(&format!(r#"<a href="{link}" aria-current="page">"#));
    }
    let about = site.get("/about").await;
    for said in [
        r#"<dd dir="auto">Quay Tickets Ltd</dd>"#,
        r#"<div dir="auto">1 Quay Street</div><div dir="auto">Port</div>"#,
        r#"<a href="mailto:help@quay.example" dir="auto">help@quay.example</a>"#,
        "+44 20 7946 0000",
        r#"<a href="https://quay.example" dir="auto">https://quay.example</a>"#,
    ] {
        about.assert_has(said);
    }
    site.get("/terms").await.assert_has(r#"<h1>Terms</h1><h2 dir="auto">Buying</h2><p dir="auto">Be kind.</p>"#);
    let privacy = site.get("/privacy").await;
    privacy.assert_has(r#"<p dir="auto">We look at nothing.</p>"#);
    privacy.assert_lacks("stores about you");
    site.get("/help").await.assert_has("This site is run by <bdi>Quay Tickets Ltd</bdi>.");
}

#[tokio::test]
async fn without_settings_the_pages_say_what_the_program_does_and_link_to_nothing_that_is_missing() {
    let site = Site::with_about(nothing_said(), []).await;
    let links = footer_links(&site.get("/signin").await);
    assert_eq!(links, ["/help", "/privacy", "/api/docs"]);
    for link in ["/help", "/privacy"] {
        assert_eq!(site.get(link).await.status, 200, "{link}");
    }
    for missing in ["/about", "/terms"] {
        assert_eq!(site.get(missing).await.status, 404, "{missing}");
    }
    let privacy = site.get("/privacy").await;
    privacy.assert_has("stores about you, and for how long. Whoever runs the site has added nothing to it.");
    privacy.assert_has("30 days");
    let help = site.get("/help").await;
    help.assert_has("has not said here who they are");
    help.assert_lacks("/about");
}

#[tokio::test]
async fn pages_on_another_site_are_led_to() {
    let elsewhere = |page: &str| Some(OwnPage::Elsewhere(format!("https://quay.example/{page}?a=1&b=2")));
    let about = About { terms: elsewhere("terms"), privacy: elsewhere("privacy"), ..nothing_said() };
    let site = Site::with_about(about, []).await;
    let links = footer_links(&site.get("/signin").await);
    let there = |page: &str| format!("https://quay.example/{page}?a=1&amp;b=2");
    assert_eq!(links, ["/help".to_owned(), there("terms"), there("privacy"), "/api/docs".to_owned()]);
    for page in ["terms", "privacy"] {
        let reply = site.get(&format!("/{page}")).await;
        assert_eq!((reply.status, reply.location()), (303, format!("https://quay.example/{page}?a=1&b=2").as_str()));
    }
}

#[tokio::test]
async fn what_they_say_is_text_and_turns_nothing_round() {
    let own = || Some(OwnPage::Here(format!("# {HOSTILE}\n{HOSTILE}").parse().expect("a text")));
    let operator = Operator {
        name: HOSTILE.parse().expect("a line"),
        address: Some(format!("{HOSTILE}\n{HOSTILE}").parse().expect("an address")),
        email: Some(client::Email::parse("a?cc=all&b@quay.example").expect("an address")),
        phone: Some(HOSTILE.parse().expect("a line")),
        url: None,
    };
    let about = About { operator: Some(operator), terms: own(), privacy: own(), ..nothing_said() };
    let site = Site::with_about(about, []).await;
    for (path, times) in [("/help", 1), ("/about", 4), ("/terms", 2), ("/privacy", 2)] {
        let page = site.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.body.matches(ESCAPED).count(), times, "{path}: {}", page.body);
        page.assert_lacks("<script>");
        let isolated = [r#"dir="auto">"#, "<bdi>"].map(|start| page.body.matches(&format!("{start}{ESCAPED}")).count());
        assert_eq!(isolated.iter().sum::<usize>(), times, "{path}: {}", page.body);
    }
    site.get("/about").await.assert_has(r#"href="mailto:a%3Fcc%3Dall%26b@quay.example""#);
}

#[tokio::test]
async fn times_are_those_of_the_settings() {
    let about = About { reservation: Duration::from_secs(7 * 60), ..about() };
    let site = Site::with_about(about, []).await;
    for path in ["/help", "/signin"] {
        let page = site.get(path).await;
        page.assert_has("7 minutes");
        page.assert_lacks("15 minutes");
    }
}

#[tokio::test]
async fn nothing_in_the_footer_speaks_of_missing_money() {
    let page = Site::answering([]).await.get("/signin").await;
    let (_, footer) = page.body.split_once("<footer").expect("a footer");
    assert!(footer.contains("is kept for you alone, for up to 15 minutes, at the price you saw."), "{footer}");
    assert!(!footer.contains("money"), "{footer}");
}
