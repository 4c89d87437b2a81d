use std::path::Path;

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
        self.open_with(site, look, &[]).await
    }

    /// The same before a camera that shows this film, again and again: JPEGs, one after the other, in a file that is
    /// called `.mjpeg`.
    ///
    /// # Panics
    /// If there is no Chromium, or it does not start.
    pub async fn open_before(&self, site: &str, look: Look, film: &Path) -> Browser {
        let film = format!("--use-file-for-fake-video-capture={}", film.display());
        self.open_with(site, look, &["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", &film])
            .await
    }

    async fn open_with(&self, site: &str, look: Look, arguments: &[&str]) -> Browser {
        let chromium = ChromeDriver::chromium();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        if let serde_json::Value::Object(capabilities) = look.capabilities(&chromium.to_string_lossy(), arguments) {
            builder.capabilities(capabilities);
        }
        let client = builder.connect(&self.0.url()).await;
        let client = client.unwrap_or_else(|error| panic!("{} does not start: {error}", chromium.display()));
        let browser = Browser { client, site: site.to_owned() };
        browser.devtools("Emulation.setEmulatedMedia", look.media()).await;
        browser
    }
}
