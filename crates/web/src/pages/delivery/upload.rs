//! A file goes on to delivery while it comes in: it is never here as a whole.

use std::io;

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use client::{Sealing, TicketId};
use futures::stream;
use http::StatusCode;
use tokio::sync::mpsc::{Sender, channel};

use super::form::TypedCode;
use super::{NotGiven, give_code};
use crate::visitor::Visitor;

/// Takes the file of a form, and the code where there is no file, or none could be read from it. What was typed and is not
/// what counts comes back, also where something was taken.
pub(super) async fn take(
    visitor: &Visitor,
    id: TicketId,
    mut form: Multipart,
) -> (TypedCode, Result<Sealing, NotGiven>) {
    let mut typed = TypedCode::default();
    let mut given = None;
    loop {
        match form.next_field().await {
            Ok(None) => break,
            Ok(Some(field)) if is_file(&field) => given = Some(give(visitor, id, field).await),
            Ok(Some(field)) => {
                if let Err(error) = read_into(&mut typed, field).await {
                    return (typed, Err(error.into()));
                }
            }
            // What is wrong with the file is known already.
            Err(error) => return (typed, given.unwrap_or_else(|| Err(error.into()))),
        }
    }
    match given {
        // In which none could be read: the code is the file's.
        Some(Ok(sealing)) if sealing.codes == 0 && !typed.code.trim().is_empty() => give_code(visitor, id, typed).await,
        // What the file says is what counts.
        Some(Ok(sealing)) => (typed, Ok(sealing)),
        Some(Err(refused)) => (TypedCode::default(), Err(refused)),
        None => give_code(visitor, id, typed).await,
    }
}

/// A field for a file in which none was chosen has no name.
fn is_file(field: &Field<'_>) -> bool {
    field.name() == Some("file") && field.file_name().is_some_and(|name| !name.is_empty())
}

async fn read_into(typed: &mut TypedCode, field: Field<'_>) -> Result<(), MultipartError> {
    match field.name() {
        Some("code") => typed.code = field.text().await?,
        Some("symbology") => typed.symbology = field.text().await?,
        _ => {}
    }
    Ok(())
}

async fn give(visitor: &Visitor, id: TicketId, field: Field<'_>) -> Result<Sealing, NotGiven> {
    // One part waits to be sent while the next one comes in.
    let (sender, receiver) = channel::<io::Result<Bytes>>(1);
    let parts = stream::unfold(receiver, |mut receiver| async move { Some((receiver.recv().await?, receiver)) });
    let (read, sealing) = tokio::join!(pass_on(field, sender), visitor.api.seal_streamed_file(id, parts));
    read?;
    sealing.map_err(NotGiven::Refused)
}

/// Reads the field to its end, also if delivery has refused it in the meantime: browsers show no answer before they have
/// sent everything.
async fn pass_on(mut field: Field<'_>, sender: Sender<io::Result<Bytes>>) -> Result<(), MultipartError> {
    loop {
        match field.chunk().await {
            Ok(Some(part)) => drop(sender.send(Ok(part)).await),
            Ok(None) => return Ok(()),
            Err(error) => {
                // Else what has come would be taken for the whole.
                let _ = sender.send(Err(io::Error::other("the form broke off"))).await;
                return Err(error);
            }
        }
    }
}

impl From<MultipartError> for NotGiven {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Self::TooLarge } else { Self::BrokenOff }
    }
}
