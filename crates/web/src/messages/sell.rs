use common::money::InvalidPrice;

/// Listing and editing tickets.
pub(crate) struct Sell {
    pub(crate) sell: &'static str,
    pub(crate) list_button: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) save_button: &'static str,
    pub(crate) back_to_ticket: &'static str,
    pub(crate) form: TicketFields,
    pub(crate) rules: Rules,
    pub(crate) signed_out: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) reserved: &'static str,
    pub(crate) reserved_words: &'static str,
    pub(crate) sold_words: &'static str,
    pub(crate) free_again: &'static str,
    pub(crate) listings: &'static str,
    pub(crate) no_listings: &'static str,
    pub(crate) no_listings_words: &'static str,
    pub(crate) edit_short: &'static str,
    /// Takes the title, because several tickets have the same link text.
    pub(crate) edit_link: fn(&str) -> String,
    pub(crate) load_more: &'static str,
    pub(crate) newest: &'static str,
}

/// The fields of the ticket form.
pub(crate) struct TicketFields {
    pub(crate) title: &'static str,
    pub(crate) title_hint: &'static str,
    pub(crate) price: &'static str,
    pub(crate) price_hint: &'static str,
    pub(crate) currency: &'static str,
    pub(crate) details: &'static str,
    pub(crate) event: &'static str,
    pub(crate) venue: &'static str,
    pub(crate) starts_at: &'static str,
    pub(crate) utc_hint: &'static str,
    /// `{zone}` is replaced by the name of the visitor's time zone.
    pub(crate) local_hint: &'static str,
    pub(crate) section: &'static str,
    pub(crate) row: &'static str,
    pub(crate) seat: &'static str,
}

/// The API's validation rules in its own words, for the script that validates before the form is sent.
/// `{field}` is replaced by the label of the field.
pub(crate) struct Rules {
    pub(crate) missing: &'static str,
    pub(crate) too_long: &'static str,
    pub(crate) control_characters: &'static str,
    pub(crate) price: fn(InvalidPrice) -> String,
}

pub(super) const ENGLISH: Sell = Sell {
    sell: "Sell a ticket",
    list_button: "List ticket",
    edit: "Edit ticket",
    save_button: "Save changes",
    back_to_ticket: "Back to the ticket",
    form: TicketFields {
        title: "Title",
        title_hint: "What buyers see first, such as “Two seats together for Hamilton”.",
        price: "Price",
        price_hint: "For example 20.50",
        currency: "Currency",
        details: "Event details (optional)",
        event: "Event",
        venue: "Venue",
        starts_at: "Date and time",
        utc_hint: "In UTC, coordinated universal time.",
        local_hint: "In your time ({zone}).",
        section: "Section",
        row: "Row",
        seat: "Seat",
    },
    rules: Rules {
        missing: "{field} is required",
        too_long: "{field} must be at most 200 characters",
        control_characters: "{field} must not contain control characters",
        price: |broken| broken.to_string(),
    },
    signed_out: "You have been signed out. What you typed is still here: sign in, then send it again.",
    sign_in: "Sign in in a new tab",
    reserved: "Cannot edit a reserved ticket",
    reserved_words: "Someone is buying it. If they do not pay in time, you can go on here.",
    sold_words: "It is sold.",
    free_again: "The ticket is for sale again. You can save your changes.",
    listings: "My listings",
    no_listings: "You have not listed a ticket yet",
    no_listings_words: "A title and a price are enough to begin with.",
    edit_short: "Edit",
    edit_link: |title| format!("Edit {title}"),
    load_more: "Load more",
    newest: "Back to the newest",
};
