use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use client::Client;
use futures::{StreamExt, TryStreamExt, stream};
use http::{HeaderName, HeaderValue};

use super::site::PASSWORD;

/// How many sign up at once.
const AT_ONCE: usize = 8;

/// The people who come to a site. Clones number their users together.
#[derive(Debug, Clone)]
pub(super) struct People {
    pub(super) base: Client,
    count: Arc<AtomicU32>,
    /// Whether each user comes from an address of their own, which the site's proxy tells.
    have_addresses: bool,
}

impl People {
    pub(super) fn new(base: Client) -> Self {
        Self { base, count: Arc::default(), have_addresses: false }
    }

    /// The same, each at an address of their own.
    pub(super) fn with_addresses(self) -> Self {
        Self { have_addresses: true, ..self }
    }

    /// A new user.
    pub(super) async fn user(&self, role: &str) -> Result<Client> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let own = Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 0, 0, 0)) + number);
        let visitor = if self.have_addresses { from(&self.base, own)? } else { self.base.anonymous() };
        visitor.sign_up(&format!("{role}-{number}@example.com"), PASSWORD).await.context("signs up")?;
        Ok(visitor)
    }

    /// So many new users who all come from this address.
    pub(super) async fn users_at(&self, address: Ipv4Addr, role: &str, count: usize) -> Result<Vec<Client>> {
        let signing_up = stream::iter(0..count).map(|_| async move {
            let (visitor, number) = (from(&self.base, address)?, self.count.fetch_add(1, Ordering::Relaxed));
            visitor.sign_up(&format!("{role}-{number}@example.com"), PASSWORD).await.context("signs up")?;
            anyhow::Ok(visitor)
        });
        signing_up.buffered(AT_ONCE).try_collect().await
    }
}

/// A visitor of whom the site's proxy says that they come from this address.
fn from(base: &Client, address: Ipv4Addr) -> Result<Client> {
    let address = HeaderValue::from_str(&address.to_string())?;
    Ok(base.anonymous().with_header(HeaderName::from_static("x-forwarded-for"), address))
}
