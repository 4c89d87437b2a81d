use std::collections::{BTreeMap, BTreeSet};

use client::{Client, Error, Order, OrderId, Page, Seller, Ticket, TicketFilter, TicketId};
use serde::de::DeserializeOwned;

/// Everything that the API shows.
pub(crate) struct Snapshot {
    /// The orders of all users.
    pub(crate) orders: BTreeMap<OrderId, Order>,
    /// The tickets of all users.
    pub(crate) tickets: BTreeMap<TicketId, Ticket>,
    /// The tickets in the public catalogue.
    pub(crate) for_sale: BTreeSet<TicketId>,
}

impl Snapshot {
    /// Reads all pages of all lists.
    pub(crate) async fn take(people: &[Client]) -> Result<Self, Error> {
        let (mut orders, mut tickets) = (BTreeMap::new(), BTreeMap::new());
        let everything = TicketFilter { limit: Some(100), ..TicketFilter::default() };
        let own = TicketFilter { seller: Some(Seller::Me), ..everything.clone() };
        for person in people {
            let theirs = to_the_end(person, person.orders().await?).await?;
            orders.extend(theirs.into_iter().map(|order| (order.id, order)));
            let theirs = to_the_end(person, person.tickets(&own).await?).await?;
            tickets.extend(theirs.into_iter().map(|ticket| (ticket.id, ticket)));
        }
        let listed = to_the_end(&people[0], people[0].tickets(&everything).await?).await?;
        Ok(Self { orders, tickets, for_sale: listed.into_iter().map(|ticket| ticket.id).collect() })
    }
}

async fn to_the_end<T: DeserializeOwned>(client: &Client, mut page: Page<T>) -> Result<Vec<T>, Error> {
    let mut items = Vec::new();
    loop {
        let next = client.next_page(&page).await?;
        items.append(&mut page.items);
        match next {
            Some(next) => page = next,
            None => return Ok(items),
        }
    }
}
