use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::Browser;

impl Browser {
    /// Writes a screenshot of the whole page as PNG.
    ///
    /// # Panics
    /// If it cannot be written.
    pub async fn screenshot(&self, file: &Path) {
        let size = &self.devtools("Page.getLayoutMetrics", json!({})).await["cssContentSize"];
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let parameters = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let picture = self.devtools("Page.captureScreenshot", parameters).await;
        let data = STANDARD.decode(picture["data"].as_str().unwrap_or_default()).expect("a picture in base64");
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory).expect("the directory can be made");
        }
        fs::write(file, data).unwrap_or_else(|error| panic!("{} cannot be written: {error}", file.display()));
    }

    /// Fails the test with the page's text and a screenshot.
    pub(super) async fn fail(&self, complaint: &str) -> ! {
        let file = failure();
        self.screenshot(&file).await;
        let (path, text) = (self.path().await, self.text().await);
        let complaints = self.complaints().await.join("\n");
        panic!("{complaint} on {path}, which shows:\n{text}\n{complaints}\n(see {})", file.display());
    }
}

/// A new file in the build directory.
fn failure() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots/failures");
    directory.join(format!("{}-{count}.png", std::process::id()))
}
