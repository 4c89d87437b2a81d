use axum::Json;
use axum::extract::State;
use common::event_change::{FindEvent, FoundEvent};
use runtime::http::ApiError;

use super::event_named;
use crate::state::TicketsState;

/// Says which event it is, for who changes what other services know of it.
pub(super) async fn find_event(
    State(state): State<TicketsState>,
    Json(FindEvent { event: name }): Json<FindEvent>,
) -> Result<Json<FoundEvent>, ApiError> {
    let event = event_named(&state, &name).await?;
    Ok(Json(FoundEvent { id: event.id, slug: event.slug.as_str().to_owned(), name: event.value.name.into_string() }))
}

#[cfg(test)]
mod tests {
    use common::event_change::FIND_EVENT;
    use serde_json::json;

    use crate::testing::{added, event_draft, start};

    #[tokio::test(flavor = "multi_thread")]
    async fn an_event_is_found_by_its_address_and_by_its_id_and_no_other_is() {
        let app = start().await;
        let gala = added(&app, &app.user(), event_draft("Gala")).await;
        for name in [&gala["slug"], &gala["id"]] {
            let found = app.ask(FIND_EVENT).json(json!({"event": name})).await;
            let expected = json!({"id": gala["id"], "slug": gala["slug"], "name": gala["name"]});
            assert_eq!((found.status, found.body), (200, expected), "{name}");
        }
        for name in ["the-other-gala", "5f1f77bcf86cd799439011e1", ""] {
            let reply = app.ask(FIND_EVENT).json(json!({"event": name})).await;
            assert_eq!((reply.status, reply.codes()), (404, vec!["not_found"]), "{name}");
        }
        assert_eq!(app.post(FIND_EVENT).json(json!({"event": gala["slug"]})).await.status, 404, "it is not public");
    }
}
