use std::time::Instant;

use fantoccini::Locator;

use super::parts::{Part, is_of_another_page};
use super::{Browser, PATIENCE};

impl Browser {
    /// Clicks the button of that name and waits for the page it leads to, if any.
    ///
    /// # Panics
    /// If there is none, or it is covered.
    pub async fn press(&self, name: &str) {
        self.click(Part::Button, name).await;
    }

    /// Follows the link of that name.
    ///
    /// # Panics
    /// If there is none, or it is covered.
    pub async fn follow(&self, name: &str) {
        self.click(Part::Link, name).await;
    }

    /// To the page before, as the browser's button does. Not by `history.back()`: if the page that ran a script is gone
    /// before its answer is, chromedriver runs the script again, on the page before.
    ///
    /// # Panics
    /// If the browser refuses.
    pub async fn go_back(&self) {
        self.client.back().await.unwrap_or_else(|error| panic!("there is no way back: {error}"));
    }

    /// Replaces the content of the field with that label. Dates and times have the form `2027-06-01T19:30`.
    ///
    /// # Panics
    /// If there is none, or nothing can be typed into it.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.part(Part::Field, label).await;
        let kind = field.attr("type").await.expect("a field has attributes");
        field.clear().await.unwrap_or_else(|error| panic!("{label:?} cannot be emptied: {error}"));
        let typed = field.send_keys(&keys_for(kind.as_deref(), text)).await;
        typed.unwrap_or_else(|error| panic!("{text:?} cannot be typed into {label:?}: {error}"));
    }

    /// Chooses an option of the select with that label.
    ///
    /// # Panics
    /// If there is no option containing that text.
    pub async fn choose(&self, label: &str, option: &str) {
        let select = self.part(Part::Field, label).await;
        for candidate in select.find_all(Locator::Css("option")).await.expect("a select has options") {
            if candidate.text().await.is_ok_and(|text| text.contains(option)) {
                return candidate.click().await.unwrap_or_else(|error| panic!("{option:?} cannot be chosen: {error}"));
            }
        }
        self.fail(&format!("{label:?} has no option {option:?}")).await;
    }

    async fn click(&self, part: Part, name: &str) {
        let began = Instant::now();
        while let Err(error) = self.part(part, name).await.click().await {
            // Live updates may replace the element that was just found.
            if !is_of_another_page(&error) || began.elapsed() > PATIENCE {
                self.fail(&format!("{name:?} cannot be clicked: {error}")).await;
            }
        }
    }
}

/// The keystrokes for a value: dates are typed in the American order.
fn keys_for(kind: Option<&str>, text: &str) -> String {
    let date = |text: &str| match text.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => format!("{month}{day}{year}"),
        _ => panic!("{text:?} is no date"),
    };
    match (kind, text.split_once('T')) {
        (Some("date"), _) => date(text),
        (Some("datetime-local"), Some((day, time))) => {
            let (hour, minute) = time.split_once(':').expect("hour and minute");
            let hour: u32 = hour.parse().expect("an hour");
            let half = if hour < 12 { "AM" } else { "PM" };
            // Tab moves from the year, which may have six digits, to the hour.
            format!("{}\u{e004}{:02}{minute}{half}", date(day), (hour + 11) % 12 + 1)
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_typed_in_american_order() {
        assert_eq!(keys_for(Some("date"), "2027-06-01"), "06012027");
        assert_eq!(keys_for(Some("datetime-local"), "2027-06-01T19:30"), "06012027\u{e004}0730PM");
        assert_eq!(keys_for(Some("datetime-local"), "2027-06-01T00:05"), "06012027\u{e004}1205AM");
        assert_eq!(keys_for(Some("text"), "2027-06-01"), "2027-06-01");
    }
}
