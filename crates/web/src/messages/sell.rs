use common::money::InvalidPrice;

/// Listing and editing tickets.
pub(crate) struct Sell {
    pub(crate) sell: &'static str,
    pub(crate) review_button: &'static str,
    pub(crate) review: Review,
    pub(crate) list_button: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) save_button: &'static str,
    pub(crate) save_over_button: &'static str,
    pub(crate) back_to_ticket: &'static str,
    pub(crate) conflict: Conflict,
    pub(crate) withdrawal: Withdrawal,
    pub(crate) form: TicketFields,
    pub(crate) rules: Rules,
    pub(crate) signed_out: &'static str,
    pub(crate) sign_in: &'static str,
    /// The form was sent before, with another content.
    pub(crate) listed_before: &'static str,
    /// Nobody answers.
    pub(crate) not_saved: &'static str,
    pub(crate) reserved: &'static str,
    pub(crate) reserved_words: &'static str,
    pub(crate) sold_words: &'static str,
    pub(crate) withdrawn_words: &'static str,
    pub(crate) begun_words: &'static str,
    pub(crate) unsealed_words: &'static str,
    pub(crate) unsealed_ours_words: &'static str,
    pub(crate) overdue_words: &'static str,
    pub(crate) free_again: &'static str,
    pub(crate) listings: &'static str,
    pub(crate) no_listings: &'static str,
    pub(crate) no_listings_words: &'static str,
    pub(crate) filter: &'static str,
    pub(crate) all: &'static str,
    pub(crate) for_sale: &'static str,
    pub(crate) unsealed: &'static str,
    pub(crate) reserved_filter: &'static str,
    pub(crate) sold: &'static str,
    pub(crate) withdrawn: &'static str,
    pub(crate) none_such: &'static str,
    pub(crate) edit_short: &'static str,
    pub(crate) withdraw_short: &'static str,
    /// Takes the title.
    pub(crate) withdraw_link: fn(&str) -> String,
    /// Takes the title, because several tickets have the same link text.
    pub(crate) edit_link: fn(&str) -> String,
    /// Followed by the moment.
    pub(crate) owed: &'static str,
    /// Of a ticket that we issue: whether it may be sold.
    pub(crate) standing_short: &'static str,
    /// Takes the title.
    pub(crate) standing_link: fn(&str) -> String,
    pub(crate) upload_short: &'static str,
    /// Takes the title.
    pub(crate) upload_link: fn(&str) -> String,
    pub(crate) load_more: &'static str,
    pub(crate) newest: &'static str,
}

/// The page that shows what will be for sale, before it is.
pub(crate) struct Review {
    pub(crate) heading: &'static str,
    pub(crate) words: &'static str,
    /// What happens when it is listed.
    pub(crate) then: &'static str,
    /// The same, where the ticket is uploaded before.
    pub(crate) then_upload: &'static str,
    /// The same, where we issue it.
    pub(crate) then_ours: &'static str,
    /// How the buyer gets it: the second is followed by the moment, and that by the third.
    pub(crate) sealed: &'static str,
    pub(crate) later: &'static str,
    pub(crate) later_else: &'static str,
    pub(crate) change: &'static str,
    /// The event has been moved since.
    pub(crate) moved: &'static str,
}

/// What a seller sees who has been overtaken by another change of the same ticket.
pub(crate) struct Conflict {
    pub(crate) heading: &'static str,
    pub(crate) words: &'static str,
    /// Nothing differs.
    pub(crate) same: &'static str,
    pub(crate) now: &'static str,
    pub(crate) yours: &'static str,
    pub(crate) discard: &'static str,
}

/// The page that asks whether to withdraw a ticket.
pub(crate) struct Withdrawal {
    pub(crate) heading: &'static str,
    pub(crate) words: &'static str,
    pub(crate) button: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) reserved: &'static str,
    pub(crate) sold: &'static str,
    pub(crate) away: &'static str,
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
    pub(crate) starts_at_hint: &'static str,
    pub(crate) time_zone: &'static str,
    pub(crate) time_zone_hint: &'static str,
    pub(crate) tier: &'static str,
    /// Takes the currency of all tickets to the event.
    pub(crate) in_currency: fn(&str) -> String,
    /// Takes a price: tickets of a kind that is named before may not cost more.
    pub(crate) at_most: fn(&str) -> String,
    pub(crate) delivery: &'static str,
    pub(crate) delivery_mode: &'static str,
    pub(crate) delivery_hint: &'static str,
    pub(crate) delivery_hint_soon: &'static str,
    /// Of a ticket that we issue: the second if its seller has bought it here.
    pub(crate) delivery_hint_ours: &'static str,
    pub(crate) delivery_sold_on: &'static str,
    pub(crate) delivery_later: &'static str,
    pub(crate) delivery_sealed: &'static str,
    pub(crate) delivery_ours: &'static str,
    pub(crate) delivery_nothing: &'static str,
    pub(crate) until: &'static str,
    pub(crate) until_hint: &'static str,
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
    /// Of a moment that cannot be read.
    pub(crate) until: &'static str,
    /// Of what is handed in later, to something of which nobody has said when it begins.
    pub(crate) later_without_start: &'static str,
    /// Of what is handed in later, a day before what begins before that.
    pub(crate) later_too_soon: &'static str,
    /// Takes the time that no clock at the venue shows.
    pub(crate) skipped: fn(&str) -> String,
}

pub(super) const ENGLISH: Sell = Sell {
    sell: "Sell a ticket",
    review_button: "Review listing",
    review: Review {
        moved: "The event has been moved since you saw this. It now takes place as it says here.",
        heading: "Review your listing",
        words: "Nothing is for sale yet. This is what buyers will see.",
        then: "Once you list it, it is for sale at once. You can change or withdraw it while nobody is buying it.",
        then_upload: "Once you list it, you upload the ticket: then it is for sale. You can change or withdraw it while nobody is \
            buying it.",
        then_ours: "Once you list it, we make sure that it is yours to sell: then it is for sale. You can change or withdraw it \
            while nobody is buying it.",
        sealed: "You upload the ticket next. Its buyer gets it the moment they have paid.",
        later: "You hand in the ticket before",
        later_else: "If it is sold and you have not by then, the buyer gets the money back.",
        change: "Change",
    },
    list_button: "List ticket",
    edit: "Edit ticket",
    save_button: "Save changes",
    save_over_button: "Save over it",
    back_to_ticket: "Back to the ticket",
    conflict: Conflict {
        heading: "This ticket has been changed in the meantime",
        words: "What you typed has not been saved. It is still below: save it over what the ticket is now, \
            or leave the ticket as it is.",
        same: "It already is what you typed.",
        now: "Now",
        yours: "You typed",
        discard: "Leave it as it is now",
    },
    withdrawal: Withdrawal {
        heading: "Withdraw this ticket?",
        words: "Nobody will be able to buy it any more. This is for good; you still see it among your listings.",
        button: "Withdraw ticket",
        keep: "No, keep it for sale",
        reserved: "Someone is buying this ticket, so it cannot be withdrawn now. \
            If they do not pay in time, you can withdraw it.",
        sold: "This ticket is sold, so it cannot be withdrawn.",
        away: "It could not be withdrawn just now: a part of the marketplace does not answer. \
            It is still for sale. Please try again in a moment.",
    },
    form: TicketFields {
        title: "Title",
        title_hint: "What buyers see first, such as “Hamilton, front row of the stalls”.",
        price: "Price",
        price_hint: "For example 20.50",
        currency: "Currency",
        details: "Event details (optional)",
        event: "Event",
        venue: "Venue",
        starts_at: "Date and time",
        starts_at_hint: "As the clocks at the venue show it.",
        time_zone: "Time zone",
        time_zone_hint: "Where the venue is: a city such as Europe/Berlin.",
        tier: "Kind of ticket",
        in_currency: |currency| format!("All tickets to it are sold in {currency}."),
        at_most: |price| format!("At most {price}"),
        delivery: "How the buyer gets it",
        delivery_mode: "The ticket itself",
        delivery_hint: "Uploaded now, it is with its buyer the moment they have paid. Later is possible up to a day before the \
            event; if you miss it, the buyer gets the money back. If you do not say when the event is, nothing is promised.",
        delivery_hint_soon: "Uploaded now, it is with its buyer the moment they have paid. Later is not possible any more: the \
            event begins within a day.",
        delivery_hint_ours: "A ticket that we issue is a code, which its buyer has the moment they have paid: at the door page of \
            this site it lets them in.",
        delivery_sold_on: "Its buyer gets a new code the moment they have paid. Then yours does not let anybody in any more.",
        delivery_later: "I hand it in later",
        delivery_sealed: "I upload it now",
        delivery_ours: "We issue the ticket",
        delivery_nothing: "Not handed over here: nothing is promised",
        until: "Later, but before (optional)",
        until_hint: "As the clocks at the venue show it. If you leave it empty: a day before the event.",
        section: "Section",
        row: "Row",
        seat: "Seat",
    },
    rules: Rules {
        missing: "{field} is required",
        too_long: "{field} must be at most 200 characters",
        control_characters: "{field} must not contain control characters",
        price: |broken| broken.to_string(),
        until: "Say a date and a time that there is at the venue, and the time zone of the venue",
        later_without_start: "Say when it begins: a ticket that you hand in later is due a day before that",
        later_too_soon: "It begins too soon for this: a ticket that you hand in later is due a day before. Upload it now instead",
        skipped: |time| format!("There is no {time} at the venue: the clocks there are put forward past it"),
    },
    signed_out: "You have been signed out. What you typed is still here: sign in, then send it again.",
    sign_in: "Sign in in a new tab",
    listed_before: "You have sent this form before, and that ticket is among your listings. \
        To list this one as well, send it again.",
    not_saved: "This could not be saved just now: a part of the marketplace does not answer. \
        What you typed is still here. Please send it again in a moment.",
    reserved: "Cannot edit a reserved ticket",
    reserved_words: "Someone is buying it. If they do not pay in time, you can go on here.",
    sold_words: "It is sold.",
    withdrawn_words: "This ticket is withdrawn, so it cannot be changed. To sell it after all, list it again.",
    begun_words: "The event has begun, so nobody can buy this ticket.",
    unsealed_words: "This ticket is not for sale yet: upload it first.",
    unsealed_ours_words: "This ticket is not for sale yet: it is once we know that it is yours to sell.",
    overdue_words: "The time by which you were to hand in this ticket is over, so nobody can buy it. \
        Say another date, or that you upload it before it is for sale.",
    free_again: "The ticket is for sale again. You can save your changes.",
    listings: "My listings",
    no_listings: "You have not listed a ticket yet",
    no_listings_words: "A title and a price are enough to begin with.",
    filter: "Show",
    all: "All",
    for_sale: "For sale",
    unsealed: "Not for sale yet",
    reserved_filter: "Reserved",
    sold: "Sold",
    withdrawn: "Withdrawn",
    none_such: "None of your tickets is here.",
    edit_short: "Edit",
    withdraw_short: "Withdraw",
    withdraw_link: |title| format!("Withdraw {title}"),
    edit_link: |title| format!("Edit {title}"),
    owed: "Sold. Hand in the ticket before",
    standing_short: "How it stands",
    standing_link: |title| format!("How {title} stands"),
    upload_short: "Upload",
    upload_link: |title| format!("Upload {title}"),
    load_more: "Load more",
    newest: "Back to the newest",
};
