use axum::response::{IntoResponse, Redirect, Response};

use crate::error::PageError;
use crate::visitor::Visitor;

pub(crate) async fn submit(visitor: Visitor) -> Result<Response, PageError> {
    visitor.api.sign_out().await?;
    // The back button must not show private pages.
    Ok(([("clear-site-data", "\"cache\"")], Redirect::to("/")).into_response())
}
