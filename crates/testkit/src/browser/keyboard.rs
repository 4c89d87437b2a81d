use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
pub use fantoccini::key::Key;

use super::Browser;

/// More Tab stops than any page has.
const STEPS: usize = 120;

/// Removes the focus and restores it afterwards.
const MARKED: &str = "
    const focused = document.activeElement;
    const look = () => {
        const marks = [];
        for (let element = focused; element; element = element.parentElement)
            for (const part of [null, '::before', '::after']) {
                const style = getComputedStyle(element, part);
                marks.push(style.outlineStyle === 'none' ? '' : style.outline, style.boxShadow);
            }
        return marks.join();
    };
    const with_focus = look();
    focused.blur();
    const without = look();
    focused.focus({focusVisible: true, preventScroll: true});
    return with_focus !== without;";

impl Browser {
    /// Presses keys one after the other on the focused element.
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

    /// Types text into the focused element.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn type_text(&self, text: &str) {
        let strokes = text.chars().fold(KeyActions::new("keyboard".to_owned()), |strokes, value| {
            strokes.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.client.perform_actions(strokes).await.expect("text can be typed");
    }

    /// Presses Tab until the element of that name has the focus.
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

    /// The name of the focused element.
    ///
    /// # Panics
    /// If no element has the focus.
    pub async fn focus(&self) -> String {
        let focused = self.focused().await;
        self.name(&focused).await.expect("what has the focus has a name")
    }

    /// Whether the focus is visible: the outline or shadow of the focused element, or of one around it,
    /// disappears when it loses the focus.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn focus_is_visible(&self) -> bool {
        self.script(MARKED).await == serde_json::Value::Bool(true)
    }

    async fn focused(&self) -> Element {
        self.client.active_element().await.expect("something has the focus")
    }
}
