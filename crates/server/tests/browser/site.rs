use std::path::Path;

use client::{Client, Price, Ticket, TicketForm};
use testkit::browser::{Browser, Browsers, Look};
use testkit::process::{Program, Server};

use crate::program::ticketing;

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A marketplace of its own for a test, and browsers to visit it.
pub(crate) struct Site {
    server: Server,
    browsers: Browsers,
}

impl Site {
    /// With the usual reservation window.
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(arguments: &[&str]) -> Self {
        Self::of(ticketing().arg("--memory").args(arguments)).await
    }

    /// What has happened stays in this directory, also when the server is killed.
    pub(crate) async fn kept_in(data: &Path) -> Self {
        Self::of(ticketing().arg("--data").arg(data)).await
    }

    async fn of(program: Program) -> Self {
        let (server, browsers) = tokio::join!(Server::launch(program), Browsers::launch());
        Self { server, browsers }
    }

    /// The process behind it.
    pub(crate) fn server(&mut self) -> &mut Server {
        &mut self.server
    }

    /// A browser without a session.
    pub(crate) async fn visitor(&self, scripts: bool) -> Browser {
        self.visitor_with(Look::with_scripts(scripts)).await
    }

    pub(crate) async fn visitor_with(&self, look: Look) -> Browser {
        self.browsers.open(&self.server.url(), look).await
    }

    /// The browser of somebody who is signed in here by the API, before a camera that shows this film.
    pub(crate) async fn user_before(&self, by_api: &Client, film: &Path) -> Browser {
        let phone = Look { width: 360, height: 740, ..Look::default() };
        let browser = self.browsers.open_before(&self.server.url(), phone, film).await;
        browser.sign_in(&self.server.url(), &by_api.token().expect("is signed in")).await;
        browser
    }

    /// The browser of somebody who knows the site by a name: passkeys belong to one.
    pub(crate) async fn named_visitor(&self, look: Look) -> Browser {
        self.browsers.open(&self.server.url().replace("127.0.0.1", "localhost"), look).await
    }

    /// The browser of a signed-in user, and the same user through the API.
    pub(crate) async fn user(&self, name: &str, scripts: bool) -> (Browser, Client) {
        let (browser, client) = tokio::join!(self.visitor(scripts), self.by_api(name));
        browser.sign_in(&self.server.url(), &client.token().expect("is signed in")).await;
        (browser, client)
    }

    /// The address of a path.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.server.url())
    }

    /// A user without a browser.
    pub(crate) async fn by_api(&self, name: &str) -> Client {
        let client = Client::new(&self.server.url()).expect("a client");
        client.sign_up(&format!("{name}@example.com"), PASSWORD).await.expect("signs up");
        client
    }
}

/// A new ticket of a new seller, for $20.50.
pub(crate) async fn listed(seller: &Client, title: &str) -> Ticket {
    let price = Price::from_minor_units(2050).expect("a price");
    seller.create_ticket(&TicketForm::new(title, price)).await.expect("lists")
}

/// From the filled in form to the ticket's page, over that which shows what will be for sale.
pub(crate) async fn review_and_list(seller: &Browser, title: &str) {
    seller.press("Review listing").await;
    seller.is_headed("Review your listing").await;
    seller.is_loaded().await;
    seller.press("List ticket").await;
    seller.is_headed(title).await;
}

/// From the ticket's page to the checkout.
pub(crate) async fn buy(browser: &Browser, ticket: &Ticket) {
    browser.open(&page_of(ticket)).await;
    browser.press("Buy this ticket").await;
    browser.is_headed("Checkout").await;
}

pub(crate) fn page_of(ticket: &Ticket) -> String {
    format!("/tickets/{}", ticket.id)
}
