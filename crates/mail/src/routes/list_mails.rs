use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::{EventId, OrderId, TicketId};
use common::time::Timestamp;
use runtime::http::ApiError;
use runtime::session::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Message, News};
use crate::state::MailState;
use crate::store;

/// How many are listed: more than anybody is told in the time for which it is remembered.
const LISTED: usize = 1000;

/// Something that somebody was told by mail, or is to be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MailResponse {
    /// What it says, in a word.
    #[schema(examples("bought"))]
    kind: &'static str,
    /// The order that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<OrderId>,
    /// The ticket that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_id: Option<TicketId>,
    /// The event that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<EventId>,
    /// When mail heard of it.
    since: Timestamp,
    /// What has come of it: `due`, `sent`, `refused`, `given-up` or `dropped`.
    #[schema(examples("sent"))]
    state: &'static str,
    /// When that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Timestamp>,
}

impl From<&Message> for MailResponse {
    fn from(message: &Message) -> Self {
        let (order_id, ticket_id, event_id) = match &message.news {
            News::Order(news) => (Some(news.order), None, None),
            News::Withdrawn(withdrawn) => (None, Some(withdrawn.ticket), None),
            News::Event(news) => (None, None, Some(news.event)),
            News::Account(_) => (None, None, None),
        };
        let (kind, (state, finished_at)) = (message.news.kind(), message.standing());
        Self { kind, order_id, ticket_id, event_id, since: message.since, state, finished_at }
    }
}

/// What the caller was told by mail within the last 90 days, the newest first.
///
/// Which address it went to is not kept. What asks whoever reads mail at an address to confirm it is not listed: it is sent only where no other account has the
/// address, which is nobody's business.
#[utoipa::path(
    get,
    path = "/api/mails",
    tag = crate::NAME,
    operation_id = "listMails",
    security(("session" = [])),
    responses(
        (status = 200, description = "The last 1,000 mails", body = [MailResponse]),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn list_mails(
    State(state): State<MailState>,
    SignedIn(session): SignedIn,
) -> Result<Json<Vec<MailResponse>>, ApiError> {
    let messages = state.messages.find(&store::last_to(session.user_id, LISTED)).await?;
    let told = messages.iter().filter(|message| !message.news.asks_to_confirm());
    Ok(Json(told.map(|message| MailResponse::from(&message.value)).collect()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::{NoticeDue, NoticeKind, OrderCreated};
    use serde_json::json;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn everybody_sees_what_they_were_told_and_nobody_else_does() {
        let app = start().await;
        let (ada, eve) = (app.user(), app.user());
        let order = OrderCreated { user_id: ada.id, ..app.order() };
        app.publish("orders", &order).await;
        app.publish("orders", &order_completed(&order)).await;
        app.until_state(&format!("bought.{}.{}", order.id, ada.id), "sent").await;
        let bought_at = app.clock.now();
        app.clock.advance(Duration::from_secs(1));
        app.lose_auth();
        let notice = NoticeDue { user_id: ada.id, ..app.notice(NoticeKind::NewSignIn) };
        app.publish("notices", &notice).await;
        app.settle().await;
        let reply = app.get("/api/mails").by(&ada).send().await;
        let expected = json!([
            {"kind": "new-sign-in", "since": app.clock.now(), "state": "due"},
            {"kind": "bought", "orderId": order.id, "since": bought_at, "state": "sent", "finishedAt": bought_at},
        ]);
        assert_eq!((reply.status, reply.body), (200, expected));
        assert_eq!(app.get("/api/mails").by(&eve).send().await.body, json!([]));
        assert_eq!(app.get("/api/mails").send().await.status, 401);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_learns_from_the_list_whether_another_account_has_an_address() {
        let app = start().await;
        let ada = app.user();
        let asked = NoticeDue { user_id: ada.id, ..app.notice(NoticeKind::ConfirmAddress) };
        let told = NoticeDue { user_id: ada.id, ..app.notice(NoticeKind::PasswordChanged) };
        app.publish("notices", &asked).await;
        app.publish("notices", &told).await;
        app.until_told(2).await;
        let list = app.get("/api/mails").by(&ada).send().await.body;
        let kinds: Vec<_> = list.as_array().expect("a list").iter().map(|mail| &mail["kind"]).collect();
        assert_eq!(kinds, ["password-changed"]);
    }
}
