use axum::response::Response;

use super::own_page;
use crate::error::PageError;
use crate::visitor::Visitor;

/// The operator's terms, if they have any.
pub(crate) async fn show(visitor: Visitor) -> Result<Response, PageError> {
    let terms = visitor.about.terms.as_ref().ok_or(PageError::NotFound)?;
    Ok(own_page::answer(&visitor, visitor.text.layout.terms, terms))
}
