use axum::response::{IntoResponse, Redirect, Response};
use common::id;
use http::StatusCode;

use super::order;
use super::sign_in;
use crate::error::PageError;
use crate::path::PathId;
use crate::visitor::Visitor;

pub(crate) async fn submit(visitor: Visitor, PathId(id): PathId<id::Order>) -> Result<Response, PageError> {
    let back = order::address(id);
    if visitor.id().is_err() {
        return Ok(Redirect::to(&sign_in::address(&back)).into_response());
    }
    match visitor.api.cancel_order(id).await {
        Ok(()) => Ok(Redirect::to(&back).into_response()),
        Err(error) if error.code() == Some("being_paid") => {
            Ok(Redirect::to(&order::address_of_refused_cancellation(id)).into_response())
        }
        // It is paid: its page shows that.
        Err(error) if error.status() == Some(StatusCode::BAD_REQUEST) => Ok(Redirect::to(&back).into_response()),
        Err(error) => Err(order::hide(error)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::order::testing::*;
    use crate::testing::Site;

    const CANCEL: &str = "DELETE /api/orders/692199c0bcf86cd7994390bb";
    const PLACE_TO_CANCEL: &str = "/orders/692199c0bcf86cd7994390bb/cancel";

    #[tokio::test]
    async fn cancelling_leads_to_the_order_also_twice_or_when_it_is_paid() {
        let complete = json!({"errors": [{"message": "A complete order cannot be cancelled"}]});
        for answers in [vec![(CANCEL, 204, Value::Null)], vec![(CANCEL, 400, complete)]] {
            let site = Site::signed_in(answers).await;
            for _ in 0..2 {
                let reply = site.post(PLACE_TO_CANCEL, &[]).await;
                assert_eq!((reply.status, reply.location()), (303, PLACE));
            }
            assert_eq!(site.calls(), [CANCEL, CANCEL].map(|call| call.to_owned()));
        }
    }

    #[tokio::test]
    async fn an_order_that_is_being_paid_says_so() {
        let refused = json!({"errors": [{"code": "being_paid", "message": "The order is being paid"}]});
        let awaiting = with(json!({"status": "awaiting:payment"}));
        let site = Site::signed_in([(CANCEL, 400, refused), (GET_ORDER, 200, awaiting)]).await;
        let reply = site.post(PLACE_TO_CANCEL, &[]).await;
        assert_eq!((reply.status, reply.location()), (303, format!("{PLACE}?cancel=refused").as_str()));
        let page = site.get(reply.location()).await;
        page.assert_has("The order could not be cancelled: it is being paid.");
        page.assert_has("<h1>Your payment is being taken</h1>");
        page.assert_lacks("/cancel\"");
        // The notice of a moment ago is not repeated once it is not so any more.
        let free = Site::signed_in([(GET_ORDER, 200, created()), test_cards()]).await;
        free.get(reply.location()).await.assert_lacks("could not be cancelled");
    }

    #[tokio::test]
    async fn only_the_buyer_can_cancel() {
        let theirs = (CANCEL, 401, json!({"errors": [{"message": "Not authorized"}]}));
        let reply = Site::signed_in([theirs]).await.post(PLACE_TO_CANCEL, &[]).await;
        assert_eq!(reply.status, 404);
        let site = Site::answering([]).await;
        let reply = site.post(PLACE_TO_CANCEL, &[]).await;
        assert_eq!((reply.status, reply.location()), (303, format!("/signin?next=%2Forders%2F{ORDER}").as_str()));
        assert_eq!(site.calls(), Vec::<String>::new());
    }
}
