use axum::Json;
use axum::extract::State;
use common::addressee::{Addressee, Directions, FindAddressee, Notice};
use common::events::NoticeKind;
use http::HeaderMap;

use crate::domain::User;
use crate::error::AuthError;
use crate::state::AuthState;

/// Says where to write to somebody, and what of a notice only auth knows. Only `mail` may ask.
pub(super) async fn find_addressee(
    State(auth): State<AuthState>,
    headers: HeaderMap,
    Json(FindAddressee { user_id, notice }): Json<FindAddressee>,
) -> Result<Json<Addressee>, AuthError> {
    if !auth.settings.mail.as_ref().is_some_and(|mail| mail.secret.is_proved_by(&headers)) {
        return Err(AuthError::UnknownPeer);
    }
    let Some(user) = auth.users.get(user_id).await? else { return Ok(Json(Addressee::Nobody)) };
    if !user.holds_address() && !notice.is_some_and(|notice| is_to_whoever_reads_it(notice.kind)) {
        return Ok(Json(Addressee::NotYet));
    }
    Ok(Json(answer(&auth, &user, notice).await?))
}

/// Whether a notice is for whoever reads mail at the address, whose account it may be or not.
fn is_to_whoever_reads_it(kind: NoticeKind) -> bool {
    match kind {
        NoticeKind::ConfirmAddress | NoticeKind::ResetPassword => true,
        NoticeKind::PasswordChanged
        | NoticeKind::AddressChanged
        | NoticeKind::NewSignIn
        | NoticeKind::SignUpAgain
        | NoticeKind::SignInChanged
        | NoticeKind::RecoveryCodeUsed => false,
    }
}

async fn answer(auth: &AuthState, user: &User, notice: Option<Notice>) -> Result<Addressee, AuthError> {
    let (mut email, mut link, mut device) = (user.email(), None, None);
    match notice {
        None
        | Some(Notice {
            kind:
                NoticeKind::PasswordChanged
                | NoticeKind::SignUpAgain
                | NoticeKind::SignInChanged
                | NoticeKind::RecoveryCodeUsed,
            ..
        }) => {}
        Some(Notice { kind: NoticeKind::NewSignIn, id }) => {
            // The sign-in is the cause.
            let session = auth.sessions.store.get(id).await?;
            device = session.and_then(|session| session.device.in_words());
        }
        Some(letter @ Notice { kind: NoticeKind::ConfirmAddress | NoticeKind::ResetPassword, .. }) => {
            let (Some(to), Some(written)) =
                (user.letter_address(letter.id, letter.kind), auth.write_link(user.id, letter).await?)
            else {
                return Ok(Addressee::Nobody);
            };
            (email, link) = (to, Some(written));
        }
        Some(Notice { kind: kind @ NoticeKind::AddressChanged, id }) => {
            let Some(to) = user.letter_address(id, kind) else { return Ok(Addressee::Nobody) };
            email = to;
        }
    }
    let directions = Directions { email: email.clone(), link, device };
    Ok(Addressee::At(Box::new(directions)))
}

#[cfg(test)]
mod tests {
    use common::addressee::{FIND_ADDRESSEE, FindAddressee};
    use common::events::NoticeDue;
    use harness::Reply;
    use serde_json::{Value, json};

    use crate::testing::{self, ADA, PASSWORD, app_with_mail, ask, notices, sign_up};

    #[tokio::test(flavor = "multi_thread")]
    async fn only_who_knows_the_secret_is_told_an_address() {
        let app = app_with_mail().await;
        let user_id = testing::claims(&sign_up(&app, ADA).await).sub;
        let question = json!(FindAddressee { user_id, notice: None });
        let at = json!({"at": {"email": ADA}});
        let reply: Reply = ask(&app, &question).await;
        assert_eq!((reply.status, reply.body), (200, at));
        for credential in ["", "Bearer ", "Bearer another secret, as long as a secret must be"] {
            let request = app.ask(FIND_ADDRESSEE).header("authorization", credential);
            let reply = request.json(question.clone()).await;
            assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]), "{credential:?}");
        }
        let without_mail = testing::start(testing::settings()).await;
        assert_eq!(ask(&without_mail, &question).await.status, 401);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_may_be_a_stranger_is_sent_nothing_but_what_shows_that_they_are_not() {
        let app = testing::app_that_confirms().await;
        let cookie = sign_up(&app, ADA).await;
        let question = json!(FindAddressee { user_id: testing::claims(&cookie).sub, notice: None });
        assert_eq!(ask(&app, &question).await.body, json!("notYet"));
        let asked = notices(&app).await;
        let token = testing::link(&app, &asked[0]).await;
        let confirm = app.post("/api/users/confirm").header("cookie", &cookie).json(json!({"token": token})).await;
        assert_eq!(confirm.status, 200);
        assert_eq!(ask(&app, &question).await.body, json!({"at": {"email": ADA}}));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_is_written_to_who_does_not_exist() {
        let app = app_with_mail().await;
        let question = json!({"userId": "5f1f77bcf86cd799439011aa"});
        assert_eq!(ask(&app, &question).await.body, json!("nobody"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_new_password_is_told_and_a_notice_of_nothing_is_not() {
        let app = app_with_mail().await;
        let cookie = sign_up(&app, ADA).await;
        let body = json!({"currentPassword": PASSWORD, "newPassword": "harbour without fog"});
        assert_eq!(app.post("/api/users/password").header("cookie", &cookie).json(body).await.status, 200);
        let [NoticeDue { id, user_id, kind }] = &notices(&app).await[..] else { panic!("not one notice") };
        assert_eq!((json!(kind), *user_id), (json!("password-changed"), testing::claims(&cookie).sub));
        let about = |kind: &Value| json!({"userId": user_id, "notice": {"id": id, "kind": kind}});
        assert_eq!(ask(&app, &about(&json!(kind))).await.body, json!({"at": {"email": ADA}}));
        for other in ["reset-password", "confirm-address", "address-changed"] {
            assert_eq!(ask(&app, &about(&json!(other))).await.body, json!("nobody"), "{other}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_sign_in_with_an_unknown_browser_is_told_with_its_name() {
        let app = app_with_mail().await;
        let signed_up = testing::signed_up(&app, ADA).await;
        let user_id = testing::claims(&testing::cookie(&signed_up)).sub;
        let sign_in = async |browser: &str, device: &str| {
            let body = json!({"email": ADA, "password": PASSWORD});
            let request = app.post("/api/users/signin").header("user-agent", browser).header("cookie", device);
            assert_eq!(request.json(body).await.status, 200);
        };
        sign_in("", &testing::device(&signed_up)).await;
        assert_eq!(notices(&app).await, [], "it is the browser that signed up");
        sign_in("Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0", "").await;
        sign_in("curl/8.5.0", "").await;
        let told = notices(&app).await;
        assert_eq!(told.iter().map(|notice| json!(notice.kind)).collect::<Vec<_>>(), ["new-sign-in", "new-sign-in"]);
        let device = async |number: usize| {
            let NoticeDue { id, .. } = told[number];
            let question = json!({"userId": user_id, "notice": {"id": id, "kind": "new-sign-in"}});
            ask(&app, &question).await.body
        };
        assert_eq!(device(0).await, json!({"at": {"email": ADA, "device": "Firefox, Windows"}}));
        assert_eq!(device(1).await, json!({"at": {"email": ADA}}));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn without_mail_nobody_is_told_anything() {
        let app = testing::start(testing::settings()).await;
        let cookie = sign_up(&app, ADA).await;
        assert_eq!(testing::sign_in(&app, ADA, PASSWORD).await.status, 200);
        let body = json!({"currentPassword": PASSWORD, "newPassword": "harbour without fog"});
        assert_eq!(app.post("/api/users/password").header("cookie", &cookie).json(body).await.status, 200);
        assert_eq!(notices(&app).await, []);
    }
}
