/// A forgotten password.
pub(crate) struct Forgotten {
    pub(crate) link: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) words: &'static str,
    pub(crate) button: &'static str,
    pub(crate) no_mail: &'static str,
    pub(crate) sent: &'static str,
    pub(crate) sent_words: fn(&str) -> String,
    pub(crate) nothing_came: &'static str,
    pub(crate) nothing_came_words: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) to_sign_in: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) choose_words: &'static str,
    pub(crate) choose_button: &'static str,
    pub(crate) over: &'static str,
    pub(crate) again: &'static str,
    pub(crate) done: &'static str,
    pub(crate) done_words: &'static str,
}

pub(super) const ENGLISH: Forgotten = Forgotten {
    link: "Forgotten your password?",
    heading: "Forgotten your password?",
    words: "Tell us your email address, and we send you a link with which you can choose another password.",
    button: "Send me a link",
    no_mail: "We cannot send mails here. Ask whoever runs this site.",
    sent: "Look into your mailbox",
    sent_words: |email| {
        format!(
            "If {email} has an account here, a mail is on its way. Its link is good for half an hour, and for one use."
        )
    },
    nothing_came: "Nothing has come?",
    nothing_came_words: "Give it a few minutes, and look among spam, too. We write only to addresses that have an account \
        here: you may have signed up with another one.",
    try_again: "Try another address",
    to_sign_in: "To the sign-in page",
    choose: "Choose another password",
    choose_words: "Everywhere you are signed in you will be signed out.",
    choose_button: "Set this password",
    over: "This link has been used already, or is too old: it is good for half an hour after it was asked for, and for \
        one use. Have you set a password with it? Then sign in with that one. If not, have another \
        link sent to you: it comes to the mailbox of your account's address, as this one did.",
    again: "Have another link sent to you",
    done: "Your password is set",
    done_words: "Sign in with it. Everywhere else you have been signed out.",
};
