use axum::Json;
use axum::response::{IntoResponse, Response};
use common::errors::{ErrorBody, ErrorEntry};
use common::money::{Currency, Price};
use http::{HeaderValue, StatusCode, header};

use crate::audit::{self, AuditEvent};
use ports::store::StoreError;

/// A failure as the client sees it.
#[derive(Debug, Clone)]
pub struct ApiError {
    status: StatusCode,
    errors: Vec<ErrorEntry>,
    retry_after: Option<u64>,
}

impl ApiError {
    /// A failure with one message. `code` is what programs read: it never changes.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, errors: vec![ErrorEntry::new(code, message)], retry_after: None }
    }

    /// The same failure, with the seconds after which it is worth trying again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// 400 with one message.
    pub fn bad_request(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 400 with an entry for each broken rule.
    pub fn invalid(errors: Vec<ErrorEntry>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, errors, retry_after: None }
    }

    /// 409 with these entries: what stands in the way.
    pub fn conflicts(errors: Vec<ErrorEntry>) -> Self {
        Self { status: StatusCode::CONFLICT, ..Self::invalid(errors) }
    }

    /// 401: not signed in, or not allowed to.
    pub fn not_authorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_authorized", "Not authorized")
    }

    /// 401: what was asked for belongs to somebody else, which is written down.
    pub fn not_the_owner() -> Self {
        audit::record(AuditEvent::NotTheOwner);
        Self::not_authorized()
    }

    /// 403: somebody has to confirm their address before they may do this.
    pub fn address_not_confirmed() -> Self {
        let message = "Confirm your email address first: follow the link in the mail that we have sent you";
        Self::new(StatusCode::FORBIDDEN, "address_not_confirmed", message)
    }

    /// 403: a page of another site has sent the request.
    pub fn cross_site() -> Self {
        Self::new(StatusCode::FORBIDDEN, "cross_site", "Requests from other sites are refused")
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not Found")
    }

    /// 405.
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method Not Allowed")
    }

    /// 409: what the client has seen is not so any more.
    pub fn conflict(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// 409: the ticket costs something else than the client has seen; the entry names the present price.
    pub fn price_changed(message: impl Into<String>, price: Price, currency: Currency) -> Self {
        let entry = ErrorEntry::new("price_changed", message).of_field("price");
        let entry = ErrorEntry { price: Some(price), currency: Some(currency), ..entry };
        Self { status: StatusCode::CONFLICT, errors: vec![entry], retry_after: None }
    }

    /// 503: what is needed is on its way, and will be here if the client tries again.
    pub fn not_yet(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message).retry_after(1)
    }

    /// 429, with the seconds after which it is worth trying again.
    pub fn too_many(message: impl Into<String>, retry_after: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", message).retry_after(retry_after)
    }

    /// 503: a part we need is unavailable; the client should try again.
    pub fn unavailable() -> Self {
        let message = "Temporarily unavailable, please try again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message).retry_after(1)
    }

    /// 503: what another service made a moment ago may still be on its way to this one.
    pub fn not_heard_yet() -> Self {
        let message = "This was made a moment ago and is not known here yet, please try again";
        Self::not_yet("not_heard_yet", message)
    }

    /// 503: too many search at once, or this search takes too much from others.
    pub fn over_budget() -> Self {
        let message = "Too much is being searched at the moment: please try again, or look for something more specific";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "over_budget", message).retry_after(2)
    }

    /// 500: our fault. The cause is in the log, not in the response.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong")
    }
}

/// Conflicts are for the caller of the store to handle; one that arrives here was not resolved within
/// the allowed attempts. That many wanted the same at once is nobody's fault: trying again will do.
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(reason) => {
                tracing::error!(reason, "the database is unavailable");
                Self::unavailable()
            }
            StoreError::Conflict(conflict) => {
                tracing::info!(?conflict, "a conflict was not resolved");
                Self::unavailable()
            }
            StoreError::OverBudget(reason) => {
                tracing::debug!(reason, "a query is refused");
                metrics::counter!("queries_over_budget_total").increment(1);
                Self::over_budget()
            }
            StoreError::Corrupt(reason) => {
                tracing::error!(reason, "unreadable record");
                Self::internal()
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(ErrorBody { errors: self.errors })).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_over_its_budget_may_be_tried_again() {
        let response = ApiError::from(StoreError::OverBudget("too many wait already")).into_response();
        assert_eq!(
            (response.status(), &response.headers()[header::RETRY_AFTER]),
            (StatusCode::SERVICE_UNAVAILABLE, &"2".parse().expect("a value"))
        );
        assert_eq!(ApiError::over_budget().errors[0].code, "over_budget");
    }
}
