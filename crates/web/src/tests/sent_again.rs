//! Forms that could not be taken: whoever sent one can send it again, and types nothing twice but secrets.

use axum::body::Body;
use axum::extract::Request;
use http::header;
use serde_json::{Value, json};

use super::every_route::{everything, paths};
use crate::pages::order::testing::{self as order, ORDER};
use crate::testing::{CannedResponse, Reply, Site};

const SECRET: &str = "lantern by the quay";
const CURRENT_USER: &str = "GET /api/users/currentuser";

/// A form: its path, the call of the API that it causes, what is typed.
type SentForm = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const EMAIL: (&str, &str) = ("email", "ada@example.com");
const PASSWORD: (&str, &str) = ("password", SECRET);

const ACCOUNT_FORMS: [SentForm; 15] = [
    ("/signin", "POST /api/users/signin", &[EMAIL, PASSWORD]),
    ("/signup", "POST /api/users/signup", &[EMAIL, PASSWORD]),
    ("/signout", "POST /api/users/signout", &[]),
    ("/account/password", "POST /api/users/password", &[("currentPassword", SECRET), ("newPassword", SECRET)]),
    ("/account/erase", "POST /api/users/erase", &[PASSWORD]),
    ("/account/email", "POST /api/users/email", &[EMAIL, PASSWORD]),
    ("/account/confirmation", "POST /api/users/confirmation", &[]),
    ("/forgotten", "POST /api/users/reset-request", &[EMAIL]),
    ("/reset", "POST /api/users/reset", &[("token", "a.b.c"), ("newPassword", SECRET)]),
    ("/confirm", "POST /api/users/confirm", &[("token", "5f1f77bcf86cd799439011a1.b.c")]),
    ("/account/sessions/{id}/end", "DELETE /api/users/sessions/692199c0bcf86cd7994390bb", &[]),
    ("/account/passkeys/{id}/remove", "POST /api/users/passkeys/692199c0bcf86cd7994390bb/remove", &[PASSWORD]),
    ("/account/second-factor", "POST /api/users/second-factor", &[PASSWORD, ("act", "on")]),
    (
        "/signin/second-factor",
        "POST /api/users/signin/second-factor",
        &[("ceremony", "c1"), ("options", "{}"), ("recoveryCode", SECRET)],
    ),
    ("/account/signout-everywhere", "POST /api/users/signout-everywhere", &[]),
];

const TICKET_FORMS: [SentForm; 9] = [
    (
        "/events/new",
        "POST /api/events",
        &[
            ("name", "Gala"),
            ("venue", "Halle"),
            ("city", "Berlin"),
            ("country", "Germany"),
            ("startsAt", "2027-06-12T19:30"),
            ("timeZone", "Europe/Berlin"),
            ("currency", "eur"),
            ("tier2", "Stalls"),
            ("faceValue2", "190"),
        ],
    ),
    (
        "/sell/review",
        "POST /api/tickets/check",
        &[("title", "Row <B>"), ("price", "20,50"), ("seat", "12"), ("key", "k1")],
    ),
    ("/sell", "POST /api/tickets", &[("title", "Row <B>"), ("price", "20,50"), ("seat", "12"), ("key", "before")]),
    (
        "/tickets/{id}/edit",
        "PUT /api/tickets/692199c0bcf86cd7994390bb",
        &[("title", "Row <B>"), ("price", "20,50"), ("venue", "Halle"), ("version", "3")],
    ),
    (
        "/tickets/{id}/delivery",
        "PUT /api/deliveries/tickets/692199c0bcf86cd7994390bb/code",
        &[("code", "SEAT <12>"), ("symbology", "aztec")],
    ),
    ("/tickets/{id}/withdraw", "DELETE /api/tickets/692199c0bcf86cd7994390bb", &[]),
    ("/tickets/{id}/buy", "POST /api/orders", &[("price", "20.50"), ("currency", "usd")]),
    ("/orders/{id}/pay", "POST /api/payments", &[("token", "tok_visa")]),
    ("/orders/{id}/cancel", "DELETE /api/orders/692199c0bcf86cd7994390bb", &[]),
];

const DOOR_FORM: SentForm = (
    "/door/{id}",
    "POST /api/deliveries/events/692199c0bcf86cd7994390bb/checkins",
    &[("door", "North"), ("code", "T1.abc"), ("scan", "s1")],
);

fn forms() -> impl Iterator<Item = SentForm> {
    ACCOUNT_FORMS.into_iter().chain(TICKET_FORMS).chain([DOOR_FORM])
}

fn refusal(message: &str) -> Value {
    json!({"errors": [{"message": message}]})
}

/// Something for each page to show: an order that can be paid, and to a buyer somebody else's ticket.
fn shown_after(path: &str) -> Vec<CannedResponse> {
    let mut answers = everything();
    answers.retain(|(call, ..)| *call != order::GET_ORDER);
    answers.extend([(order::GET_ORDER, 200, order::created()), order::test_cards()]);
    if path.ends_with("/buy") {
        let ticket = answers.iter_mut().find(|(call, ..)| *call == format!("GET /api/tickets/{ORDER}"));
        ticket.expect("a ticket").2["userId"] = json!("5f1f77bcf86cd799439011ff");
    }
    answers
}

/// Fails unless the page has this form, filled in but for what is secret.
fn assert_filled(page: &Reply, path: &str, typed: &[(&str, &str)]) {
    let forms = page.body.split("<form").filter(|form| form.contains(r#"method="post""#));
    let to = format!(r#"action="{path}""#);
    let form = forms.filter_map(|form| form.split("</form>").next());
    let mut form =
        form.filter(|form| form.contains(&to) || !form.split('>').next().is_some_and(|tag| tag.contains("action=")));
    let form = form.next().unwrap_or_else(|| panic!("{path} has no form: {}", page.body));
    for (field, value) in typed {
        assert!(form.contains(&format!(r#"name="{field}""#)), "{path} without {field}: {form}");
        let value = value.replace('<', "&lt;").replace('>', "&gt;");
        assert!(value == SECRET || form.contains(&format!(r#"value="{value}""#)), "{path}, {field}: {form}");
    }
    page.assert_lacks(SECRET);
}

#[tokio::test]
async fn a_form_that_is_sent_too_often_comes_back_filled_in_and_says_when_to_send_it_again() {
    let mut left = paths("post");
    // They ask nobody anything: they only show the form again.
    left.retain(|route| !matches!(route.as_str(), "/sell/change" | "/sell/find"));
    for (path, call, typed) in forms() {
        let path = path.replace("{id}", ORDER);
        left.retain(|route| *route != path);
        let answers = [vec![(call, 429, refusal("Too many"))], shown_after(&path)].concat();
        let page = Site::signed_in(answers).await.with_header("retry-after", "40").post(&path, typed).await;
        assert_eq!((page.status, page.header("retry-after")), (429, "40"), "{path}");
        page.assert_has("<title>Error: ");
        page.assert_has("Please wait a moment");
        page.assert_has("Try again in 40 seconds.");
        // A ticket is looked at once more before it is listed.
        let sent_to = if path == "/sell" { "/sell/review" } else { &path };
        assert_filled(&page, sent_to, typed);
    }
    assert_eq!(left, Vec::<String>::new(), "forms that are not tried here");
}

#[tokio::test]
async fn a_form_that_no_handler_could_take_comes_back_to_be_sent_again() {
    for (path, _, typed) in forms() {
        let path = path.replace("{id}", ORDER);
        let away = (CURRENT_USER, 503, refusal("Temporarily unavailable"));
        let site = Site::signed_in([away]).await;
        let page = site.post(&path, typed).await;
        assert_eq!(page.status, 503, "{path}");
        page.assert_has("We will be back in a moment");
        page.assert_has("Try again</button>");
        assert_filled(&page, &path, typed);
        assert_eq!(site.calls(), Vec::<String>::new(), "{path}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_never_comes_back_as_ours() {
    let away = (CURRENT_USER, 503, refusal("Temporarily unavailable"));
    let site = Site::signed_in([away]).await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "http://evil")]
    {
        let request = Request::post("/sell").header(name, value);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let page = site.send(request.body(Body::from("title=Theirs")).expect("a request")).await;
        assert_eq!(page.status, 503);
        page.assert_lacks("Theirs");
        page.assert_lacks("Try again</button>");
    }
}

#[tokio::test]
async fn what_is_asked_for_by_a_button_alone_can_be_asked_for_again() {
    let away = ("POST /api/users/confirmation", 503, refusal("Temporarily unavailable"));
    let page = Site::signed_in([away]).await.post("/account/confirmation", &[]).await;
    assert_eq!(page.status, 503);
    assert_filled(&page, "/account/confirmation", &[]);
    page.assert_lacks("is kept on this page");
    // What is wrong with a form does not get better by sending it again.
    let refused = ("POST /api/users/confirmation", 400, refusal("No"));
    let page = Site::signed_in([refused]).await.post("/account/confirmation", &[]).await;
    page.assert_lacks("Try again</button>");
}
