use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use http::Method;
use http::header::{ACCEPT, HeaderValue};
use http_body_util::BodyDataStream;
use hyper::body::Incoming;
use sse_stream::{Sse, SseByteStream};
use tokio::time::timeout;

use crate::request::{request, with_time_limit};
use crate::{Client, Error, Ticket};

/// The longest silence allowed. The server sends a comment at least every 15 s.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// An event of the live feed of tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveEvent {
    /// A ticket has changed.
    Changed {
        /// What changed.
        change: TicketChange,
        /// The ticket as it is now. If its version is lower than one already seen, the event is outdated.
        ticket: Box<Ticket>,
    },
    /// Events may have been missed: fetch the list again.
    Resync,
}

/// What happened to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketChange {
    /// It was listed.
    Created,
    /// It was edited.
    Updated,
    /// An order holds it.
    Locked,
    /// It is free again.
    Unlocked,
    /// It was paid.
    Sold,
    /// Its seller has taken it back.
    Withdrawn,
}

impl Client {
    /// The live feed of tickets, beginning now. The stream ends when the connection does; then call this
    /// again, and fetch the list again, since events in between are missed.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// use futures::StreamExt;
    ///
    /// let mut events = std::pin::pin!(client.live().await?);
    /// while let Some(event) = events.next().await {
    ///     println!("{:?}", event?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// 503 if the live feed is unavailable.
    pub async fn live(&self) -> Result<impl Stream<Item = Result<LiveEvent, Error>> + Send + use<>, Error> {
        let mut request = request(Method::GET, &self.urls.tickets, "/api/tickets/live")?;
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        let response = with_time_limit(self.send(request)).await?;
        let blocks = SseByteStream::new(chunks(response.into_body()));
        Ok(blocks.filter_map(async |block| match block {
            Ok(block) => understand(block).transpose(),
            Err(sse_stream::Error::Body(cause)) => Some(Err(Error::Transport(cause))),
            Err(error) => Some(Err(Error::Decode(error.to_string()))),
        }))
    }
}

/// The body as it arrives. It never ends, so the time limit applies to the pause between two chunks.
fn chunks(body: Incoming) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold(BodyDataStream::new(body), async |mut body| {
        let chunk = timeout(READ_TIMEOUT, body.try_next()).await?.map_err(io::Error::other)?;
        Ok(chunk.map(|chunk| (chunk, body)))
    })
}

/// The event; `None` for kinds that this client does not know.
fn understand(block: Sse) -> Result<Option<LiveEvent>, Error> {
    let change = match block.event.as_deref() {
        Some("created") => TicketChange::Created,
        Some("updated") => TicketChange::Updated,
        Some("locked") => TicketChange::Locked,
        Some("unlocked") => TicketChange::Unlocked,
        Some("sold") => TicketChange::Sold,
        Some("withdrawn") => TicketChange::Withdrawn,
        Some("resync") => return Ok(Some(LiveEvent::Resync)),
        _ => return Ok(None),
    };
    let ticket = serde_json::from_str(&block.data.unwrap_or_default());
    let ticket = Box::new(ticket.map_err(|error| Error::Decode(error.to_string()))?);
    Ok(Some(LiveEvent::Changed { change, ticket }))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::*;
    use crate::stub::{Stub, TICKET, USER, system_error, ticket_id};

    #[tokio::test]
    async fn events_come_typed_and_unknown_ones_not_at_all() {
        let ticket = json!({"id": TICKET, "title": "Row A", "price": 20, "userId": USER, "version": 1});
        let body = format!(
            ": live\n\nevent: locked\nid: {TICKET}:1\ndata: {ticket}\n\nevent: praised\ndata: {{}}\n\n\
             event: resync\ndata: {{}}\n\nevent: withdrawn\ndata: {ticket}\n\nevent: sold\ndata: nonsense\n\n"
        );
        let stub = Stub::answering_text(200, "text/event-stream", &body).await;
        let events: Vec<_> = stub.client().live().await.expect("a stream").collect().await;
        assert_eq!(stub.request().call(), "GET /api/tickets/live");
        let [Ok(locked), Ok(LiveEvent::Resync), Ok(withdrawn), Err(Error::Decode(_))] = &events[..] else {
            panic!("{events:?}");
        };
        for (event, kind) in [(locked, TicketChange::Locked), (withdrawn, TicketChange::Withdrawn)] {
            let LiveEvent::Changed { change, ticket } = event else { panic!("{event:?}") };
            assert_eq!((*change, ticket.id), (kind, ticket_id()));
        }
    }

    #[tokio::test]
    async fn a_feed_that_falls_silent_is_given_up() {
        let stub = Stub::answering_text(200, "text/event-stream", "event: resync\ndata: {}\n\n").without_end().await;
        let mut events = std::pin::pin!(stub.client().live().await.expect("a stream"));
        assert!(matches!(events.next().await, Some(Ok(LiveEvent::Resync))));
        tokio::time::pause();
        let next = timeout(READ_TIMEOUT * 2, events.next()).await.expect("it is given up in time");
        assert_eq!(system_error(next.expect("an item").expect_err("silence")), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_feed_that_is_away_is_a_refusal() {
        let stub = Stub::answering(503, json!({"errors": [{"message": "Temporarily unavailable"}]})).await;
        let refusal = stub.client().live().await.err().expect("a refusal");
        assert_eq!(refusal.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    }
}
