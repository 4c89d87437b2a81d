/// Confirming an address.
pub(crate) struct Addresses {
    pub(crate) heading: &'static str,
    pub(crate) words: &'static str,
    pub(crate) password_words: &'static str,
    pub(crate) or_sign_in: &'static str,
    pub(crate) not_mine: &'static str,
    pub(crate) not_mine_words: &'static str,
    pub(crate) own_password: &'static str,
    /// Takes the address of the account that is signed in to.
    pub(crate) of_another: fn(&str) -> String,
    pub(crate) of_another_words: &'static str,
    pub(crate) not_yet: &'static str,
    pub(crate) button: &'static str,
    pub(crate) done: &'static str,
    pub(crate) done_words: &'static str,
    pub(crate) browse: &'static str,
    pub(crate) over: &'static str,
    pub(crate) taken: &'static str,
    pub(crate) to_account: &'static str,
    /// Above every page until it is done.
    pub(crate) reminder: fn(&str) -> String,
    pub(crate) reminder_link: &'static str,
    pub(crate) missing: &'static str,
    pub(crate) missing_words: &'static str,
    pub(crate) missing_other: &'static str,
    /// On the page of an order that is paid for.
    pub(crate) missing_at_order: &'static str,
    pub(crate) missing_at_order_link: &'static str,
    pub(crate) send: &'static str,
    /// Leads to where that is.
    pub(crate) send_again: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) change: &'static str,
    pub(crate) change_words: &'static str,
    pub(crate) new: &'static str,
    pub(crate) change_button: &'static str,
    pub(crate) asked: &'static str,
    pub(crate) sent: fn(&str) -> String,
}

pub(super) const ENGLISH: Addresses = Addresses {
    heading: "Confirm your email address",
    words: "Press the button, and we know that you read mail at this address. Then you can sell tickets and hold \
        several at once.",
    password_words: "Enter the password of the account to confirm that you read mail at this address. Then the account can \
        sell tickets, and hold several at once.",
    or_sign_in: "You can also sign in first, with a passkey for example, and then open the link in the mail again.",
    not_mine: "You did not sign up here?",
    not_mine_words: "Then do nothing: nothing is confirmed. Or set a password of your own: if there is an account with your \
        address, it is yours then, and whoever made it cannot get in any more.",
    own_password: "Set a password of your own",
    of_another: |email| {
        format!(
            "This link belongs to another account than the one you are signed in to ({email}): somebody has given this \
             address for it."
        )
    },
    of_another_words: "If that was you, sign out first, and open the link in the mail again. If it was not you, do nothing. \
        If the account you are signed in to is not confirmed yet, its page sends you a link of its own.",
    not_yet: "Nothing is confirmed yet: enter the password of the account, or sign in to it.",
    button: "Confirm my address",
    done: "Your address is confirmed",
    done_words: "You can sell tickets now, and hold several at once.",
    browse: "Browse tickets",
    over: "This link has been used already, or is too old: it is good for a day after it was asked for, and for one use. \
        If your address is confirmed, all is well. If it is not, your account's page says so, and sends you another mail.",
    taken: "Another account has this address by now. Sign in to that one.",
    to_account: "To your account",
    reminder: |email| format!("Your address {email} is not confirmed yet."),
    reminder_link: "Confirm it",
    missing: "Your address is not confirmed yet",
    missing_words: "Until it is, you can hold one ticket at a time, and sell none. Follow the link in the mail that we send you; \
        if you do not find it, look among spam, too.",
    missing_other: "If you have another account with this address, it cannot be confirmed for this one, nor if it is not \
        yours. Then give another address of your own below: what you have reserved or bought stays with this account. \
        Until then do not forget this account's password: the mail for a forgotten one may set that of another account with \
        this address.",
    missing_at_order: "Your address is not confirmed yet, so we send you no mail about this order. If it is not yours, or you \
        have another account with it, give another address of your own.",
    missing_at_order_link: "Confirm or change your address",
    send: "Send me the mail",
    send_again: "To your account, which sends you the mail again",
    sign_in: "Sign in",
    change: "Your address",
    change_words: "We send a mail to the new address; it is yours once you follow the link in it. You are signed out \
        everywhere then, and the address of before is told.",
    new: "New email address",
    change_button: "Change address",
    asked: "A mail is on its way to the new address. Follow the link in it, also if it is among spam.",
    sent: |email| format!("A mail is on its way to {email}."),
};
