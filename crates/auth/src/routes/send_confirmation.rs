use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::session::SignedIn;

use super::dto::DoneResponse;
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::AuthState;

/// Sends the caller the mail by which they confirm their address, once more. Where they have done that, or nobody has
/// to, nothing is sent.
#[utoipa::path(
    post,
    path = "/api/users/confirmation",
    tag = crate::NAME,
    operation_id = "sendConfirmation",
    security(("session" = [])),
    responses(
        (status = 200, description = "It is on its way, if there is anything to be confirmed", body = DoneResponse),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 429, description = "Too many mails", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn send_confirmation(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    peer: Peer,
) -> Result<Json<DoneResponse>, AuthError> {
    let user = auth.admitted(&session).await?;
    if let Some(id) = auth.next_notice().filter(|_| auth.must_confirm(&user)) {
        auth.limiter.count_letter(user.email(), peer).await?;
        let holder = auth.users.find(user.email()).await?.map(|holder| holder.id);
        auth.users.ask_to_confirm(user.id, holder, id).await?;
    }
    Ok(Json(DoneResponse {}))
}

#[cfg(test)]
mod tests {
    use harness::{Harness, Reply};
    use serde_json::{Value, json};

    use crate::domain::Rate;
    use crate::settings::{Limits, Settings};
    use crate::testing::{self, ADA, HOUR, app_that_confirms, link, settings_that_confirm, sign_up, start};

    async fn send(app: &Harness, cookie: &str) -> Reply {
        app.post("/api/users/confirmation").header("cookie", cookie).send().await
    }

    async fn kinds(app: &Harness) -> Vec<Value> {
        testing::notices(app).await.iter().map(|notice| json!(notice.kind)).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_mail_comes_again_until_the_address_is_confirmed() {
        let app = app_that_confirms().await;
        let cookie = sign_up(&app, ADA).await;
        assert_eq!(send(&app, &cookie).await.status, 200);
        assert_eq!(kinds(&app).await, ["confirm-address", "confirm-address"]);
        let token = link(&app, &testing::notices(&app).await[0]).await;
        let confirm = app.post("/api/users/confirm").header("cookie", &cookie).json(json!({"token": token})).await;
        assert_eq!(confirm.status, 200, "the first mail is as good as the second");
        assert_eq!(send(&app, &cookie).await.status, 200);
        assert_eq!(kinds(&app).await.len(), 2, "there is nothing to be confirmed any more");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_account_from_before_confirms_its_address_by_it() {
        let mut app = start(testing::settings()).await;
        sign_up(&app, ADA).await;
        testing::replace_service(&mut app, settings_that_confirm()).await;
        let cookie = testing::cookie(&testing::sign_in(&app, ADA, testing::PASSWORD).await);
        assert!(testing::claims(&cookie).unconfirmed, "it is trusted to be signed in to, and no further");
        assert_eq!(send(&app, &cookie).await.status, 200);
        let notices = testing::notices(&app).await;
        let notice = notices.iter().find(|notice| json!(notice.kind) == "confirm-address").expect("is told");
        let token = link(&app, notice).await;
        let confirm = app.post("/api/users/confirm").header("cookie", &cookie).json(json!({"token": token})).await;
        assert_eq!(confirm.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn mails_are_limited_by_the_address_they_go_to_and_by_where_they_are_asked_for() {
        let limits = Limits {
            mails_account: Rate { burst: 2, per: HOUR },
            mails_address: Rate { burst: 3, per: HOUR },
            ..Limits::default()
        };
        let app = start(Settings { limits, ..settings_that_confirm() }).await;
        let cookie = sign_up(&app, ADA).await;
        assert_eq!(send(&app, &cookie).await.status, 200);
        let reply = send(&app, &cookie).await;
        assert_eq!((reply.status, &reply.headers["retry-after"]), (429, &"1800".parse().expect("a header")));
        let other = sign_up(&app, "bob@example.com").await;
        assert_eq!(send(&app, &other).await.status, 429, "the address they come from");
        assert_eq!(kinds(&app).await.len(), 2, "one at the sign-up, and one that was asked for");
        app.clock.advance(HOUR);
        assert_eq!(send(&app, &cookie).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn where_nobody_has_to_confirm_nothing_is_sent() {
        for app in [testing::app_with_mail().await, start(testing::settings()).await] {
            let cookie = sign_up(&app, ADA).await;
            assert_eq!(send(&app, &cookie).await.status, 200);
            assert_eq!(kinds(&app).await, Vec::<Value>::new());
            assert_eq!(send(&app, "").await.status, 401);
        }
    }
}
