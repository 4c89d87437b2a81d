use crate::browser::Browser;

/// A page in one of its states, and how to reach it.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its name in the names of files.
    pub name: &'static str,
    /// Its main heading, which shows that it is loaded.
    pub heading: String,
    pub(super) url: String,
    pub(super) session: Option<String>,
    pub(super) actions: Vec<Action>,
    /// Its HTTP status.
    pub(super) status: u16,
}

/// What to do once the page is open.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Fill the field with that label.
    Fill(&'static str, &'static str),
    /// Choose this option of the select with that label.
    Choose(&'static str, &'static str),
    /// Press the button of that name.
    Press(&'static str),
    /// Wait until that text is shown.
    See(&'static str),
}

impl Page {
    /// Opens it in the browser, as on a first visit.
    ///
    /// # Panics
    /// If another page is shown.
    pub async fn visit(&self, browser: &Browser) {
        browser.start_over().await;
        if let Some(session) = &self.session {
            browser.sign_in(&self.url, session).await;
        }
        browser.open(&self.url).await;
        for action in &self.actions {
            match action {
                Action::Fill(label, text) => browser.fill(label, text).await,
                Action::Choose(label, option) => browser.choose(label, option).await,
                Action::Press(button) => browser.press(button).await,
                Action::See(text) => browser.sees(text).await,
            }
        }
        browser.is_headed(&self.heading).await;
    }

    /// Whether it is shown as soon as its address is opened.
    pub fn is_opened(&self) -> bool {
        self.actions.is_empty()
    }

    /// Whether the browser's console reports nothing but the status that this page is supposed to have.
    pub fn explains(&self, complaint: &str) -> bool {
        // The URLs of forms are below those of their pages.
        let is_about_this = self.url.split('?').next().is_some_and(|url| complaint.starts_with(url));
        self.status >= 400 && is_about_this && complaint.contains(&format!("status of {}", self.status))
    }
}
