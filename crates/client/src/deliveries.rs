use std::io;
use std::time::Duration;

use bytes::Bytes;
use common::id::{OrderId, TicketId};
use common::time::Timestamp;
use futures_util::{Stream, StreamExt};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, Response};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Frame, Incoming};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::timeout;

use crate::error::Cause;
use crate::request::{json_request, read, request, with_time_limit};
use crate::{Client, Error};

/// How long a file may take on its way, and to be looked at.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// What a seller has given for one of their listings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sealing {
    /// The listing.
    pub ticket_id: TicketId,
    /// How the ticket comes to its buyer: `sealed`, `later` or `ours`; nothing is promised if there is none.
    pub mode: Option<String>,
    /// By when it has to come, if it comes later.
    pub until: Option<Timestamp>,
    /// Which of those that the seller gave a buyer gets; 0 for none yet.
    pub seal: u32,
    /// The latest, if it is not what a buyer gets yet.
    pub pending_seal: Option<u32>,
    /// The file of the latest.
    pub file: Option<StoredFile>,
    /// How many codes of it are known.
    pub codes: usize,
    /// Whether any is.
    pub checked: bool,
    /// When the latest came.
    pub sealed_at: Option<Timestamp>,
    /// How far that has come.
    pub state: SealingState,
    /// Why its seller may not sell it, if they may not.
    pub refusal: Option<String>,
}

/// How far a seller's part has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SealingState {
    /// Nothing has been given.
    Waiting,
    /// Something has, and is not what a buyer gets yet.
    Pending,
    /// A buyer gets what was given last.
    Sealed,
    /// It is sold.
    Sold,
    /// It is not for sale any more.
    Withdrawn,
    /// It is one that is issued here, and its seller may not sell it.
    Refused,
    /// A state that was added after this client was built.
    #[serde(other)]
    Other,
}

/// What a buyer gets by an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// The order.
    pub order_id: OrderId,
    /// The listing.
    pub ticket_id: TicketId,
    /// How it stands.
    pub state: DeliveryState,
    /// How it was promised when the order was made.
    pub mode: Option<String>,
    /// By when it comes, if it was promised for later.
    pub until: Option<Timestamp>,
    /// Whether a code of the ticket is known. Only what is released says so.
    pub checked: bool,
    /// The codes of the ticket, once it is released.
    pub codes: Vec<Code>,
    /// Its file, once it is released, if there is one.
    pub file: Option<StoredFile>,
    /// When it was released.
    pub released_at: Option<Timestamp>,
    /// When the buyer first looked at it.
    pub first_viewed_at: Option<Timestamp>,
    /// The listing by which its buyer sells it on, if they do and nobody has bought it yet.
    pub offered_as: Option<TicketId>,
    /// When somebody went in with it, if it is issued here: then there is nothing to sell on.
    pub used_at: Option<Timestamp>,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// The order is not paid.
    Unpaid,
    /// The ticket is still to come.
    Waiting,
    /// The buyer has it.
    Released,
    /// It did not come in time: the buyer gets their money back.
    Missed,
    /// The order was cancelled after it was paid, or all of the money goes back or has gone back.
    TakenBack,
    /// Nothing was promised.
    NothingPromised,
    /// The buyer has sold it on.
    Resold,
    /// A state that was added after this client was built.
    #[serde(other)]
    Other,
}

/// A code that lets its holder in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Code {
    /// How it is drawn.
    pub symbology: Symbology,
    /// What it says.
    pub text: String,
}

/// How a code is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Symbology {
    /// QR.
    Qr,
    /// Aztec.
    Aztec,
    /// PDF417.
    Pdf417,
    /// Code 128.
    Code128,
    /// One that was added after this client was built.
    #[serde(other)]
    Other,
}

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StoredFile {
    /// What it is.
    pub kind: FileKind,
    /// How large it is.
    pub bytes: u64,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// A PDF document.
    Pdf,
    /// A PNG image.
    Png,
    /// A JPEG image.
    Jpeg,
    /// A pass for a wallet.
    Pkpass,
    /// One that was added after this client was built.
    #[serde(other)]
    Other,
}

/// A file on its way here.
#[derive(Debug)]
pub struct Download(Response<Incoming>);

impl Download {
    /// What it is, as browsers are told.
    pub fn media_type(&self) -> Option<&HeaderValue> {
        self.header(&CONTENT_TYPE)
    }

    /// How large it is.
    pub fn bytes(&self) -> Option<u64> {
        self.header(&CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    /// One of the headers that it came with.
    pub fn header(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.0.headers().get(name)
    }

    /// The next part of it; `None` at its end.
    ///
    /// # Errors
    /// If it broke off: then what has come is no whole file.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        while let Some(frame) = self.0.body_mut().frame().await {
            if let Ok(part) = frame.map_err(Error::transport)?.into_data() {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }
}

impl Client {
    /// What the caller has given for one of their listings.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn sealing(&self, ticket: TicketId) -> Result<Sealing, Error> {
        self.get(&self.urls.deliveries, &format!("/api/deliveries/tickets/{ticket}")).await
    }

    /// Gives the ticket itself, as a file: PDF, PNG, JPEG or pkpass of at most 10 MiB.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn seal_file(&self, ticket: TicketId, file: impl Into<Bytes>) -> Result<Sealing, Error> {
        let path = format!("/api/deliveries/tickets/{ticket}/file");
        let mut request = request(Method::PUT, &self.urls.deliveries, &path)?;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        *request.body_mut() = file.into().into();
        let call = async { read(self.send(request).await?).await };
        timeout(UPLOAD_TIMEOUT, call).await.map_err(|elapsed| Error::transport(io::Error::from(elapsed)))?
    }

    /// The same of a file that is read while it is sent. An error in between breaks the upload off: what was sent of it
    /// counts for nothing.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn seal_streamed_file(
        &self,
        ticket: TicketId,
        parts: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Result<Sealing, Error> {
        let path = format!("/api/deliveries/tickets/{ticket}/file");
        let mut request = request(Method::PUT, &self.urls.deliveries, &path)?;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        let parts = parts.map(|part| part.map(Frame::data).map_err(Cause::from));
        let request = request.map(|_| StreamBody::new(parts).boxed_unsync());
        let call = async { read(Self::succeeded(self.exchange_streamed(request).await?).await?).await };
        timeout(UPLOAD_TIMEOUT, call).await.map_err(|elapsed| Error::transport(io::Error::from(elapsed)))?
    }

    /// Gives the text of the ticket's code, which is a QR code unless told otherwise.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn seal_code(
        &self,
        ticket: TicketId,
        code: &str,
        symbology: Option<Symbology>,
    ) -> Result<Sealing, Error> {
        let path = format!("/api/deliveries/tickets/{ticket}/code");
        let body = json!({"code": code, "symbology": symbology});
        self.fetch(json_request(Method::PUT, &self.urls.deliveries, &path, &body)?).await
    }

    /// The file that the caller gave last for one of their listings, until it is sold.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn sealed_file(&self, ticket: TicketId) -> Result<Download, Error> {
        self.download(&format!("/api/deliveries/tickets/{ticket}/file")).await
    }

    /// What the caller gets by one of their orders, and once it is released, the ticket's codes.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn delivery(&self, order: OrderId) -> Result<Delivery, Error> {
        self.get(&self.urls.deliveries, &format!("/api/deliveries/orders/{order}")).await
    }

    /// The file of the ticket that the caller has bought, once it is released.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses.
    pub async fn delivered_file(&self, order: OrderId) -> Result<Download, Error> {
        self.download(&format!("/api/deliveries/orders/{order}/file")).await
    }

    async fn download(&self, path: &str) -> Result<Download, Error> {
        let request = request(Method::GET, &self.urls.deliveries, path)?;
        with_time_limit(async { self.send(request).await.map(Download) }).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stub::{Stub, order_id, ticket_id};

    #[tokio::test]
    async fn a_sealing_reads_with_what_is_there_and_without() {
        let bare = json!({"ticketId": ticket_id(), "seal": 0, "codes": 0, "checked": false, "state": "waiting"});
        let sealing = Stub::answering(200, bare).await.client().sealing(ticket_id()).await.expect("reads");
        assert_eq!((sealing.state, sealing.mode, sealing.file), (SealingState::Waiting, None, None));
        let whole = json!({
            "ticketId": ticket_id(), "mode": "sealed", "seal": 1, "pendingSeal": 2,
            "file": {"kind": "pkpass", "bytes": 7}, "codes": 1, "checked": true,
            "sealedAt": "2026-11-22T12:00:00Z", "state": "invented-later",
        });
        let stub = Stub::answering(200, whole).await;
        let sealing = stub.client().seal_file(ticket_id(), "%PDF-1.7").await.expect("reads");
        assert_eq!((sealing.state, sealing.pending_seal), (SealingState::Other, Some(2)));
        assert_eq!(sealing.file, Some(StoredFile { kind: FileKind::Pkpass, bytes: 7 }));
    }

    #[tokio::test]
    async fn a_file_is_sent_as_it_comes_and_one_that_breaks_off_is_not_sent_whole() {
        let answer = json!({"ticketId": ticket_id(), "seal": 0, "codes": 0, "checked": false, "state": "pending"});
        let stub = Stub::answering(200, answer).await;
        let parts = |parts: Vec<io::Result<Bytes>>| futures::stream::iter(parts);
        let whole = parts(vec![Ok(Bytes::from("\"a")), Ok(Bytes::from("b\""))]);
        stub.client().seal_streamed_file(ticket_id(), whole).await.expect("is taken");
        assert_eq!(stub.request().body, json!("ab"));
        let broken = parts(vec![Ok(Bytes::from("a")), Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
        let error = stub.client().seal_streamed_file(ticket_id(), broken).await.expect_err("it broke off");
        assert!(matches!(error, Error::Transport(_)), "{error}");
    }

    #[tokio::test]
    async fn a_delivery_has_the_codes_of_the_ticket() {
        let body = json!({
            "orderId": order_id(), "ticketId": ticket_id(), "state": "taken_back", "checked": true,
            "codes": [{"symbology": "code128", "text": "SEAT-12"}],
        });
        let stub = Stub::answering(200, body).await;
        let delivery = stub.client().delivery(order_id()).await.expect("reads");
        assert_eq!(delivery.state, DeliveryState::TakenBack);
        assert_eq!(delivery.codes, [Code { symbology: Symbology::Code128, text: "SEAT-12".into() }]);
    }
}
