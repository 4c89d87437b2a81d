use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fantoccini::Locator;
use serde_json::json;

use super::Browser;

impl Browser {
    /// The page as a PDF, as it is printed on A4.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn print(&self) -> Vec<u8> {
        let paper = json!({"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": true});
        let printed = self.devtools("Page.printToPDF", paper).await;
        STANDARD.decode(printed["data"].as_str().unwrap_or_default()).expect("a PDF in base64")
    }

    /// Chooses a file in the page's field for one.
    ///
    /// # Panics
    /// If there is none.
    pub async fn choose_file(&self, file: &Path) {
        let field = self.client.find(Locator::Css("input[type=file]")).await.expect("there is a field for a file");
        field.send_keys(&file.display().to_string()).await.expect("it takes the file");
    }
}

/// How many pages a PDF has that Chromium has made.
pub fn pages_of(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.matches("/Type /Page").count() - text.matches("/Type /Pages").count()
}
