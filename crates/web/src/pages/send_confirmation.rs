use axum::response::{IntoResponse, Redirect, Response};

use crate::error::PageError;
use crate::visitor::Visitor;

/// Has the mail sent again by which the visitor confirms their address.
pub(crate) async fn submit(visitor: Visitor) -> Result<Response, PageError> {
    visitor.id()?;
    visitor.api.send_confirmation().await?;
    Ok(Redirect::to("/account?sent").into_response())
}
