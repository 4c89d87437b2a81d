//! What a browser is shown while the process behind the pages is still starting.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use maud::{DOCTYPE, html};

use crate::messages::ENGLISH;

/// Nothing but the words: no style is served yet.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The seconds after which it is worth trying again.
const SOON: u32 = 2;

/// A page that says to try again in a moment, and does so by itself where nothing was sent (`is_read`).
pub fn starting(is_read: bool) -> Response {
    let (layout, text) = (&ENGLISH.layout, &ENGLISH.errors);
    let page = html! {
        (DOCTYPE)
        html lang=(ENGLISH.language) {
            head {
                meta charset="utf-8";
                title { (text.title) " " (text.away) " – " (layout.name) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if is_read { meta http-equiv="refresh" content=(SOON); }
            }
            body {
                main {
                    h1 { (text.away) }
                    p { (text.away_words) }
                    @if is_read { p { (text.by_itself) } }
                }
            }
        }
    };
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, page).into_response();
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(SOON));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn only_what_reads_is_asked_for_again_by_itself() {
        for is_read in [true, false] {
            let response = starting(is_read);
            assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (503, &HeaderValue::from(2)));
            let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
            let body = String::from_utf8_lossy(&body);
            assert!(body.contains("<h1>We will be back in a moment</h1>"), "{body}");
            assert_eq!(body.contains(r#"http-equiv="refresh""#), is_read);
        }
    }
}
