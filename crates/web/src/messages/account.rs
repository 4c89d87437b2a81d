/// Signing up, in and out, and the account.
pub(crate) struct Account {
    pub(crate) sign_up: &'static str,
    pub(crate) sign_up_button: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) sign_in_button: &'static str,
    pub(crate) email: &'static str,
    pub(crate) password: &'static str,
    pub(crate) password_hint: &'static str,
    pub(crate) new_here: &'static str,
    pub(crate) have_account: &'static str,
}

pub(super) const ENGLISH: Account = Account {
    sign_up: "Create your account",
    sign_up_button: "Sign up",
    sign_in: "Sign in",
    sign_in_button: "Sign in",
    email: "Email",
    password: "Password",
    password_hint: "8 to 128 characters. A few words in a row are good.",
    new_here: "New here? Create an account",
    have_account: "Have an account? Sign in",
};
