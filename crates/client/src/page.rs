use http::header::LINK;
use http::{HeaderMap, HeaderName, Uri};
use serde::de::DeserializeOwned;

use crate::request::{Request, read, with_time_limit};
use crate::{Client, Error};

const SEARCH_RESULT: HeaderName = HeaderName::from_static("search-result");

/// One page of a list, and the link to the next one.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Whether nothing has all words that were searched for, and the items only come near.
    pub is_near: bool,
    next: Option<Uri>,
}

impl<T> Page<T> {
    /// Whether there is another page after this one.
    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }

    /// The cursor of the next page, for links that outlive this value.
    pub fn next_cursor(&self) -> Option<String> {
        let query = self.next.as_ref()?.query()?;
        let mut parameters = form_urlencoded::parse(query.as_bytes());
        parameters.find(|(name, _)| name == "cursor").map(|(_, cursor)| cursor.into_owned())
    }
}

impl Client {
    /// The page after this one, or `None` after the last.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// let mut page = client.tickets(&client::TicketFilter::default()).await?;
    /// while let Some(next) = client.next_page(&page).await? {
    ///     page = next;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for any call.
    pub async fn next_page<T: DeserializeOwned>(&self, page: &Page<T>) -> Result<Option<Page<T>>, Error> {
        let Some(next) = &page.next else { return Ok(None) };
        let mut request = Request::default();
        request.uri_mut().clone_from(next);
        self.page(request).await.map(Some)
    }

    pub(crate) async fn page<T: DeserializeOwned>(&self, request: Request) -> Result<Page<T>, Error> {
        let here = request.uri().clone();
        with_time_limit(async {
            let response = self.send(request).await?;
            let next = next_link(response.headers(), &here)?;
            let is_near = response.headers().get(SEARCH_RESULT).is_some_and(|result| result == "near");
            Ok(Page { items: read(response).await?, is_near, next })
        })
        .await
    }
}

/// The URL in `Link: <url>; rel="next"`, relative or absolute. A URL of another server than the response
/// came from is refused, because the session cookie would be sent there.
fn next_link(headers: &HeaderMap, here: &Uri) -> Result<Option<Uri>, Error> {
    let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let mut next = links.flat_map(|links| links.split(',')).filter(|link| link.contains(r#"rel="next""#));
    let Some(address) = next.next().and_then(|link| link.split_once('<')?.1.split_once('>')).map(|(it, _)| it) else {
        return Ok(None);
    };
    let next = address.parse().ok().and_then(|next| on_the_same_server(here, next));
    next.map(Some).ok_or_else(|| Error::Decode(format!("the next page is at {address:?}")))
}

fn on_the_same_server(here: &Uri, next: Uri) -> Option<Uri> {
    let mut next = next.into_parts();
    if next.authority.is_none() {
        next.scheme = here.scheme().cloned();
        next.authority = here.authority().cloned();
    }
    let next = Uri::from_parts(next).ok()?;
    (next.scheme() == here.scheme() && next.authority() == here.authority()).then_some(next)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::TicketFilter;
    use crate::stub::Stub;

    #[tokio::test]
    async fn pages_lead_to_each_other() {
        let stub = Stub::answering(200, json!([])).with("link", r#"</api/tickets?limit=2&cursor=x>; rel="next""#).await;
        let client = stub.client();
        let first = client.tickets(&TicketFilter { limit: Some(2), ..TicketFilter::default() }).await.expect("a page");
        assert_eq!((first.has_next(), first.next_cursor().as_deref()), (true, Some("x")));
        client.next_page(&first).await.expect("an answer").expect("a page");
        let targets: Vec<_> = stub.requests().into_iter().map(|request| request.target).collect();
        assert_eq!(targets, ["/api/tickets?limit=2", "/api/tickets?limit=2&cursor=x"]);
    }

    #[tokio::test]
    async fn a_page_says_whether_it_only_comes_near() {
        let near = Stub::answering(200, json!([])).with("search-result", "near").await;
        let filter = TicketFilter { near: Some(true), ..TicketFilter::default() };
        assert!(near.client().tickets(&filter).await.expect("a page").is_near);
        assert_eq!(near.request().target, "/api/tickets?near=true");
        let exact = Stub::answering(200, json!([])).await;
        assert!(!exact.client().tickets(&filter).await.expect("a page").is_near);
    }

    #[tokio::test]
    async fn after_the_last_page_there_is_none() {
        let stub = Stub::answering(200, json!([])).await;
        let client = stub.client();
        let only = client.orders().await.expect("a page");
        assert!(!only.has_next());
        assert!(client.next_page(&only).await.expect("no error").is_none());
        assert_eq!(stub.requests().len(), 1);
    }

    #[tokio::test]
    async fn the_session_is_not_carried_to_another_server() {
        let stub = Stub::answering(200, json!([])).with("link", r#"<http://elsewhere/api>; rel="next""#).await;
        assert!(matches!(stub.client().orders().await, Err(Error::Decode(_))));
    }

    #[test]
    fn the_next_page_is_on_the_same_server() {
        let here = Uri::from_static("http://host:3000/api/orders?limit=2");
        for (address, next) in [
            ("/api/orders?cursor=x", Some("http://host:3000/api/orders?cursor=x")),
            ("http://HOST:3000/api/orders?cursor=x", Some("http://host:3000/api/orders?cursor=x")),
            ("//elsewhere/api", Some("http://host:3000//elsewhere/api")),
            ("https://host:3000/api", None),
            ("http://host/api", None),
            ("http://host:3000@elsewhere/api", None),
            ("elsewhere", None),
            ("", None),
        ] {
            let link = HeaderMap::from_iter([(LINK, format!("<{address}>; rel=\"next\"").parse().expect("a header"))]);
            assert_eq!(next_link(&link, &here).ok().flatten(), next.map(Uri::from_static), "{address:?}");
        }
    }
}
