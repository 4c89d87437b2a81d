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
    pub(crate) promise: &'static str,
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
    promise: "A ticket is never sold twice, and money never goes missing.",
    for_developers: "For developers",
    time_of: |place| format!("{place} time"),
    your_time: "{} your time",
    add_to_calendar: "Add to calendar",
};
