use std::time::Duration;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Redirect, Response};
use client::{EventId, Scan, ScanAnswer, Scanned, Timestamp};
use common::id;
use http::StatusCode;
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::{Field, moment};
use crate::error::PageError;
use crate::forms::{Form, FormErrors};
use crate::headers::WithCamera;
use crate::layout::Page;
use crate::pages::event;
use crate::path::PathId;
use crate::visitor::Visitor;

/// How long the name of a door may be.
const LONGEST_NAME: usize = 60;
/// In parts of so many seconds the age of a form is counted: a double click takes less, and whoever comes next takes more,
/// also where the form is an old one that the browser has gone back to.
const AGE_STEP: u64 = 10;

/// What was typed at a door.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    door: String,
    code: String,
    /// What the scan is called, so that the form sent twice is one scan.
    scan: String,
    /// When the form was made.
    made: String,
}

impl Typed {
    /// A new form, for a scan that is told from all others.
    fn new(visitor: &Visitor, door: String) -> Self {
        Self { door, code: String::new(), scan: new_scan(), made: visitor.now.to_string() }
    }

    fn as_scan(&self, code: &str, now: Timestamp) -> Scan {
        let id = if self.scan.is_empty() { new_scan() } else { self.scan.clone() };
        Scan { code: code.to_owned(), at: typed_at(&self.made, now), id }
    }
}

/// When a code was typed, told from when the form was made: a form that is sent twice is to say the same, and one that was
/// open for hours not to say that somebody went in hours ago.
fn typed_at(made: &str, now: Timestamp) -> Timestamp {
    let Ok(made) = Timestamp::parse(made) else { return now };
    made + Duration::from_secs(now.since(made).as_secs() / AGE_STEP * AGE_STEP)
}

/// The address of the door of an event.
pub(crate) fn address(event: EventId) -> String {
    format!("/door/{event}")
}

/// The event whose door it is.
struct Door {
    event: EventId,
    /// Unless that cannot be asked just now.
    name: Option<String>,
}

impl Door {
    async fn of(visitor: &Visitor, event: EventId) -> Self {
        let known = visitor.api.event(&event.to_string()).await;
        Self { event, name: known.ok().map(|known| known.name) }
    }
}

/// Where the organisers of an event let people in. What the event is called in addresses leads there, too.
pub(crate) async fn show(visitor: Visitor, name: Result<Path<String>, PathRejection>) -> Result<Response, PageError> {
    let Path(name) = name.map_err(|_| PageError::NotFound)?;
    let Ok(event) = name.parse() else {
        let event = event::find(&visitor, Some(&name)).await?;
        return Ok(Redirect::to(&address(event.id)).into_response());
    };
    may_open(&visitor, event).await?;
    let door = Door::of(&visitor, event).await;
    let typed = Typed::new(&visitor, visitor.text.door.door_name.to_owned());
    Ok(page(&visitor, &door, &typed, None, &FormErrors::default()))
}

/// Without a script a code is typed, and the server answers.
pub(crate) async fn submit(
    visitor: Visitor,
    PathId(event): PathId<id::Event>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    visitor.id()?;
    let door = Door::of(&visitor, event).await;
    let code = typed.code.trim().to_owned();
    if code.is_empty() {
        let errors = FormErrors::of_message(StatusCode::BAD_REQUEST, visitor.text.door.no_code).about("code");
        return Ok(page(&visitor, &door, &typed, None, &errors));
    }
    let scan = typed.as_scan(&code, visitor.now);
    match visitor.api.check_in(event, &typed.door, &[scan]).await {
        Ok(scanned) => {
            let next = Typed::new(&visitor, typed.door);
            Ok(page(&visitor, &door, &next, scanned.first(), &FormErrors::default()))
        }
        Err(error) if error.status() == Some(StatusCode::UNAUTHORIZED) => Err(PageError::NotTheirs),
        Err(error) => {
            let errors = FormErrors::or_away(error, visitor.text.door.away)?;
            Ok(page(&visitor, &door, &typed, None, &errors))
        }
    }
}

/// The API tells nobody else what a door knows.
async fn may_open(visitor: &Visitor, event: EventId) -> Result<(), PageError> {
    visitor.id()?;
    match visitor.api.door(event).await {
        Ok(_) => Ok(()),
        Err(error) if error.status() == Some(StatusCode::UNAUTHORIZED) => Err(PageError::NotTheirs),
        Err(error) => Err(error.into()),
    }
}

fn page(visitor: &Visitor, door: &Door, typed: &Typed, scanned: Option<&Scanned>, errors: &FormErrors) -> Response {
    let text = &visitor.text.door;
    let main = html! {
        div.door #door data-event=(door.event) data-name=(text.door_name) data-live=(text.live)
            data-offline=(text.offline) data-signed-out=(text.signed_out) data-admitted=(text.admitted)
            data-already=(text.already) data-first=(text.first) data-void=(text.void) data-unknown=(text.unknown)
            data-other_event=(text.other_event) data-undecided=(text.undecided) data-conflict=(text.conflict)
            data-conflict-later=(text.conflict_later) data-conflict-void=(text.conflict_void)
            data-conflict-void-inside=(text.conflict_void_inside) data-away=(text.away)
            data-not-taken=(text.not_taken) data-busy=(text.busy) data-checking=(text.checking) data-ready=(text.ready)
            data-elsewhere=(text.elsewhere)
        {
            h1 { (text.heading) }
            @if let Some(name) = &door.name { p dir="auto" { ((text.to)(name)) } }
            (errors.summary(visitor))
            (answer(visitor, scanned))
            p data-state role="status" {}
            video data-video hidden muted playsinline {}
            p data-scripted hidden { button type="button" data-camera { (text.camera) } }
            p.message.warn data-no-camera hidden { (text.no_camera) }
            form data-form method="post" action=(address(door.event)) autocomplete="off" {
                (Field::text("code", text.code, &typed.code, errors).hint(text.code_hint).autocomplete("off"))
                (Field::text("door", text.door, &typed.door, errors).max_length(LONGEST_NAME).autocomplete("off").required())
                input type="hidden" name="scan" value=(typed.scan);
                input type="hidden" name="made" value=(typed.made);
                p data-scripted hidden { label { input type="checkbox" name="sound"; " " (text.sound) } }
                button.primary { (text.button) }
            }
            section hidden {
                h2 { (text.conflicts) }
                ul data-conflicts {}
            }
        }
    };
    let mut response = errors.on(Page::new(visitor, text.heading, main).script("door.js")).into_response();
    response.extensions_mut().insert(WithCamera);
    response
}

/// What a door is told, in colours and in words.
fn answer(visitor: &Visitor, scanned: Option<&Scanned>) -> Markup {
    let text = &visitor.text.door;
    let (tone, words) = match scanned.map(|scanned| &scanned.answer) {
        None => ("", text.ready),
        Some(ScanAnswer::Admitted) => ("good", text.admitted),
        Some(ScanAnswer::Already { .. }) => ("bad", text.already),
        Some(ScanAnswer::Void) => ("bad", text.void),
        Some(ScanAnswer::Unknown) => ("bad", text.unknown),
        Some(ScanAnswer::OtherEvent) => ("bad", text.other_event),
        Some(ScanAnswer::Other) => ("warn", text.undecided),
    };
    let first = match scanned.map(|scanned| &scanned.answer) {
        Some(ScanAnswer::Already { at, door }) => Some(first(visitor, *at, door)),
        _ => None,
    };
    let seat = scanned.and_then(|scanned| scanned.seat.clone()).unwrap_or_default();
    let seat: Vec<_> = [seat.tier, seat.section, seat.row, seat.seat].into_iter().flatten().collect();
    html! {
        div class={ "door-answer " (tone) } data-answer role="status" {
            strong { (words) }
            @if let Some(first) = first { span { (first) } }
            @if !seat.is_empty() { span dir="auto" { (seat.join(" · ")) } }
        }
    }
}

/// When somebody went in with it, and by which door.
fn first(visitor: &Visitor, at: Timestamp, door: &str) -> Markup {
    let (before, after) = visitor.text.door.first.split_once("{at}").unwrap_or_default();
    html! { (before.replace("{door}", door)) (moment::time(visitor, at)) (after.replace("{door}", door)) }
}

/// A name for a scan that no other has.
fn new_scan() -> String {
    let mut bytes = [0; 16];
    // Without randomness two scans could be taken for one: then neither is taken.
    getrandom::fill(&mut bytes).map(|()| hex::encode(bytes)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
