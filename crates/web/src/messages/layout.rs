use std::time::Duration;

/// The layout of every page.
pub(crate) struct Layout {
    pub(crate) name: &'static str,
    /// For those who have not opened a page yet.
    pub(crate) description: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) navigation: &'static str,
    pub(crate) menu: &'static str,
    pub(crate) browse: &'static str,
    pub(crate) sell: &'static str,
    pub(crate) my_listings: &'static str,
    pub(crate) my_orders: &'static str,
    pub(crate) account: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) sign_up: &'static str,
    /// Of a page that shows changes as they happen, while it cannot.
    pub(crate) not_live: &'static str,
    pub(crate) live_again: &'static str,
    pub(crate) signed_out: &'static str,
    pub(crate) sign_in_again: &'static str,
    /// What every buyer can rely on. Only what is true. Takes for how long a ticket is kept for them.
    pub(crate) guarantee: fn(&str) -> String,
    pub(crate) period: fn(Duration) -> String,
    /// What the links at the end of a page are about.
    pub(crate) about: &'static str,
    pub(crate) help: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) terms: &'static str,
    pub(crate) privacy: &'static str,
    pub(crate) for_developers: &'static str,
    /// Whose time it is; takes the place.
    pub(crate) time_of: fn(&str) -> String,
    /// `{}` is replaced by the same moment in the visitor's own time.
    pub(crate) your_time: &'static str,
    pub(crate) add_to_calendar: &'static str,
}

pub(super) const ENGLISH: Layout = Layout {
    name: "Ticketing",
    description: "Buy tickets from people who cannot go, and sell yours. The ticket you choose is kept for you while you \
        pay.",
    skip: "Skip to the content",
    navigation: "Main",
    menu: "Menu",
    browse: "Browse",
    sell: "Sell",
    my_listings: "My listings",
    my_orders: "My orders",
    account: "Account",
    sign_out: "Sign out",
    sign_in: "Sign in",
    sign_up: "Sign up",
    not_live: "Not live: there is no connection, and what you see may have changed. Trying again …",
    live_again: "Live again.",
    signed_out: "You are signed out here.",
    sign_in_again: "Sign in again",
    guarantee: |window| {
        format!("While you pay, the ticket you chose is kept for you alone, for up to {window}, at the price you saw.")
    },
    period,
    about: "About this site",
    help: "Help",
    operator: "Who runs this site",
    terms: "Terms",
    privacy: "Privacy",
    for_developers: "For developers",
    time_of: |place| format!("{place} time"),
    your_time: "{} your time",
    add_to_calendar: "Add to calendar",
};

/// A length of time in its largest whole unit. What is less than a second of it is left out, so that it never says too
/// much.
fn period(length: Duration) -> String {
    let seconds = length.as_secs();
    let (count, unit) = match seconds {
        0 => return "less than a second".to_owned(),
        _ if seconds.is_multiple_of(60 * 60) => (seconds / (60 * 60), "hour"),
        _ if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_said_in_its_largest_whole_unit() {
        for (millis, said) in [
            (15 * 60_000, "15 minutes"),
            (60_000, "1 minute"),
            (2_000, "2 seconds"),
            (90_000, "90 seconds"),
            (1_999, "1 second"),
            (999, "less than a second"),
            (3_600_000, "1 hour"),
            (7_200_000, "2 hours"),
        ] {
            assert_eq!(period(Duration::from_millis(millis)), said);
        }
    }
}
