use client::{Client, Price, Ticket, TicketForm};
use testkit::browser::{Browser, Browsers, Look};
use testkit::process::Server;

use crate::program::ticketing;

/// Everybody's.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A marketplace of a test's own, and browsers to visit it with.
pub(crate) struct Site {
    server: Server,
    browsers: Browsers,
}

impl Site {
    /// With buyers having the usual time to pay.
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(arguments: &[&str]) -> Self {
        let program = ticketing().arg("--memory").args(arguments);
        let (server, browsers) = tokio::join!(Server::launch(program), Browsers::launch());
        Self { server, browsers }
    }

    /// Somebody's browser, in which nobody is signed in yet.
    pub(crate) async fn visitor(&self, scripts: bool) -> Browser {
        self.visitor_with(Look::with_scripts(scripts)).await
    }

    pub(crate) async fn visitor_with(&self, look: Look) -> Browser {
        self.browsers.open(&self.server.url(), look).await
    }

    /// The browser of somebody who has an account and is signed in, and the same person by the API.
    pub(crate) async fn user(&self, name: &str, scripts: bool) -> (Browser, Client) {
        let (browser, client) = tokio::join!(self.visitor(scripts), self.by_api(name));
        browser.sign_in(&self.server.url(), &client.token().expect("is signed in")).await;
        (browser, client)
    }

    /// Somebody who has an account and uses no browser.
    pub(crate) async fn by_api(&self, name: &str) -> Client {
        let client = Client::new(&self.server.url()).expect("a client");
        client.sign_up(&format!("{name}@example.com"), PASSWORD).await.expect("signs up");
        client
    }
}

/// A new ticket of somebody new, sold for $20.50.
pub(crate) async fn listed(seller: &Client, title: &str) -> Ticket {
    let price = Price::from_minor_units(2050).expect("a price");
    seller.create_ticket(&TicketForm::new(title, price)).await.expect("lists")
}

/// From the ticket's page to its checkout.
pub(crate) async fn buy(browser: &Browser, ticket: &Ticket) {
    browser.open(&page_of(ticket)).await;
    browser.press("Buy this ticket").await;
    browser.is_headed("Checkout").await;
}

pub(crate) fn page_of(ticket: &Ticket) -> String {
    format!("/tickets/{}", ticket.id)
}
