use http::Method;
use http::header::LINK;
use reqwest::{RequestBuilder, Response, Url};
use serde::de::DeserializeOwned;

use crate::{Client, Error, request};

/// A part of a list, and the way to the part after it.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// What is on this page.
    pub items: Vec<T>,
    next: Option<Url>,
}

impl<T> Page<T> {
    /// Whether there is a page after this one.
    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }

    /// Where the page after this one begins: for a link to it that outlives this value.
    pub fn next_cursor(&self) -> Option<String> {
        let mut parameters = self.next.as_ref()?.query_pairs();
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
        match &page.next {
            Some(next) => self.page(self.http.request(Method::GET, next.clone())).await.map(Some),
            None => Ok(None),
        }
    }

    pub(crate) async fn page<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<Page<T>, Error> {
        let response = self.send(request.timeout(request::TIMEOUT)).await?;
        let next = next_link(&response)?;
        Ok(Page { items: request::read(response).await?, next })
    }
}

/// The address in `Link: <address>; rel="next"`, seen from where the answer came from. One that
/// leads to another server is refused: the session's cookie would go there.
fn next_link(response: &Response) -> Result<Option<Url>, Error> {
    let links = response.headers().get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let mut next = links.flat_map(|links| links.split(',')).filter(|link| link.contains(r#"rel="next""#));
    let Some(address) = next.next().and_then(|link| link.split_once('<')?.1.split_once('>')).map(|(it, _)| it) else {
        return Ok(None);
    };
    let here = response.url();
    let next = here.join(address).ok().filter(|next| next.origin() == here.origin());
    next.map(Some).ok_or_else(|| Error::Decode(format!("the next page is at {address:?}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::stub::Stub;
    use crate::{Error, TicketFilter};

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
}
