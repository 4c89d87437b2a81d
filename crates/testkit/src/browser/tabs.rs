use fantoccini::wd::WindowHandle;

use super::Browser;

/// A tab of a browser.
#[derive(Debug, Clone)]
pub struct Tab(WindowHandle);

impl Browser {
    /// Opens another tab, and is in that from now on. Says in which it was before.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn open_tab(&self) -> Tab {
        let before = self.client.window().await.expect("the browser shows a tab");
        let opened = self.client.new_window(true).await.expect("a tab opens");
        self.turn_to(opened.handle).await;
        Tab(before)
    }

    /// Closes this other tab, and goes on in the one that it was in.
    ///
    /// # Panics
    /// If the browser is gone, or the tab.
    pub async fn close_tab(&self, other: Tab) {
        let mine = self.client.window().await.expect("the browser shows a tab");
        self.turn_to(other.0).await;
        self.client.close_window().await.expect("the tab closes");
        self.turn_to(mine).await;
    }

    /// Is in this other tab from now on. Says in which it was before.
    ///
    /// # Panics
    /// If the browser is gone, or the tab.
    pub async fn switch_to(&self, other: Tab) -> Tab {
        let before = self.client.window().await.expect("the browser shows a tab");
        self.turn_to(other.0).await;
        Tab(before)
    }

    async fn turn_to(&self, tab: WindowHandle) {
        self.client.switch_to_window(tab).await.expect("there is such a tab");
    }
}
