use super::{Comes, Names, Telling, Words};

pub(crate) static ENGLISH: Words = Words {
    language: "en",
    footer: |site| {
        format!("You get this because you have an account at {site}. It was sent by a machine that reads no replies.")
    },
    names: Names {
        ticket: "Ticket",
        event: "Event",
        venue: "Venue",
        date: "Date",
        date_now: "Date now",
        venue_now: "Venue now",
        time_of: |place| format!("{place} time"),
        tier: "Kind of ticket",
        seat: "Seat",
        seat_words: |section, row, seat| {
            let part = |name: &str, value: Option<&str>| value.map(|value| format!("{name} {value}"));
            let parts = [part("Section", section), part("Row", row), part("Seat", seat)];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        },
        price: "Price",
        order: "Order",
        device: "Signed in with",
    },
    bought: Telling {
        subject: "Your ticket",
        heading: "The ticket is yours",
        paragraphs: &["You have paid for it, and nobody else can buy it any more."],
        link: "See your order",
    },
    comes: Comes {
        at_once: "You find it on your order's page, which nobody else can open. The receipt is there, too.",
        later: |moment| {
            format!(
                "It comes to your order's page by {moment}, and we write to you once it is there. If it does not come, you \
                 get your money back in full, without your asking. The receipt is on that page now."
            )
        },
        not_promised: "Nothing was promised about the ticket itself: this site does not hand it over. Your order's page has the \
            receipt.",
        otherwise: "Your order's page has the receipt, and says how you get in.",
        owed: |moment| {
            format!(
                "Its buyer waits for the ticket itself. Hand it in by {moment}, unless you have done so already: else the sale \
                 is called off, and the buyer gets their money back."
            )
        },
    },
    delivered: Telling {
        subject: "Your ticket is here",
        heading: "Your ticket is here",
        paragraphs: &["You find it on your order's page, which nobody else can open."],
        link: "See your ticket",
    },
    sold: Telling {
        subject: "Sold",
        heading: "Your ticket is sold",
        paragraphs: &["Somebody has bought and paid for it. It cannot be changed or taken back any more."],
        link: "See your ticket",
    },
    expired: Telling {
        subject: "Your reservation has expired",
        heading: "Your reservation has expired",
        paragraphs: &[
            "You had begun to pay, but the payment was not complete when your time was up, so the ticket was set free.",
            "If any money was taken, it goes back to you, and we write to you when it has.",
        ],
        link: "See whether it is still for sale",
    },
    refunded: Telling {
        subject: "Refunded",
        heading: "Your money has gone back",
        paragraphs: &[],
        link: "See your order",
    },
    refund_failed: Telling {
        subject: "Your refund has not gone through",
        heading: "Your refund has not gone through",
        paragraphs: &["You need not do anything: we have been told of it as well."],
        link: "See your order",
    },
    not_delivered: Telling {
        subject: "Not delivered",
        heading: "Your ticket was not delivered",
        paragraphs: &[
            "Its seller has not given it to us by the moment that they had promised, so your order is cancelled.",
            "You get your money back, and we write to you when it has gone.",
        ],
        link: "See your order",
    },
    delivery_missed: Telling {
        subject: "You have not delivered your ticket",
        heading: "You have not delivered your ticket",
        paragraphs: &[
            "You had promised to give it to us by now. The sale is cancelled, and its buyer gets their money back.",
            "The ticket is not for sale any more.",
        ],
        link: "See your ticket",
    },
    not_issued: Telling {
        subject: "Not issued",
        heading: "Your ticket could not be issued",
        paragraphs: &[
            "Its seller does not have it any more, or somebody has gone in with it, so your order is cancelled.",
            "You get your money back, and we write to you when it has gone.",
        ],
        link: "See your order",
    },
    not_sold_on: Telling {
        subject: "Your ticket could not be sold on",
        heading: "Your ticket could not be sold on",
        paragraphs: &[
            "You do not have it any more, or somebody has gone in with it. The sale is cancelled, and its buyer gets their \
             money back.",
            "The ticket is not for sale any more.",
        ],
        link: "See your ticket",
    },
    bought_for_nothing: Telling {
        subject: "Cancelled, and your money goes back",
        heading: "The event was cancelled, and your money goes back",
        paragraphs: &[
            "It does not take place, and the ticket was never handed in to us, so your order is cancelled.",
            "You get your money back, and we write to you when it has gone.",
        ],
        link: "See your order",
    },
    sold_for_nothing: Telling {
        subject: "Cancelled, and your sale with it",
        heading: "The event was cancelled, and your sale with it",
        paragraphs: &[
            "It does not take place, and the ticket was never handed in to us, so the sale is cancelled, and its buyer gets \
             their money back.",
            "You need not do anything. The ticket is not for sale any more.",
        ],
        link: "See your ticket",
    },
    withdrawn: Telling {
        subject: "Not for sale any more",
        heading: "Your ticket is not for sale any more",
        paragraphs: &[
            "It has been taken back, for good: nobody can buy it any more.",
            "If that was not you, change your password.",
        ],
        link: "Your account",
    },
    overdue: Telling {
        subject: "Not for sale any more",
        heading: "Your ticket is not for sale any more",
        paragraphs: &[
            "Nobody has bought it, and you had promised to deliver it by now, so nobody can buy it any more.",
        ],
        link: "See your ticket",
    },
    event_moved: Telling {
        subject: "Moved",
        heading: "The event has been moved",
        paragraphs: &[
            "When and where it takes place now is below, and after that what you bought, as it was when you ordered it.",
            "Your ticket stays yours, and your order stays as it is. Whether you get in with it as it is, only the \
             organiser can say.",
        ],
        link: "See what you bought",
    },
    event_cancelled: Telling {
        subject: "Cancelled",
        heading: "The event is cancelled",
        paragraphs: &[
            "It does not take place. Below is what you bought.",
            "Your order stays as it is, and no money goes back to you by itself, unless your ticket has yet to come and \
             does not come in time. Ask whoever runs this site whether you get it back. If it goes back to your card, \
             we write to you.",
        ],
        link: "See what you bought",
    },
    listing_moved: Telling {
        subject: "The event you sell tickets for has been moved",
        heading: "The event you sell tickets for has been moved",
        paragraphs: &[
            "Your tickets to it that are for sale, or not for sale yet, now say when and where it takes place. Where you \
             have promised to deliver one later, see by when: that may be another moment now. Nothing else about them \
             has changed.",
            "What is being bought or is sold stays as it was ordered. A ticket that you do not want to sell any more, \
             you can take back.",
        ],
        link: "See what you sell",
    },
    listing_withdrawn: Telling {
        subject: "The event you sell tickets for is cancelled",
        heading: "The event you sell tickets for is cancelled",
        paragraphs: &[
            "Your tickets to it that were for sale, or not for sale yet, have been withdrawn, for good: nobody can buy \
             them any more.",
            "What is sold already stays sold.",
        ],
        link: "See what you sell",
    },
    given_back: |amount| format!("{amount} has been given back. Your bank may take a few days to show it."),
    not_given_back: |amount| {
        format!("{amount} could not be given back to your card. We still owe it to you, and are looking into it.")
    },
    confirm_address: Telling {
        subject: "Confirm your address",
        heading: "Is this your address?",
        paragraphs: &[
            "Somebody, probably you, has given it as theirs. Please confirm it. Where you are not signed in, we ask for \
             your account's password.",
            "If it was not you, ignore this: nothing happens then.",
        ],
        link: "Confirm this address",
    },
    reset_password: Telling {
        subject: "Choose a new password",
        heading: "Choose a new password",
        paragraphs: &[
            "Somebody, probably you, has asked for that. All sessions end when it is chosen.",
            "If it was not you, ignore this: your password stays as it is.",
        ],
        link: "Choose a new password",
    },
    password_changed: Telling {
        subject: "Your password was changed",
        heading: "Your password was changed",
        paragraphs: &["All other sessions have ended. If it was not you, ask for a new password at once."],
        link: "Ask for a new password",
    },
    address_changed: Telling {
        subject: "Your address was changed",
        heading: "Your address was changed",
        paragraphs: &[
            "From now on we write to another address, and you sign in with that one.",
            "If it was not you, somebody knows your password: tell whoever runs this site at once.",
        ],
        link: "Your account",
    },
    new_sign_in: Telling {
        subject: "A new sign-in to your account",
        heading: "A new sign-in to your account",
        paragraphs: &[
            "It came from a browser that we have not seen you with before.",
            "If it was not you, end that session and change your password.",
        ],
        link: "See where you are signed in",
    },
    sign_up_again: Telling {
        subject: "You have an account already",
        heading: "You have an account already",
        paragraphs: &[
            "Somebody, probably you, wanted to sign up with this address. Sign in instead, or ask for a new password.",
            "If it was not you, ignore this: nothing has happened.",
        ],
        link: "Sign in",
    },
    sign_in_changed: Telling {
        subject: "The way you sign in was changed",
        heading: "The way you sign in was changed",
        paragraphs: &[
            "A passkey was added or removed, or what we ask for beside your password was changed, or you have new \
             recovery codes.",
            "If it was not you, somebody knows your password: change it, and remove passkeys that are not yours.",
        ],
        link: "See your passkeys",
    },
    recovery_code_used: Telling {
        subject: "A recovery code was used",
        heading: "A recovery code was used",
        paragraphs: &[
            "Somebody has signed in with your password and a recovery code. That code is used up.",
            "If it was not you, change your password, sign out everywhere, and make new codes.",
            "If it was you because you have lost a passkey, remove it from your account.",
        ],
        link: "See your passkeys",
    },
    good_until: |moment| format!("The link is good until {moment}, and for one use."),
};
