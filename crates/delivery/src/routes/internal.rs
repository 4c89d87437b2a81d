//! What operators ask.

use axum::Json;
use axum::extract::State;
use axum::routing::post;
use common::id::{EventId, UserId};
use common::organisers::{AskOrganisers, ChangeOrganisers, ORGANISERS, Organisers as Answer};
use ports::store::{Conflict, StoreError};
use runtime::http::ApiError;
use utoipa_axum::router::OpenApiRouter;

use crate::domain::Organisers;
use crate::issuing;
use crate::state::DeliveryState;

/// One line for each question; none is part of the public API.
pub(crate) fn internal() -> OpenApiRouter<DeliveryState> {
    OpenApiRouter::new().route(ORGANISERS, post(organisers))
}

/// Says who may sell tickets to an event that we issue, and check them in. Nobody but an operator may.
async fn organisers(
    State(state): State<DeliveryState>,
    Json(AskOrganisers { event, change }): Json<AskOrganisers>,
) -> Result<Json<Answer>, ApiError> {
    match change {
        Some(ChangeOrganisers::Add(person)) => {
            add(&state, event, person).await?;
            tracing::warn!(%event, %person, "an operator has made somebody an organiser");
        }
        Some(ChangeOrganisers::Remove(person)) => {
            state.organisers.update(event, |them, _| Ok::<_, StoreError>(them.remove(person))).await?;
            tracing::warn!(%event, %person, "an operator has said that somebody is no organiser");
        }
        None => {}
    }
    let organisers = state.organisers.get(event).await?;
    let people = organisers.map(|them| them.people().to_vec()).unwrap_or_default();
    Ok(Json(Answer { people }))
}

/// What they have listed already is decided anew.
async fn add(state: &DeliveryState, event: EventId, person: UserId) -> Result<(), StoreError> {
    match state.organisers.insert(Organisers::new(event, person), &()).await {
        Ok(_) => {}
        Err(StoreError::Conflict(Conflict::Exists)) => {
            state.organisers.update(event, |them, _| Ok::<_, StoreError>(them.add(person))).await?;
        }
        Err(error) => return Err(error),
    }
    issuing::decide_all_of(state, person).await
}

#[cfg(test)]
mod tests {
    use common::organisers::{AskOrganisers, ChangeOrganisers};
    use serde_json::json;

    use crate::service_testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn operators_say_who_organises_an_event() {
        let app = start().await;
        let (ada, bob, event) = (app.user(), app.user(), app.new_event());
        let ask = async |change| {
            app.ask(common::organisers::ORGANISERS).json(json!(AskOrganisers { event, change })).await.body
        };
        assert_eq!(ask(None).await, json!({"people": []}));
        for _ in 0..2 {
            assert_eq!(ask(Some(ChangeOrganisers::Add(ada.id))).await, json!({"people": [ada.id]}));
        }
        assert_eq!(ask(Some(ChangeOrganisers::Add(bob.id))).await, json!({"people": [ada.id, bob.id]}));
        assert_eq!(ask(Some(ChangeOrganisers::Remove(ada.id))).await, json!({"people": [bob.id]}));
        assert_eq!(app.get(&format!("/api/deliveries/events/{event}/door")).by(&bob).send().await.status, 200);
        assert_eq!(app.get(&format!("/api/deliveries/events/{event}/door")).by(&ada).send().await.status, 401);
    }
}
