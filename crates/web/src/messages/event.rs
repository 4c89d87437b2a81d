/// An event's page.
pub(crate) struct Event {
    /// Takes the lowest price and the number of tickets.
    pub(crate) from: fn(&str, usize) -> String,
    /// Takes the event.
    pub(crate) about: fn(&str) -> String,
    pub(crate) tickets: &'static str,
    pub(crate) tiers: &'static str,
    pub(crate) any: &'static str,
    pub(crate) together: &'static str,
    /// Takes how many.
    pub(crate) so_many_together: fn(usize) -> String,
    pub(crate) so_many_or_more: fn(usize) -> String,
    pub(crate) any_number: &'static str,
    /// The heading where only those are shown.
    pub(crate) tickets_together: &'static str,
    /// What that means.
    pub(crate) together_words: &'static str,
    /// Takes how many tickets it was looked among, where there are more.
    pub(crate) among: fn(usize) -> String,
    pub(crate) none_together: &'static str,
    pub(crate) none: &'static str,
    pub(crate) none_words: &'static str,
    pub(crate) none_of_tier: &'static str,
    pub(crate) begun: &'static str,
    pub(crate) moved: &'static str,
    pub(crate) cancelled: &'static str,
    /// Instead of its tickets.
    pub(crate) none_of_cancelled: &'static str,
    pub(crate) load_more: &'static str,
    pub(crate) beginning: &'static str,
    pub(crate) sell: &'static str,
    pub(crate) find: Find,
    pub(crate) add: Add,
}

/// Where a seller looks for the event that a ticket is to.
pub(crate) struct Find {
    pub(crate) heading: &'static str,
    pub(crate) words: &'static str,
    pub(crate) label: &'static str,
    pub(crate) button: &'static str,
    pub(crate) none: &'static str,
    pub(crate) no_further: &'static str,
    pub(crate) more: &'static str,
    pub(crate) beginning: &'static str,
    pub(crate) add: &'static str,
    pub(crate) other: &'static str,
}

/// Where somebody adds an event.
pub(crate) struct Add {
    pub(crate) heading: &'static str,
    pub(crate) name: &'static str,
    pub(crate) venue: &'static str,
    pub(crate) city: &'static str,
    pub(crate) country: &'static str,
    pub(crate) currency_hint: &'static str,
    pub(crate) tiers: &'static str,
    pub(crate) tiers_hint: &'static str,
    /// Of each row: the name, and the face value.
    pub(crate) tier_fields: [(&'static str, &'static str); 3],
    pub(crate) button: &'static str,
    pub(crate) away: &'static str,
}

pub(super) const ENGLISH: Event = Event {
    from: |price, count| match count {
        1 => format!("{price} · 1 ticket"),
        client::Event::COUNTED.. => format!("from {price} · {} tickets or more", client::Event::COUNTED),
        count => format!("from {price} · {count} tickets"),
    },
    about: |event| format!("Tickets to {event}"),
    tickets: "Tickets, cheapest first",
    tiers: "Kinds of tickets",
    any: "Any",
    together: "Seats together",
    so_many_together: |count| format!("{count} together"),
    so_many_or_more: |count| format!("{count}+ together"),
    any_number: "Any number",
    together_words: "Seats that one seller offers, with numbers that follow each other: in one row, or in one section where \
        no row is given. Whichever have the cheapest seat come first. Each is bought by itself.",
    tickets_together: "Seats together, those with the cheapest seat first",
    among: |count| format!("These were looked for among the {count} cheapest tickets."),
    none_together: "Nobody offers so many seats together at the moment.",
    none: "No tickets at the moment",
    none_words: "As soon as somebody lists one it appears here.",
    none_of_tier: "There are no such tickets at the moment.",
    begun: "The event has begun, so there are no tickets for sale any more.",
    moved: "This event has been moved: it takes place as it says here.",
    cancelled: "This event is cancelled.",
    none_of_cancelled: "There are no tickets for sale any more.",
    load_more: "Load more",
    beginning: "Back to the cheapest",
    sell: "Sell a ticket for it",
    find: Find {
        heading: "Which event is it for?",
        words: "A ticket to a known event is found on that event's page, beside all others. You can also go on without.",
        label: "Find an event",
        button: "Find",
        none: "No event that is still to come is called so.",
        no_further: "There are no more events that are called so.",
        more: "More",
        beginning: "Back to the first",
        add: "Add an event",
        other: "Another event",
    },
    add: Add {
        heading: "Add an event",
        name: "Name",
        venue: "Venue",
        city: "City",
        country: "Country",
        currency_hint: "All tickets to the event are sold in it.",
        tiers: "Kinds of tickets",
        tiers_hint: "If you know them: for example Stalls, and the price that is printed on such a ticket. \
            If you give none, sellers say themselves what kind theirs is.",
        tier_fields: [
            ("First kind", "Its face value"),
            ("Second kind", "Face value of the second"),
            ("Third kind", "Face value of the third"),
        ],
        button: "Add event",
        away: "This could not be added just now: a part of the marketplace does not answer. \
            What you typed is still here. Please send it again in a moment.",
    },
};
