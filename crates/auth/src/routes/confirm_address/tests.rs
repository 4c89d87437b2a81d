use futures::future::join_all;
use harness::{Harness, Reply};
use serde_json::json;

use crate::domain::Rate;
use crate::domain::User;
use crate::settings::{Limits, Settings};
use crate::testing::{
    self, ADA, HOUR, PASSWORD, app_that_confirms, app_with_mail, ask_about, link, settings_that_confirm, sign_in,
    sign_up, start,
};

const OTHER: &str = "harbour without fog";
const NEW_ADDRESS: &str = "ada@example.org";

async fn confirm(app: &Harness, cookie: &str, token: &str) -> Reply {
    app.post("/api/users/confirm").header("cookie", cookie).json(json!({"token": token})).await
}

async fn confirm_with(app: &Harness, password: &str, token: &str) -> Reply {
    app.post("/api/users/confirm").json(json!({"token": token, "password": password})).await
}

/// What the link carries of the last mail to this account that asks to confirm an address.
async fn last_link(app: &Harness, cookie: &str) -> String {
    let user = testing::claims(cookie).sub;
    let mut notices = testing::notices(app).await;
    notices.retain(|notice| notice.user_id == user && json!(notice.kind) == "confirm-address");
    link(app, &notices.pop().expect("is asked")).await
}

async fn is_confirmed(app: &Harness, cookie: &str) -> bool {
    !current(app, cookie).await.body.to_string().contains("addressConfirmed")
}

async fn current(app: &Harness, cookie: &str) -> Reply {
    app.get("/api/users/currentuser").header("cookie", cookie).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn following_the_link_of_the_mail_confirms_the_address() {
    let app = app_that_confirms().await;
    let phone = sign_up(&app, ADA).await;
    assert!(testing::claims(&phone).unconfirmed);
    assert_eq!(current(&app, &phone).await.body["currentUser"]["addressConfirmed"], false);
    let [notice] = &testing::notices(&app).await[..] else { panic!("not one notice") };
    assert_eq!(json!(notice.kind), "confirm-address");
    let reply = confirm(&app, &phone, &link(&app, notice).await).await;
    assert_eq!((reply.status, &reply.body), (200, &json!({})));
    let confirmed = testing::cookie(&reply);
    assert!(!testing::claims(&confirmed).unconfirmed);
    assert_eq!(testing::claims(&confirmed).sid, testing::claims(&phone).sid);
    assert!(!current(&app, &confirmed).await.body.to_string().contains("addressConfirmed"));
    assert_eq!(ask_about(&app, notice).await, json!("nobody"), "nothing is left to be confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_elsewhere_hears_of_it_at_its_next_request() {
    let app = app_that_confirms().await;
    let laptop = sign_up(&app, ADA).await;
    let notice = testing::notices(&app).await.remove(0);
    assert!(!current(&app, &laptop).await.headers.contains_key("set-cookie"), "nothing has changed");
    let reply = confirm_with(&app, PASSWORD, &link(&app, &notice).await).await;
    assert_eq!(reply.status, 200);
    assert!(!reply.headers.contains_key("set-cookie"), "nobody is signed in by it");
    let reply = current(&app, &laptop).await;
    assert!(!testing::claims(&testing::cookie(&reply)).unconfirmed);
    assert!(!reply.body.to_string().contains("addressConfirmed"), "{:?}", reply.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_who_follow_one_link_at_once_one_confirms() {
    let app = app_that_confirms().await;
    let cookie = sign_up(&app, ADA).await;
    let token = link(&app, &testing::notices(&app).await[0]).await;
    let replies = join_all((0..50).map(|_| confirm(&app, &cookie, &token))).await;
    let (won, lost): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|reply| (reply.status, reply.codes()) == (400, vec!["link_over"])), "{lost:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_a_mail_that_was_sent_twice_are_both_good_and_no_other_is() {
    let app = app_that_confirms().await;
    let cookie = sign_up(&app, ADA).await;
    let user_id = testing::claims(&cookie).sub;
    let notice = testing::notices(&app).await.remove(0);
    let (first, second) = (link(&app, &notice).await, link(&app, &notice).await);
    assert_ne!(first, second);
    let another = format!("{user_id}.{}.{}", notice.id, "A".repeat(43));
    for wrong in ["", "nonsense", &another, &first[..first.len() - 1]] {
        let reply = confirm(&app, &cookie, wrong).await;
        assert_eq!((reply.status, reply.codes()), (400, vec!["link_over"]), "{wrong}");
    }
    assert_eq!(app.post("/api/users/confirm").json(json!({"token": 7})).await.status, 400);
    app.clock.advance(HOUR);
    assert_eq!(confirm(&app, &cookie, &first).await.status, 200);
    assert_eq!(confirm(&app, &cookie, &second).await.codes(), ["link_over"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_good_for_a_day() {
    let app = app_that_confirms().await;
    let cookie = sign_up(&app, ADA).await;
    let token = link(&app, &testing::notices(&app).await[0]).await;
    app.clock.advance(HOUR * 24);
    assert_eq!(confirm(&app, &cookie, &token).await.codes(), ["link_over"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_kept_says_what_the_link_says() {
    let app = app_that_confirms().await;
    let user_id = testing::claims(&sign_up(&app, ADA).await).sub;
    let notice = testing::notices(&app).await.remove(0);
    let token = link(&app, &notice).await;
    let secret = token.rsplit('.').next().expect("a part");
    let stored = app.deps.store::<User>().get(user_id).await.expect("reads").expect("is there").value;
    let stored = serde_json::to_string(&stored).expect("serialises");
    assert!(stored.contains("letters") && !stored.contains(secret), "{stored}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_whose_owner_confirms_it_first() {
    let app = app_that_confirms().await;
    let (thief, owner) = (sign_up(&app, ADA).await, sign_up(&app, ADA).await);
    let (of_thief, of_owner) = (last_link(&app, &thief).await, last_link(&app, &owner).await);
    assert_eq!(confirm(&app, &owner, &of_owner).await.status, 200);
    let reply = confirm(&app, &thief, &of_thief).await;
    assert_eq!((reply.status, reply.codes()), (400, vec!["address_taken"]));
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.body["id"], json!(testing::claims(&owner).sub));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_the_mail_of_an_account_that_a_stranger_has_made_does_not_confirm_it_for_them() {
    let app = app_that_confirms().await;
    let stranger = sign_up(&app, ADA).await;
    let token = last_link(&app, &stranger).await;
    let reply = confirm(&app, "", &token).await;
    assert_eq!((reply.status, reply.codes()), (403, vec!["sign_in_to_confirm"]));
    assert!(!is_confirmed(&app, &stranger).await);
    let reply = confirm_with(&app, OTHER, &token).await;
    assert_eq!((reply.status, reply.messages()), (400, vec!["Invalid credentials"]));
    let reply = confirm_with(&app, "", &token).await;
    assert_eq!((reply.status, &reply.body["errors"][0]["field"]), (400, &json!("password")));
    assert!(!is_confirmed(&app, &stranger).await);
    assert_eq!(confirm(&app, &stranger, &token).await.status, 200, "the link is good still");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_of_another_account_confirms_nothing() {
    let app = app_that_confirms().await;
    let owner = sign_up(&app, ADA).await;
    let body = json!({"email": ADA, "password": OTHER});
    let stranger = testing::cookie(&app.post("/api/users/signup").json(body).await);
    let (of_owner, of_stranger) = (last_link(&app, &owner).await, last_link(&app, &stranger).await);
    let reply = confirm(&app, &owner, &of_stranger).await;
    assert_eq!((reply.status, reply.codes()), (403, vec!["sign_in_to_confirm"]));
    assert!(!is_confirmed(&app, &stranger).await);
    assert_eq!(confirm(&app, &owner, &of_owner).await.status, 200, "nobody is in the way");
    assert!(is_confirmed(&app, &owner).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_has_ended_confirms_nothing() {
    let app = app_that_confirms().await;
    let cookie = sign_up(&app, ADA).await;
    let token = last_link(&app, &cookie).await;
    testing::end_elsewhere(&app, testing::claims(&cookie).sid).await;
    assert_eq!(confirm(&app, &cookie, &token).await.codes(), ["sign_in_to_confirm"]);
    let body = json!({"token": token, "password": PASSWORD});
    let reply = app.post("/api/users/confirm").header("cookie", &cookie).json(body).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_is_confirmed_by_nobody_but_the_owner_of_the_account() {
    let app = app_with_mail().await;
    let (ada, eve) = (sign_up(&app, ADA).await, sign_up(&app, "eve@example.com").await);
    let body = json!({"email": NEW_ADDRESS, "password": PASSWORD});
    assert_eq!(app.post("/api/users/email").header("cookie", &ada).json(body).await.status, 200);
    let token = last_link(&app, &ada).await;
    for cookie in ["", &eve] {
        assert_eq!(confirm(&app, cookie, &token).await.codes(), ["sign_in_to_confirm"]);
    }
    assert_eq!(confirm_with(&app, OTHER, &token).await.codes(), ["invalid_credentials"]);
    assert_eq!(sign_in(&app, NEW_ADDRESS, PASSWORD).await.status, 400);
    assert_eq!(confirm_with(&app, PASSWORD, &token).await.status, 200);
    assert_eq!(sign_in(&app, NEW_ADDRESS, PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_count_as_at_the_sign_in() {
    let rate = Rate { burst: 4, per: HOUR };
    let limits = Limits { sign_in_account_and_address: rate, ..Limits::default() };
    let app = start(Settings { limits, ..settings_that_confirm() }).await;
    let cookie = sign_up(&app, ADA).await;
    let token = last_link(&app, &cookie).await;
    for _ in 0..2 {
        assert_eq!(sign_in(&app, ADA, OTHER).await.status, 400);
        assert_eq!(confirm_with(&app, OTHER, &token).await.status, 400);
    }
    let reply = confirm_with(&app, PASSWORD, &token).await;
    assert_eq!((reply.status, &reply.headers["retry-after"]), (429, &"900".parse().expect("a header")));
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 429);
    app.clock.advance(HOUR / 4);
    assert_eq!(confirm_with(&app, PASSWORD, &token).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_does_not_count_any_more_that_was_compared_before_all_sessions_ended() {
    let settings = settings_that_confirm();
    let length = settings.hash_queue.length;
    let (app, auth) = testing::started(settings).await;
    let cookie = sign_up(&app, ADA).await;
    let token = last_link(&app, &cookie).await;
    let cores = auth.passwords.occupy_cores().await;
    let ending = async {
        testing::until(async || auth.passwords.reserved(length) == 1).await;
        let ended = app.post("/api/users/signout-everywhere").header("cookie", &cookie).send().await;
        drop(cores);
        ended.status
    };
    let (reply, ended) = tokio::join!(confirm_with(&app, PASSWORD, &token), ending);
    assert_eq!((ended, reply.status, reply.codes()), (200, 403, vec!["sign_in_to_confirm"]));
}
