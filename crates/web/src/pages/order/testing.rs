//! An order as the API returns it.

use serde_json::{Value, json};

use crate::testing::{self, CannedResponse, USER};

pub(crate) const ORDER: &str = "692199c0bcf86cd7994390bb";
pub(crate) const TICKET: &str = "5f1f77bcf86cd799439011aa";
/// Twelve minutes after [`crate::testing::NOW`].
pub(crate) const DUE: &str = "2026-11-22T12:12:00.000Z";

/// The path of its page.
pub(crate) const PLACE: &str = "/orders/692199c0bcf86cd7994390bb";
/// The API call for it.
pub(crate) const GET_ORDER: &str = "GET /api/orders/692199c0bcf86cd7994390bb";

/// The API call for its payment.
pub(crate) const GET_PAYMENT: &str = "GET /api/payments/692199c0bcf86cd7994390bb";

pub(crate) fn created() -> Value {
    json!({
        "id": ORDER, "status": "created", "userId": USER, "expiresAt": DUE, "version": 0,
        "ticket": {
            "id": TICKET, "title": "Row <A> & B", "price": 20.5, "currency": "usd", "version": 0, "event": "Mañana",
            "venue": "Town Hall", "startsAt": "2027-03-14T19:30:00.000Z", "section": "A", "row": "1", "seat": "12",
        },
    })
}

/// The order with some fields changed.
pub(crate) fn with(changes: Value) -> Value {
    testing::with(created(), changes)
}

/// The payment configuration without a Stripe account.
pub(crate) fn test_cards() -> CannedResponse {
    ("GET /api/payments/config", 200, json!({"publishableKey": null, "testMode": true}))
}

/// The payment in this state.
pub(crate) fn payment(status: &str) -> CannedResponse {
    payment_with(status, json!({}))
}

/// The same with some fields changed.
pub(crate) fn payment_with(status: &str, changes: Value) -> CannedResponse {
    let payment = json!({
        "id": ORDER, "orderId": ORDER, "status": status, "amount": 20.5, "currency": "usd", "stripeId": "pi_1",
    });
    (GET_PAYMENT, 200, testing::with(payment, changes))
}
