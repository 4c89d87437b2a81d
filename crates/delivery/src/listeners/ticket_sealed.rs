use common::events::DeliverySealed;
use runtime::listener::Handled;

use crate::handing_over::hand_over;
use crate::state::DeliveryState;

/// Hands over what a seller has given us after the sale.
pub(super) async fn handle(state: DeliveryState, event: DeliverySealed) -> Handled {
    let admission = state.admissions.get(event.ticket_id).await?;
    match admission.and_then(|admission| admission.sold_to()) {
        Some(order) => hand_over(&state, order).await,
        None => Ok(()),
    }
}
