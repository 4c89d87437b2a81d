use axum::Json;
use axum::extract::State;
use common::email::Email;
use common::errors::ErrorBody;
use runtime::http::{JsonBody, Validator};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::dto::{DoneResponse, parse_email};
use crate::devices::KnownDevice;
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::AuthState;

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
pub(super) struct ResetRequestRequest {
    /// Compared without regard to case.
    #[serde(default)]
    #[schema(value_type = String, format = "email", required = true, max_length = 254, examples("ada@example.com"))]
    email: Value,
}

impl ResetRequestRequest {
    fn parse(&self) -> Result<Email, AuthError> {
        let mut validator = Validator::default();
        let email = validator.take("email", parse_email(&self.email));
        email.ok_or_else(|| AuthError::Invalid(validator.into_error()))
    }
}

/// Sends a mail with which its reader can choose another password, if the address has an account. The answer does not
/// say whether it has. Of several accounts that have yet to confirm the address, it is the one that was made in this browser,
/// or else the last: whoever reads the mail has shown that the address is theirs.
#[utoipa::path(
    post,
    path = "/api/users/reset-request",
    tag = crate::NAME,
    operation_id = "requestReset",
    request_body = ResetRequestRequest,
    responses(
        (status = 200, description = "A mail is on its way, if the address has an account", body = DoneResponse),
        (status = 400, description = "The address is invalid, or no mails are sent here (`no_mail`)", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many mails", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn request_reset(
    State(auth): State<AuthState>,
    peer: Peer,
    device: KnownDevice,
    JsonBody(body): JsonBody<ResetRequestRequest>,
) -> Result<Json<DoneResponse>, AuthError> {
    let email = body.parse()?;
    if !auth.tells() {
        return Err(AuthError::NoMail);
    }
    auth.limiter.count_letter(&email, peer).await?;
    auth.resets.ask(email, device.accounts().collect()).await?;
    Ok(Json(DoneResponse {}))
}

#[cfg(test)]
mod tests {
    use common::events::NoticeDue;
    use harness::{Harness, Reply};
    use serde_json::json;

    use crate::domain::{Rate, ResetRequest};
    use crate::settings::{Limits, Settings};
    use crate::testing::{self, ADA, HOUR, app_with_mail, sign_up, start, until};

    async fn request(app: &Harness, email: &str) -> Reply {
        app.post("/api/users/reset-request").json(json!({"email": email})).await
    }

    /// What people are to be told, once everything that was asked for is done.
    async fn told(app: &Harness) -> Vec<NoticeDue> {
        let store = app.deps.store::<ResetRequest>();
        until(async || {
            let requests = store.find(&Default::default()).await.expect("finds");
            requests.iter().all(|request| request.email.is_none())
        })
        .await;
        testing::notices(app).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_owner_of_a_known_address_is_written_to_and_the_answer_says_nothing() {
        let app = app_with_mail().await;
        let ada = testing::claims(&sign_up(&app, ADA).await).sub;
        for email in ["Ada@Example.com", "nobody@example.com"] {
            let reply = request(&app, email).await;
            assert_eq!((reply.status, &reply.body), (200, &json!({})), "{email}");
        }
        let [notice] = &told(&app).await[..] else { panic!("not one notice") };
        assert_eq!((notice.user_id, json!(notice.kind)), (ada, json!("reset-password")));
        let requests = app.deps.store::<ResetRequest>().find(&Default::default()).await.expect("finds");
        assert_eq!(requests.len(), 2, "both took the same steps");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn mails_are_limited_for_known_and_unknown_addresses_alike() {
        let limits = Limits { mails_account: Rate { burst: 2, per: HOUR }, ..Limits::default() };
        let settings = Settings { limits, mail: testing::with_mail(false).mail, ..testing::settings() };
        let app = start(settings).await;
        sign_up(&app, ADA).await;
        for email in [ADA, "nobody@example.com"] {
            assert_eq!(request(&app, email).await.status, 200);
            assert_eq!(request(&app, email).await.status, 200);
            let reply = request(&app, email).await;
            assert_eq!((reply.status, reply.headers["retry-after"].as_bytes()), (429, &b"1800"[..]), "{email}");
        }
        assert_eq!(told(&app).await.len(), 2);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_a_process_has_left_undone_the_next_one_does() {
        let mut app = start(testing::settings()).await;
        sign_up(&app, ADA).await;
        let email = common::email::Email::parse(ADA).expect("an address");
        let asked = ResetRequest::new(app.deps.platform.ids.next(app.clock.now()), email, Vec::new(), app.clock.now());
        app.deps.store::<ResetRequest>().insert(asked, &()).await.expect("inserts");
        testing::replace_service(&mut app, testing::with_mail(false)).await;
        assert_eq!(told(&app).await.len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn where_no_mails_are_sent_nothing_can_be_asked_for() {
        let app = start(testing::settings()).await;
        let reply = request(&app, ADA).await;
        assert_eq!((reply.status, reply.codes()), (400, vec!["no_mail"]));
        let reply = request(&app_with_mail().await, "ada").await;
        assert_eq!((reply.status, reply.messages()), (400, vec!["Email must be valid"]));
    }
}
