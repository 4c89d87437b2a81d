use axum::Json;
use axum::extract::State;
use common::account::{FindAccount, FoundAccount};
use common::email::Email;
use http::StatusCode;
use runtime::http::ApiError;

use crate::error::AuthError;
use crate::state::AuthState;

/// Says whose account it is, for an operator who names somebody to another service. An address that somebody has typed,
/// and that may be a stranger's, is nobody's.
pub(super) async fn find_account(
    State(auth): State<AuthState>,
    Json(FindAccount { person }): Json<FindAccount>,
) -> Result<Json<FoundAccount>, ApiError> {
    let found = match (person.parse(), Email::parse(&person)) {
        (Ok(id), _) => auth.users.get(id).await,
        (Err(_), Ok(email)) => auth.users.find(&email).await,
        (Err(_), Err(_)) => Ok(None),
    };
    let user = found.map_err(AuthError::from)?.ok_or_else(|| {
        let message = format!("nobody has an account with the address {person}, or with this number");
        ApiError::new(StatusCode::NOT_FOUND, "not_found", message)
    })?;
    Ok(Json(FoundAccount { id: user.id }))
}

#[cfg(test)]
mod tests {
    use common::account::FIND_ACCOUNT;
    use serde_json::json;

    use crate::testing::{self, ADA, app_with_mail, sign_up};

    #[tokio::test(flavor = "multi_thread")]
    async fn an_account_is_found_by_its_address_and_by_its_number_and_no_other_is() {
        let app = app_with_mail().await;
        let id = testing::claims(&sign_up(&app, ADA).await).sub;
        for person in [ADA.to_owned(), ADA.to_uppercase(), format!(" {ADA} "), id.to_string()] {
            let found = app.ask(FIND_ACCOUNT).json(json!({"person": person})).await;
            assert_eq!((found.status, found.body), (200, json!({"id": id})), "{person:?}");
        }
        for person in ["bob@example.com", "5f1f77bcf86cd799439011aa", "ada", ""] {
            let reply = app.ask(FIND_ACCOUNT).json(json!({"person": person})).await;
            assert_eq!((reply.status, reply.codes()), (404, vec!["not_found"]), "{person}");
            assert!(reply.messages()[0].contains(person), "{reply:?}");
        }
        assert_eq!(app.post(FIND_ACCOUNT).json(json!({"person": ADA})).await.status, 404, "it is not public");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_has_not_shown_that_an_address_is_theirs_is_found_by_their_number_alone() {
        let app = testing::app_that_confirms().await;
        let id = testing::claims(&sign_up(&app, ADA).await).sub;
        let status = async |person: String| app.ask(FIND_ACCOUNT).json(json!({"person": person})).await.status;
        assert_eq!((status(ADA.to_owned()).await, status(id.to_string()).await), (404, 200));
    }
}
