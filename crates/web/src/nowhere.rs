//! Addresses that no page has.

use axum::response::Redirect;
use http::{Method, Uri};

use crate::error::PageError;

/// Leads from an address with a slash at its end to the one without it. All else is not found.
pub(crate) async fn show(method: Method, uri: Uri) -> Result<Redirect, PageError> {
    let is_read = matches!(method, Method::GET | Method::HEAD);
    let address = without_slash(&uri).filter(|_| is_read).ok_or(PageError::NotFound)?;
    Ok(Redirect::permanent(&address))
}

fn without_slash(uri: &Uri) -> Option<String> {
    let path = uri.path().strip_suffix('/')?;
    let first = path.strip_prefix('/')?;
    // What begins with two slashes is the address of another site, and to browsers these are two as well: "/\\".
    let is_elsewhere = first.starts_with(['/', '\\']) || uri.path().starts_with("/api/");
    if is_elsewhere || path.ends_with('/') {
        return None;
    }
    Some(uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;

    use crate::testing::Site;

    #[tokio::test]
    async fn an_address_with_a_slash_at_its_end_leads_to_the_one_without() {
        let site = Site::answering([]).await;
        for (address, leads_to) in [
            ("/sell/", "/sell"),
            ("/e/gala-berlin/", "/e/gala-berlin"),
            ("/e/gala-berlin/?tier=A%26B&together=2", "/e/gala-berlin?tier=A%26B&together=2"),
            ("/tickets/692199c0bcf86cd7994390bb/edit/", "/tickets/692199c0bcf86cd7994390bb/edit"),
            ("/help/?next=//elsewhere.example/", "/help?next=//elsewhere.example/"),
        ] {
            for method in ["GET", "HEAD"] {
                let request = Request::builder().method(method).uri(address);
                let reply = site.send(request.body(Body::empty()).expect("a request")).await;
                assert_eq!((reply.status, reply.location()), (308, leads_to), "{method} {address}");
            }
        }
        assert_eq!(site.post("/sell/", &[("title", "A")]).await.status, 404, "what is sent is not sent elsewhere");
    }

    #[tokio::test]
    async fn nobody_is_led_to_another_site_or_round_in_circles() {
        let site = Site::answering([]).await;
        let addresses = [
            "//elsewhere.example/",
            "/\\elsewhere.example/",
            "/sell//",
            "//",
            "///",
            "/api/tickets/",
            "/api/",
            "/nowhere",
        ];
        for address in addresses {
            let reply = site.get(address).await;
            assert_eq!((reply.status, reply.location()), (404, ""), "{address}");
        }
        assert_eq!(site.get("/help").await.status, 200);
    }
}
