//! Real browsers, driven as users do: elements are found by their accessible names.
//!
//! Everything except [`Browser::axe`] and [`Browser::layout_shifts`] works with JavaScript off, too.

mod accessibility;
mod acting;
mod authenticator;
mod command;
mod keyboard;
mod look;
mod measures;
mod opening;
mod paper;
mod parts;
mod picture;
mod reading;
mod tabs;

pub use accessibility::Violation;
pub use authenticator::Authenticator;
pub use keyboard::Key;
pub use look::{Look, Scheme};
pub use measures::Transfer;
pub use opening::Browsers;
pub use paper::pages_of;
pub use tabs::Tab;

use std::time::Duration;

use fantoccini::Client;
use serde_json::json;

/// How long an element may take to appear. Generous: the machine may be compiling.
const PATIENCE: Duration = Duration::from_secs(60);
/// The polling interval.
const POLL: Duration = Duration::from_millis(25);

/// A browser with its own cookies that shows one page.
pub struct Browser {
    client: Client,
    site: String,
}

impl Browser {
    /// Opens a path of the site, or a URL, and waits until it is loaded.
    ///
    /// # Panics
    /// If there is no response.
    pub async fn open(&self, path: &str) {
        let url = if path.starts_with('/') { format!("{}{path}", self.site) } else { path.to_owned() };
        self.client.goto(&url).await.unwrap_or_else(|error| panic!("{url} does not open: {error}"));
    }

    /// Loads the page again.
    ///
    /// # Panics
    /// If there is no response.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the page loads again");
    }

    /// The present URL: path and query.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.expect("the browser is somewhere");
        url.as_str().strip_prefix(&self.site).unwrap_or(url.as_str()).to_owned()
    }

    /// Takes over the session of a user who signed in elsewhere. `url` is any URL of the site.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn sign_in(&self, url: &str, session: &str) {
        let cookie = json!({"name": "session", "value": session, "url": url, "httpOnly": true});
        self.devtools("Network.setCookie", cookie).await;
    }

    /// Clears cookies and cache, and what service workers of the present page's site keep.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn start_over(&self) {
        self.devtools("Network.clearBrowserCookies", json!({})).await;
        self.devtools("Network.clearBrowserCache", json!({})).await;
        let here = self.client.current_url().await.expect("the browser is somewhere").origin();
        if here.is_tuple() {
            let kept = json!({"origin": here.ascii_serialization(), "storageTypes": "service_workers,cache_storage"});
            self.devtools("Storage.clearDataForOrigin", kept).await;
        }
    }
}
