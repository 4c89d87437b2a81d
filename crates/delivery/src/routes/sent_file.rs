//! How the file of a ticket goes out.

use axum::body::Body;
use axum::response::{IntoResponse, Redirect, Response};
use common::id::TicketId;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::domain::StoredFile;
use crate::error::DeliveryError;
use crate::intake::unwrap;
use crate::sealing::{SealingError, Subject};
use crate::state::DeliveryState;
use crate::storage::StorageError;
use crate::vault::{Outgoing, VaultError};

/// The file, or why there is none. Whoever follows a link to it in a browser is shown that on a page in their language, and
/// not as what programs read.
pub(super) fn or_page(sent: Result<Response, DeliveryError>, headers: &HeaderMap, page: &str) -> Response {
    let response = sent.unwrap_or_else(IntoResponse::into_response);
    let notice = match response.status() {
        StatusCode::GONE => "lost",
        StatusCode::SERVICE_UNAVAILABLE => "away",
        _ => return response,
    };
    let accepted = headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
    if accepted.contains("text/html") {
        Redirect::to(&format!("{page}?file={notice}")).into_response()
    } else {
        response
    }
}

/// Answers with a file of this name, which browsers save and never show: people have made it. It is opened while it
/// goes out, and if it turns out not to be whole, the answer breaks off.
pub(super) async fn send(
    state: &DeliveryState,
    ticket: TicketId,
    file: &StoredFile,
    name: &str,
) -> Result<Response, DeliveryError> {
    let place = state.downloads.clone().try_acquire_owned().map_err(|_| DeliveryError::Busy)?;
    let opened = open(state, ticket, file).await?;
    let mut response = Response::new(Body::from_stream(held(opened, place)));
    let name = format!("attachment; filename=\"{name}.{}\"", file.kind.extension());
    let headers: [(HeaderName, HeaderValue); 6] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.kind.media_type())),
        (header::CONTENT_LENGTH, HeaderValue::from(file.bytes)),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(|_| DeliveryError::NotFound)?),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    response.headers_mut().extend(headers);
    Ok(response)
}

/// Begins to open a file, or finds that it is lost for good. Where all of the store is away, nothing is.
async fn open(state: &DeliveryState, ticket: TicketId, file: &StoredFile) -> Result<Outgoing, DeliveryError> {
    let lost = match state.vault.open(&unwrap(&file.key)?, &Subject { file: file.id, ticket }).await {
        Ok(opened) => return Ok(opened),
        Err(
            error @ (VaultError::Storage(StorageError::NotFound) | VaultError::Sealing(SealingError::NotWhatWasSealed)),
        ) => error,
        Err(error) => return Err(error.into()),
    };
    state.vault.probe().await.map_err(DeliveryError::Storage)?;
    Err(DeliveryError::FileLost(file.id, lost))
}

/// The file's parts; `place` is given back with the last.
fn held<P: Send + 'static>(
    file: Outgoing,
    place: P,
) -> impl futures_util::Stream<Item = std::io::Result<bytes::Bytes>> + Send + 'static {
    use futures_util::StreamExt;
    file.into_stream().map(move |part| {
        let _held = &place;
        part.inspect_err(|error| {
            metrics::counter!("delivery_unreadable_total").increment(1);
            tracing::error!(%error, "a file broke off while it went out");
        })
    })
}
