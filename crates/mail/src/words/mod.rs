//! All that mails say. A language is one value of [`Words`], and the compiler ensures that it is complete.

mod english;
mod german;

pub(crate) use english::ENGLISH;
pub(crate) use german::GERMAN;

/// One language.
pub(crate) struct Words {
    /// Its language tag, by which dates and money are written, too.
    pub(crate) language: &'static str,
    /// Ends every mail; takes the address of the site.
    pub(crate) footer: fn(&str) -> String,
    pub(crate) names: Names,
    /// How the ticket comes follows.
    pub(crate) bought: Telling,
    pub(crate) comes: Comes,
    pub(crate) delivered: Telling,
    pub(crate) sold: Telling,
    pub(crate) expired: Telling,
    pub(crate) refunded: Telling,
    pub(crate) refund_failed: Telling,
    pub(crate) not_delivered: Telling,
    pub(crate) delivery_missed: Telling,
    /// The same two of a ticket that was ours to issue, and could not be.
    pub(crate) not_issued: Telling,
    pub(crate) not_sold_on: Telling,
    /// The same two of a ticket to an event that does not take place.
    pub(crate) bought_for_nothing: Telling,
    pub(crate) sold_for_nothing: Telling,
    pub(crate) withdrawn: Telling,
    /// The same, because it would have had to be delivered by now.
    pub(crate) overdue: Telling,
    /// Of these the event's name follows.
    pub(crate) event_moved: Telling,
    pub(crate) event_cancelled: Telling,
    pub(crate) listing_moved: Telling,
    pub(crate) listing_withdrawn: Telling,
    /// What has become of the money of a refund; they take the amount.
    pub(crate) given_back: fn(&str) -> String,
    pub(crate) not_given_back: fn(&str) -> String,
    pub(crate) confirm_address: Telling,
    pub(crate) reset_password: Telling,
    pub(crate) password_changed: Telling,
    pub(crate) address_changed: Telling,
    pub(crate) new_sign_in: Telling,
    pub(crate) sign_up_again: Telling,
    pub(crate) sign_in_changed: Telling,
    pub(crate) recovery_code_used: Telling,
    /// Until when a link is good; takes the moment.
    pub(crate) good_until: fn(&str) -> String,
}

/// The names of what mails are about.
pub(crate) struct Names {
    pub(crate) ticket: &'static str,
    pub(crate) event: &'static str,
    pub(crate) venue: &'static str,
    pub(crate) date: &'static str,
    /// When and where an event takes place that was moved.
    pub(crate) date_now: &'static str,
    pub(crate) venue_now: &'static str,
    /// Whose time it is; takes the place.
    pub(crate) time_of: fn(&str) -> String,
    pub(crate) tier: &'static str,
    pub(crate) seat: &'static str,
    /// Takes section, row and seat.
    pub(crate) seat_words: fn(Option<&str>, Option<&str>, Option<&str>) -> String,
    pub(crate) price: &'static str,
    pub(crate) order: &'static str,
    pub(crate) device: &'static str,
}

/// How a ticket comes to who has bought it.
pub(crate) struct Comes {
    pub(crate) at_once: &'static str,
    /// Takes the moment by which it comes.
    pub(crate) later: fn(&str) -> String,
    pub(crate) not_promised: &'static str,
    /// In a way that is not known here.
    pub(crate) otherwise: &'static str,
    /// What its seller has to do by this moment.
    pub(crate) owed: fn(&str) -> String,
}

/// One kind of mail.
pub(crate) struct Telling {
    /// About a ticket, its title follows.
    pub(crate) subject: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) paragraphs: &'static [&'static str],
    /// What the link is called.
    pub(crate) link: &'static str,
}
