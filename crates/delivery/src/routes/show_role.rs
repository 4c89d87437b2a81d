use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id;
use runtime::http::PathId;
use runtime::session::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::DeliveryError;
use crate::issuing::is_organiser;
use crate::state::DeliveryState;

/// What somebody is at an event.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleResponse {
    /// Whether they organise it: they may sell tickets to it that are issued here, and check people in.
    organises: bool,
}

/// Says whether the caller organises an event.
///
/// Organisers sell tickets to it that are issued here, and check people in: pages show those ways to them alone.
#[utoipa::path(
    get,
    path = "/api/deliveries/events/{id}/role",
    tag = crate::NAME,
    operation_id = "showRole",
    security(("session" = [])),
    params(("id" = id::EventId, Path, description = "The event")),
    responses(
        (status = 200, description = "Whether they do", body = RoleResponse),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 404, description = "This is no event's id", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn show_role(
    State(state): State<DeliveryState>,
    SignedIn(session): SignedIn,
    PathId(event): PathId<id::Event>,
) -> Result<Json<RoleResponse>, DeliveryError> {
    let organises = is_organiser(&state, event, session.user_id).await?;
    Ok(Json(RoleResponse { organises }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::service_testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn everybody_is_told_of_themselves_alone_whether_they_organise_an_event() {
        let app = start().await;
        let (organiser, eve) = (app.user(), app.user());
        let (event, another) = (app.organised_by(&organiser).await, app.new_event());
        let role = |event| format!("/api/deliveries/events/{event}/role");
        for (event, person, organises) in
            [(event, &organiser, true), (event, &eve, false), (another, &organiser, false)]
        {
            let reply = app.get(&role(event)).by(person).send().await;
            assert_eq!((reply.status, reply.body), (200, json!({"organises": organises})));
        }
        assert_eq!(app.get(&role(event)).send().await.status, 401);
        assert_eq!(app.get("/api/deliveries/events/the-gala/role").by(&organiser).send().await.status, 404);
    }
}
