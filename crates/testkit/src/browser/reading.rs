use std::time::Instant;

use fantoccini::Locator;
use serde_json::json;

use super::command::Command;
use super::parts::{Part, is_of_another_page};
use super::{Browser, PATIENCE, POLL};

impl Browser {
    /// Waits until the page contains this text.
    ///
    /// # Panics
    /// If it does not, with its text.
    pub async fn sees(&self, text: &str) {
        self.until(&format!("{text:?} does not appear"), async |browser| browser.text().await.contains(text)).await;
    }

    /// Waits until the page no longer contains this text.
    ///
    /// # Panics
    /// If it still does, with its text.
    pub async fn sees_no_more(&self, text: &str) {
        self.until(&format!("{text:?} does not disappear"), async |browser| !browser.text().await.contains(text)).await;
    }

    /// Waits until the page has this main heading.
    ///
    /// # Panics
    /// If it never does, with its text.
    pub async fn is_headed(&self, heading: &str) {
        self.until(&format!("the heading {heading:?} does not appear"), async |browser| {
            browser.heading().await == heading
        })
        .await;
    }

    /// Waits until a condition holds.
    ///
    /// # Panics
    /// If it never does, with `complaint` and the page's text.
    pub async fn until(&self, complaint: &str, condition: impl AsyncFn(&Self) -> bool) {
        let began = Instant::now();
        while !condition(self).await {
            if began.elapsed() > PATIENCE {
                self.fail(complaint).await;
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits until the page is loaded to its end. A form that is sent before takes the place of its page in the history.
    ///
    /// # Panics
    /// If it never is.
    pub async fn is_loaded(&self) {
        let state = "return document.readyState";
        self.until("the page goes on loading", async |browser| browser.script(state).await == "complete").await;
    }

    /// The page's main heading; empty if there is none.
    pub async fn heading(&self) -> String {
        self.text_of("h1").await
    }

    /// The page's text, in one line.
    pub async fn text(&self) -> String {
        self.text_of("body").await
    }

    /// The text of the first element that matches a CSS selector, in one line; empty if there is none.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn text_of(&self, selector: &str) -> String {
        let text = match self.client.find(Locator::Css(selector)).await {
            Ok(element) => element.text().await,
            Err(error) => Err(error),
        };
        match text {
            Ok(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Err(error) if is_of_another_page(&error) => String::new(),
            Err(error) => panic!("the browser does not answer: {error}"),
        }
    }

    /// How many elements match a CSS selector.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn count(&self, selector: &str) -> usize {
        self.client.find_all(Locator::Css(selector)).await.expect("the browser answers").len()
    }

    /// Whether there is an enabled button of that name.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn offers(&self, button: &str) -> bool {
        match self.present(Part::Button, button).await {
            Some(button) => button.is_enabled().await.unwrap_or(false),
            None => false,
        }
    }

    /// The value of the field with that label.
    ///
    /// # Panics
    /// If there is none.
    pub async fn value(&self, label: &str) -> String {
        let field = self.part(Part::Field, label).await;
        field.prop("value").await.expect("fields have values").unwrap_or_default()
    }

    /// The browser's console messages since the previous call: script errors, violations of the content
    /// security policy, failed requests.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.issue(Command::post("se/log", json!({"type": "browser"}))).await.expect("there is a log");
        let entries = log.as_array().into_iter().flatten();
        let serious = entries.filter(|entry| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")));
        serious.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }
}
