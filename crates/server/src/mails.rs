//! The mails that would have been sent, if there were a server, for developers: at the address for operators, as long as
//! only this machine reaches that. Their links let people in.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use mail::{KeptMail, KeptMails};
use maud::{DOCTYPE, Markup, html};
use runtime::http::ApiError;

/// Where they are listed.
pub const PATH: &str = "/mails";

/// A page has no scripts and nothing from elsewhere; a mail is shown in a box, in which it can do nothing.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'",
);
const MAIL_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox",
);

/// The pages.
pub fn routes(kept: KeptMails) -> Router {
    Router::new()
        .route(PATH, get(list))
        .route("/mails/{number}", get(show))
        .route("/mails/{number}/text", get(text))
        .route("/mails/{number}/html", get(html_part))
        .layer(from_fn(protect))
        .with_state(kept)
}

/// A page of the internet whose name leads to this machine must not read them.
async fn protect(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if !host.is_some_and(is_this_machine) {
        return ApiError::not_found().into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn is_this_machine(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    // What follows the name is a port, or nothing: `localhost:1.evil.example` is no address at all.
    let rest = authority.as_str().strip_prefix(authority.host());
    if !rest.is_some_and(|rest| rest.is_empty() || authority.port_u16().is_some()) {
        return false;
    }
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

async fn list(State(kept): State<KeptMails>) -> Markup {
    page(
        "Mails that were not sent",
        html! {
            p {
                "There is no mail server (" code { "--smtp-url" } "), so these are kept here, for developers: the last "
                "ones, until this process ends. Visitors do not see this page."
            }
            @if kept.all().is_empty() { p { "There are none yet." } }
            ol reversed {
                @for KeptMail { number, mail } in kept.all() {
                    li value=(number) {
                        a href={ (PATH) "/" (number) } { (mail.subject) } " to " (mail.to) ", " (mail.date)
                    }
                }
            }
        },
    )
}

async fn show(State(kept): State<KeptMails>, Path(number): Path<u64>) -> Response {
    let Some(KeptMail { mail, .. }) = kept.get(number) else { return ApiError::not_found().into_response() };
    let here = format!("{PATH}/{number}");
    let body = html! {
        p { a href=(PATH) { "All mails" } }
        dl {
            dt { "To" } dd { (mail.to) }
            dt { "Date" } dd { (mail.date) }
            dt { "Message-ID" } dd { (mail.id) }
        }
        h2 { "As HTML" }
        p { a href={ (here) "/html" } { "Open it alone, where its links work" } }
        iframe title="The mail as HTML" src={ (here) "/html" } {}
        h2 { "As text" }
        pre tabindex="0" { (mail.text) }
    };
    page(&mail.subject, body).into_response()
}

async fn text(State(kept): State<KeptMails>, Path(number): Path<u64>) -> Response {
    kept.get(number).map_or_else(|| ApiError::not_found().into_response(), |kept| kept.mail.text.into_response())
}

async fn html_part(State(kept): State<KeptMails>, Path(number): Path<u64>) -> Response {
    let Some(kept) = kept.get(number) else { return ApiError::not_found().into_response() };
    (StatusCode::OK, [(header::CONTENT_SECURITY_POLICY, MAIL_POLICY)], Html(kept.mail.html)).into_response()
}

fn page(title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style {
                    ":root{color-scheme:light dark}body{max-width:50rem;margin:1rem auto;padding:0 1rem;"
                    "font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
                    "iframe{width:100%;height:36rem;border:1px solid}pre{white-space:pre-wrap;border:1px solid;padding:1rem}"
                }
            }
            body { main { h1 { (title) } (body) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use mail::{Mail, Sender, Transport};
    use tower::ServiceExt;

    use super::*;

    async fn kept() -> KeptMails {
        let kept = KeptMails::default();
        let now = common::time::Timestamp::from_millis(0);
        let mail = Mail {
            id: "1@ticketing.invalid".into(),
            recipient: common::id::IdGenerator::seeded(1).next(now),
            from: Sender::default(),
            to: common::email::Email::parse("ada@example.com").expect("an address"),
            date: now,
            subject: "Your ticket: <b>".into(),
            text: "The ticket is yours".into(),
            html: "<h1>The ticket is yours</h1>".into(),
        };
        kept.send(&mail).await.expect("is kept");
        kept
    }

    async fn ask(path: &str, host: &str) -> (u16, String, String) {
        let request = Request::get(path).header(header::HOST, host).body(Body::empty()).expect("a request");
        let response = routes(kept().await).oneshot(request).await.unwrap_or_else(|never| match never {});
        let policy = response.headers().get(header::CONTENT_SECURITY_POLICY);
        let policy = policy.map(|policy| policy.to_str().expect("text").to_owned()).unwrap_or_default();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, String::from_utf8(body.to_vec()).expect("text"), policy)
    }

    #[tokio::test]
    async fn mails_are_listed_and_shown_as_they_are() {
        let (status, list, policy) = ask("/mails", "localhost:3100").await;
        assert!(status == 200 && list.contains("ada@example.com") && list.contains("&lt;b&gt;"), "{list}");
        assert!(list.contains("href=\"/mails/1\"") && policy.contains("default-src 'none'"), "{list} {policy}");
        let (status, shown, _) = ask("/mails/1", "127.0.0.1:3100").await;
        assert!(status == 200 && shown.contains("The ticket is yours") && shown.contains("/mails/1/html"), "{shown}");
        assert_eq!(ask("/mails/1/text", "[::1]:3100").await.1, "The ticket is yours");
        let (_, html, policy) = ask("/mails/1/html", "localhost").await;
        assert_eq!(html, "<h1>The ticket is yours</h1>");
        assert!(policy.contains("sandbox"), "{policy}");
    }

    #[tokio::test]
    async fn nobody_sees_them_under_another_name_of_this_machine() {
        for host in [
            "evil.example",
            "localhost.evil.example",
            "localhost:1.evil.example",
            "me@localhost",
            "192.168.1.7:3100",
            "",
        ] {
            assert_eq!(ask("/mails/1/text", host).await.0, 404, "{host}");
        }
        assert_eq!(ask("/mails/2", "localhost").await.0, 404);
    }
}
