use std::net::SocketAddr;
use std::time::Duration;

use client::{BaseUrls, Client};

use super::operator::OperatorSettings;
use super::process::ProcessSettings;
use super::services::{SessionSettings, web_address};

/// The settings of a process that serves the pages.
#[derive(Debug, Clone, clap::Args)]
pub struct WebSettings {
    /// Where to answer
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:3006", value_parser = super::listen_address, value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// Where auth answers
    #[arg(long, env = "AUTH_URL", default_value = "http://127.0.0.1:3001", value_parser = web_address, value_name = "URL")]
    pub auth_url: String,

    /// Where tickets answers
    #[arg(long, env = "TICKETS_URL", default_value = "http://127.0.0.1:3002", value_parser = web_address, value_name = "URL")]
    pub tickets_url: String,

    /// Where orders answers
    #[arg(long, env = "ORDERS_URL", default_value = "http://127.0.0.1:3003", value_parser = web_address, value_name = "URL")]
    pub orders_url: String,

    /// Where payments answers
    #[arg(long, env = "PAYMENTS_URL", default_value = "http://127.0.0.1:3005", value_parser = web_address, value_name = "URL")]
    pub payments_url: String,

    /// Where mail answers
    #[arg(long, env = "MAIL_URL", default_value = "http://127.0.0.1:3007", value_parser = web_address, value_name = "URL")]
    pub mail_url: String,

    /// Where delivery answers
    #[arg(long, env = "DELIVERY_URL", default_value = "http://127.0.0.1:3008", value_parser = web_address, value_name = "URL")]
    pub delivery_url: String,

    /// How long a buyer has to pay, as it is set for orders: the pages say so
    #[arg(long, env = "RESERVATION_WINDOW", default_value = "15m", value_parser = super::duration, value_name = "DURATION")]
    pub reservation: Duration,

    #[allow(missing_docs)]
    #[command(flatten)]
    pub operator: OperatorSettings,

    #[allow(missing_docs)]
    #[command(flatten)]
    pub sessions: SessionSettings,

    #[allow(missing_docs)]
    #[command(flatten)]
    pub process: ProcessSettings,
}

impl WebSettings {
    /// The API's client, with each service at its own address.
    ///
    /// # Errors
    /// If the client cannot be created.
    pub fn api(&self) -> Result<Client, client::Error> {
        let Self { auth_url, tickets_url, orders_url, payments_url, mail_url, delivery_url, .. } = self;
        let urls = BaseUrls::each(auth_url, tickets_url, orders_url, payments_url, mail_url, delivery_url)?;
        Client::with_base_urls(urls)
    }
}
