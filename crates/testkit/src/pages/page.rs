use crate::browser::Browser;

/// A page in one of its states, and how to get there.
#[derive(Debug, Clone)]
pub struct Page {
    /// What it is called in the names of files.
    pub name: &'static str,
    /// Its main heading, by which one knows to have arrived.
    pub heading: String,
    pub(super) url: String,
    pub(super) session: Option<String>,
    pub(super) steps: Vec<Step>,
}

/// What is left to do once the page is open.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Fill the field with that label.
    Fill(&'static str, &'static str),
    /// Press the button of that name.
    Press(&'static str),
}

impl Page {
    /// Takes the browser there.
    ///
    /// # Panics
    /// If that is not where it leads.
    pub async fn visit(&self, browser: &Browser) {
        browser.forget().await;
        if let Some(session) = &self.session {
            browser.sign_in(&self.url, session).await;
        }
        browser.open(&self.url).await;
        for step in &self.steps {
            match step {
                Step::Fill(label, text) => browser.fill(label, text).await,
                Step::Press(button) => browser.press(button).await,
            }
        }
        browser.is_headed(&self.heading).await;
    }
}
