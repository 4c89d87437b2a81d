use axum::response::{IntoResponse, Redirect, Response};

use crate::error::PageError;
use crate::visitor::Visitor;

pub(crate) async fn submit(visitor: Visitor) -> Result<Response, PageError> {
    visitor.api.sign_out().await?;
    // The back button must not show private pages, nor a service worker tickets.
    Ok(([("clear-site-data", "\"cache\", \"storage\"")], Redirect::to("/")).into_response())
}
