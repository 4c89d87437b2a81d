//! Ids in addresses.

use axum::extract::{FromRequestParts, Path};
use common::id::Id;
use http::request::Parts;

use crate::error::PageError;

/// The id in the path: `/tickets/{id}`. An invalid id is not found.
pub(crate) struct PathId<T>(pub(crate) Id<T>);

impl<T, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        let Path(text) = text.map_err(|_| PageError::NotFound)?;
        text.parse().map(Self).map_err(|_| PageError::NotFound)
    }
}
