use testkit::browser::{Browser, Look};

use super::site::{PASSWORD, Site};

const EMAIL: &str = "ada@example.com";

/// The browser of a new user, with a device that keeps passkeys.
async fn signed_up(browser: &Browser) {
    browser.open("/signup").await;
    browser.fill("Email", EMAIL).await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign up").await;
    browser.is_headed("Tickets for sale").await;
}

async fn add_passkey(browser: &Browser, password: &str) {
    browser.open("/account/passkeys").await;
    browser.fill("Name", "My phone").await;
    browser.fill("Password", password).await;
    browser.press("Add a passkey").await;
}

/// Gives address and password.
async fn give_password(browser: &Browser) {
    browser.open("/signin?next=%2Faccount").await;
    browser.fill("Email", EMAIL).await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign in").await;
}

async fn sign_out(browser: &Browser) {
    if browser.offers("Menu").await {
        browser.press("Menu").await;
    }
    browser.press("Sign out").await;
    browser.is_headed("Tickets for sale").await;
}

/// Asks for more than the password from now on; two of the recovery codes.
async fn ask_for_more(browser: &Browser) -> [String; 2] {
    browser.open("/account/second-factor").await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Ask for a passkey from now on").await;
    browser.is_headed("Your recovery codes").await;
    is_in_order(browser).await;
    assert_eq!(browser.count(".recovery-codes code").await, 10);
    [browser.text_of(".recovery-codes li:nth-child(1)").await, browser.text_of(".recovery-codes li:nth-child(2)").await]
}

async fn is_in_order(browser: &Browser) {
    let violations = browser.axe().await;
    assert!(violations.is_empty(), "{}: {violations:?}", browser.heading().await);
    assert!(!browser.overflows().await, "{} has to be scrolled sideways", browser.heading().await);
}

/// On a phone: a passkey is registered, signs in alone and beside the password, and is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_in_alone_and_beside_the_password_and_a_lost_one_is_made_up_for_by_a_code() {
    let site = Site::open().await;
    let browser = site.named_visitor(Look { width: 360, height: 740, ..Look::default() }).await;
    let phone = browser.plug_in_authenticator().await;
    signed_up(&browser).await;
    add_passkey(&browser, "not the password").await;
    browser.sees("Invalid credentials").await;
    add_passkey(&browser, PASSWORD).await;
    browser.sees("The passkey is added").await;
    browser.sees("Not used yet").await;
    is_in_order(&browser).await;
    sign_out(&browser).await;

    browser.open("/signin?next=%2Faccount%2Fpasskeys").await;
    is_in_order(&browser).await;
    browser.press("Sign in with a passkey").await;
    browser.is_headed("Passkeys").await;
    browser.sees("Last used").await;

    let [code, _] = ask_for_more(&browser).await;
    browser.follow("I have kept them").await;
    browser.sees("You have 10 recovery codes left").await;
    sign_out(&browser).await;
    give_password(&browser).await;
    browser.is_headed("One more step").await;
    is_in_order(&browser).await;
    browser.press("Sign in with a passkey").await;
    browser.is_headed("Your account").await;
    sign_out(&browser).await;

    browser.lose(phone).await;
    give_password(&browser).await;
    browser.is_headed("One more step").await;
    browser.fill("Recovery code", "0000-0000-0000-0000").await;
    browser.press("Sign in with a recovery code").await;
    browser.sees("not one of your recovery codes").await;
    is_in_order(&browser).await;
    browser.fill("Recovery code", &code).await;
    browser.press("Sign in with a recovery code").await;
    browser.is_headed("Your account").await;

    browser.open("/account/passkeys").await;
    browser.sees("You have 9 recovery codes left").await;
    browser.follow("Remove My phone").await;
    browser.sees("It is your last passkey").await;
    is_in_order(&browser).await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Remove this passkey").await;
    browser.sees("The passkey is removed").await;
    sign_out(&browser).await;
    give_password(&browser).await;
    browser.is_headed("Your account").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_signs_in_once_with_javascript_off() {
    let site = Site::open().await;
    let browser = site.named_visitor(Look::default()).await;
    let _phone = browser.plug_in_authenticator().await;
    signed_up(&browser).await;
    add_passkey(&browser, PASSWORD).await;
    browser.sees("The passkey is added").await;
    let [code, _] = ask_for_more(&browser).await;

    let plain = site.named_visitor(Look::with_scripts(false)).await;
    give_password(&plain).await;
    plain.is_headed("One more step").await;
    assert!(!plain.offers("Sign in with a passkey").await, "that takes a script");
    plain.fill("Recovery code", &code).await;
    plain.press("Sign in with a recovery code").await;
    plain.is_headed("Your account").await;
    plain.open("/account/passkeys").await;
    plain.sees("turn JavaScript on").await;
    sign_out(&plain).await;
    give_password(&plain).await;
    plain.fill("Recovery code", &code).await;
    plain.press("Sign in with a recovery code").await;
    plain.sees("not one of your recovery codes").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_an_address_without_a_name_it_is_said_that_passkeys_do_not_work() {
    let site = Site::open().await;
    let browser = site.visitor(true).await;
    let _phone = browser.plug_in_authenticator().await;
    browser.open("/signin").await;
    browser.press("Sign in with a passkey").await;
    browser.sees("Passkeys do not work at this address").await;
    browser.is_headed("Sign in").await;
}
