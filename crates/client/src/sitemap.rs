use common::id::TicketId;
use serde::Deserialize;

use crate::{Client, Error};

/// What search engines are told of: the events ahead and the tickets for sale.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Sitemap {
    /// How many parts it has; they are numbered from 1.
    pub parts: usize,
}

/// A part of it: at most 10,000 events and tickets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SitemapPart {
    /// What the events are called in addresses.
    pub events: Vec<String>,
    /// The tickets.
    pub tickets: Vec<TicketId>,
}

impl Client {
    /// In how many parts search engines are told of events and tickets.
    ///
    /// # Errors
    /// 429 if too many are looked up from this address at once.
    pub async fn sitemap(&self) -> Result<Sitemap, Error> {
        self.get(&self.urls.tickets, "/api/tickets/sitemap").await
    }

    /// One of these parts, from 1.
    ///
    /// # Errors
    /// 404 if there are not so many; 429.
    pub async fn sitemap_part(&self, number: usize) -> Result<SitemapPart, Error> {
        self.get(&self.urls.tickets, &format!("/api/tickets/sitemap/{number}")).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stub::{Stub, TICKET, ticket_id};

    #[tokio::test]
    async fn parts_are_counted_and_read() {
        let stub = Stub::answering(200, json!({"parts": 11})).await;
        assert_eq!(stub.client().sitemap().await.expect("a number"), Sitemap { parts: 11 });
        assert_eq!(stub.request().call(), "GET /api/tickets/sitemap");
        let stub = Stub::answering(200, json!({"events": ["gala"], "tickets": [TICKET]})).await;
        let part = stub.client().sitemap_part(11).await.expect("a part");
        assert_eq!(part, SitemapPart { events: vec!["gala".into()], tickets: vec![ticket_id()] });
        assert_eq!(stub.request().call(), "GET /api/tickets/sitemap/11");
    }
}
