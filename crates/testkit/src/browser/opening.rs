use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;

use super::{Browser, Look};
use crate::engines::ChromeDriver;

/// The browsers of a test. They are closed when this is dropped.
pub struct Browsers(ChromeDriver);

impl Browsers {
    /// None yet.
    ///
    /// # Panics
    /// If there is no chromedriver.
    pub async fn launch() -> Self {
        Self(ChromeDriver::launch().await)
    }

    /// A new browser for a site that it has not visited before: a URL without a path.
    ///
    /// # Panics
    /// If there is no Chromium, or it does not start.
    pub async fn open(&self, site: &str, look: Look) -> Browser {
        let chromium = ChromeDriver::chromium();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        if let serde_json::Value::Object(capabilities) = look.capabilities(&chromium.to_string_lossy()) {
            builder.capabilities(capabilities);
        }
        let client = builder.connect(&self.0.url()).await;
        let client = client.unwrap_or_else(|error| panic!("{} does not start: {error}", chromium.display()));
        let browser = Browser { client, site: site.to_owned() };
        browser.devtools("Emulation.setEmulatedMedia", look.media()).await;
        browser
    }
}
