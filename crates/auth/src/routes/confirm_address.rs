use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::audit::{self, AuditEvent};
use runtime::http::JsonBody;
use runtime::session::MaybeSignedIn;
use tower_cookies::Cookies;

use super::dto::{DoneResponse, LinkRequest};
use crate::error::AuthError;
use crate::state::AuthState;

/// Confirms an address with what a mail's link carries. It can be done once, with or without a session; one of the
/// same account may do everything from then on. If it is another address than the account had, all its sessions end.
#[utoipa::path(
    post,
    path = "/api/users/confirm",
    tag = crate::NAME,
    operation_id = "confirmAddress",
    request_body = LinkRequest,
    security((), ("session" = [])),
    responses(
        (status = 200, description = "The address is confirmed", body = DoneResponse,
            headers(("set-cookie" = String, description = "A fresh token, if a session of the account comes with the request"))),
        (status = 400, description = "The link was followed before or is too old (`link_over`), or another account has the address by now (`address_taken`)", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn confirm_address(
    State(auth): State<AuthState>,
    MaybeSignedIn(session): MaybeSignedIn,
    cookies: Cookies,
    JsonBody(body): JsonBody<LinkRequest>,
) -> Result<Json<DoneResponse>, AuthError> {
    let user = auth.users.confirm_address(&body.followed()?, auth.next_notice()).await?;
    if user.has_pending_sweep() {
        auth.sweep(&user).await?;
    }
    audit::concerns(user.id);
    audit::record(AuditEvent::AddressConfirmed);
    if let Some(session) = session.filter(|session| session.user_id == user.id) {
        // What the session may do from now on; one that has ended meanwhile stays so.
        match auth.renew(&session).await {
            Ok(token) => cookies.add(token.cookie),
            Err(AuthError::SessionEnded) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Json(DoneResponse {}))
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use harness::{Harness, Reply};
    use serde_json::json;

    use crate::domain::User;
    use crate::testing::{self, ADA, HOUR, PASSWORD, app_that_confirms, ask_about, link, sign_up};

    async fn confirm(app: &Harness, cookie: &str, token: &str) -> Reply {
        app.post("/api/users/confirm").header("cookie", cookie).json(json!({"token": token})).await
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
        let reply = confirm(&app, "", &link(&app, &notice).await).await;
        assert_eq!(reply.status, 200);
        assert!(!reply.headers.contains_key("set-cookie"), "nobody is signed in by it");
        let reply = current(&app, &laptop).await;
        assert!(!testing::claims(&testing::cookie(&reply)).unconfirmed);
        assert!(!reply.body.to_string().contains("addressConfirmed"), "{:?}", reply.body);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_fifty_who_follow_one_link_at_once_one_confirms() {
        let app = app_that_confirms().await;
        sign_up(&app, ADA).await;
        let token = link(&app, &testing::notices(&app).await[0]).await;
        let replies = join_all((0..50).map(|_| confirm(&app, "", &token))).await;
        let (won, lost): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 200);
        assert_eq!(won.len(), 1);
        assert!(lost.iter().all(|reply| (reply.status, reply.codes()) == (400, vec!["link_over"])), "{lost:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn links_of_a_mail_that_was_sent_twice_are_both_good_and_no_other_is() {
        let app = app_that_confirms().await;
        let user_id = testing::claims(&sign_up(&app, ADA).await).sub;
        let notice = testing::notices(&app).await.remove(0);
        let (first, second) = (link(&app, &notice).await, link(&app, &notice).await);
        assert_ne!(first, second);
        let another = format!("{user_id}.{}.{}", notice.id, "A".repeat(43));
        for wrong in ["", "nonsense", &another, &first[..first.len() - 1]] {
            let reply = confirm(&app, "", wrong).await;
            assert_eq!((reply.status, reply.codes()), (400, vec!["link_over"]), "{wrong}");
        }
        assert_eq!(app.post("/api/users/confirm").json(json!({"token": 7})).await.status, 400);
        app.clock.advance(HOUR);
        assert_eq!(confirm(&app, "", &first).await.status, 200);
        assert_eq!(confirm(&app, "", &second).await.status, 400);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_link_is_good_for_a_day() {
        let app = app_that_confirms().await;
        sign_up(&app, ADA).await;
        let token = link(&app, &testing::notices(&app).await[0]).await;
        app.clock.advance(HOUR * 24);
        assert_eq!(confirm(&app, "", &token).await.codes(), ["link_over"]);
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
        let notices = testing::notices(&app).await;
        let of = |cookie: &str| {
            let user = testing::claims(cookie).sub;
            notices.iter().find(|notice| notice.user_id == user).expect("is told")
        };
        let (of_thief, of_owner) = (link(&app, of(&thief)).await, link(&app, of(&owner)).await);
        assert_eq!(confirm(&app, &owner, &of_owner).await.status, 200);
        let reply = confirm(&app, "", &of_thief).await;
        assert_eq!((reply.status, reply.codes()), (400, vec!["address_taken"]));
        assert_eq!(testing::sign_in(&app, ADA, PASSWORD).await.body["id"], json!(testing::claims(&owner).sub));
    }
}
