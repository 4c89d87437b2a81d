use client::Client;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response};
use runtime::{ConnectionLimits, serve};
use server::pages;
use server::settings::{SessionSettings, Switch};
use tokio::net::TcpListener;
use url::form_urlencoded::Serializer;
use web::About;

use super::World;

/// The pages of a world, for visitors without script.
pub struct Pages {
    http: reqwest::Client,
    /// The address of the site.
    pub address: String,
}

/// What a visitor is answered.
#[derive(Debug)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// Where it leads; empty if it is a page.
    pub location: String,
    /// In how many seconds it is worth trying again; empty if that is not said.
    pub retry_after: String,
    /// The page.
    pub html: String,
}

impl World {
    /// Serves the pages, until the world ends.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn pages(&self) -> Pages {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let sessions =
            SessionSettings { public_url: Some(address.clone()), trusted_proxies: 0, confirm_addresses: Switch::Off };
        let settings = sessions.pages(self.base.clone(), self.clock.clone(), None, About::default());
        let routes = pages::routes(settings, self.platform.tasks.clone());
        let shutdown = self.host.as_ref().expect("the world has not ended").shutdown_token();
        tokio::spawn(serve(listener, routes, ConnectionLimits::default(), shutdown));
        let http = reqwest::Client::builder().redirect(Policy::none()).build().expect("an HTTP client");
        Pages { http, address }
    }
}

impl Pages {
    /// Opens a page.
    ///
    /// # Panics
    /// If there is no answer.
    pub async fn get(&self, visitor: &Client, path: &str) -> Page {
        Self::send(visitor, self.http.get(format!("{}{path}", self.address))).await
    }

    /// Sends a form.
    ///
    /// # Panics
    /// If there is no answer.
    pub async fn post(&self, visitor: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(format!("{}{path}", self.address)).body(form);
        Self::send(visitor, request.header(CONTENT_TYPE, "application/x-www-form-urlencoded")).await
    }

    async fn send(visitor: &Client, request: RequestBuilder) -> Page {
        let session = format!("session={}", visitor.token().expect("is signed in"));
        let response = request.header(COOKIE, session).send().await.expect("an answer");
        let header = |response: &Response, name| {
            response.headers().get(name).map_or("", |value| value.to_str().expect("text")).to_owned()
        };
        Page {
            status: response.status().as_u16(),
            location: header(&response, LOCATION),
            retry_after: header(&response, RETRY_AFTER),
            html: response.text().await.expect("a page"),
        }
    }
}
