use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
pub use fantoccini::key::Key;

use super::Browser;

/// More steps than any page has.
const STEPS: usize = 120;

impl Browser {
    /// Presses keys, one after the other, wherever the focus is.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn keys(&self, keys: &[Key]) {
        for key in keys {
            let value = (*key).into();
            let stroke = KeyActions::new("keyboard".to_owned());
            let stroke = stroke.then(KeyAction::Down { value }).then(KeyAction::Up { value });
            self.client.perform_actions(stroke).await.expect("keys can be pressed");
        }
    }

    /// Types text wherever the focus is.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn type_text(&self, text: &str) {
        let strokes = text.chars().fold(KeyActions::new("keyboard".to_owned()), |strokes, value| {
            strokes.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.client.perform_actions(strokes).await.expect("text can be typed");
    }

    /// Presses Tab until the focus is on what has that name.
    ///
    /// # Panics
    /// If it never gets there.
    pub async fn tab_to(&self, name: &str) {
        for _ in 0..STEPS {
            self.keys(&[Key::Tab]).await;
            if self.focus().await == name {
                return;
            }
        }
        self.fail(&format!("no number of Tabs leads to {name:?}")).await;
    }

    /// The name of what has the focus.
    ///
    /// # Panics
    /// If nothing has.
    pub async fn focus(&self) -> String {
        let focused = self.focused().await;
        self.name(&focused).await.expect("what has the focus has a name")
    }

    /// Whether people see where the focus is: something about its outline or shadow shows it.
    ///
    /// # Panics
    /// If nothing has the focus.
    pub async fn focus_is_visible(&self) -> bool {
        let focused = self.focused().await;
        let outline = focused.css_value("outline-style").await.expect("it has a style");
        let shadow = focused.css_value("box-shadow").await.expect("it has a style");
        outline != "none" || shadow != "none"
    }

    async fn focused(&self) -> Element {
        self.client.active_element().await.expect("something has the focus")
    }
}
