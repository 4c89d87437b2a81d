use axum::Json;
use axum::body::Body;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id;
use http::{HeaderMap, StatusCode, header};
use runtime::http::{ApiError, PathId};
use runtime::session::SignedIn;

use super::dto::SealingResponse;
use crate::error::DeliveryError;
use crate::intake::take_file;
use crate::state::DeliveryState;

/// Gives us the ticket itself, as a file: PDF, PNG, JPEG or pkpass of at most 10 MiB.
///
/// The body is the file as it is; what it is, its content says. Codes in it are read (QR, Aztec, PDF417, Code 128), so
/// that nobody can sell the same ticket twice; nor is the same file taken for two listings, whatever can be read in it. What
/// was given before is replaced, as long as nobody buys it; but a file in which no code can be read has the code that was
/// given without one.
#[utoipa::path(
    put,
    path = "/api/deliveries/tickets/{id}/file",
    tag = crate::NAME,
    operation_id = "sealFile",
    security(("session" = [])),
    params(("id" = id::TicketId, Path, description = "The listing")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 200, description = "It is taken", body = SealingResponse),
        (status = 400, description = "The file is refused, or nothing is taken for this listing now", body = ErrorBody),
        (status = 401, description = "Not signed in, or not the seller", body = ErrorBody),
        (status = 404, description = "There is no such ticket", body = ErrorBody),
        (status = 408, description = "The file did not arrive in time", body = ErrorBody),
        (status = 409, description = "The ticket is listed here already, or was sold here (`code_listed`; `file_listed` where it is the very file, whatever can be read in it), or its seller has replaced it in another listing and it is not free yet (`code_being_freed`)", body = ErrorBody),
        (status = 413, description = "The file is larger than 10 MiB", body = ErrorBody),
        (status = 415, description = "It is a form, not a file", body = ErrorBody),
        (status = 503, description = "Files cannot be stored now, or too many are on their way", body = ErrorBody),
    )
)]
pub(super) async fn seal_file(
    State(state): State<DeliveryState>,
    SignedIn(session): SignedIn,
    PathId(ticket): PathId<id::Ticket>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<SealingResponse>, DeliveryError> {
    if is_form(&headers) {
        let message = "Send the file itself, not a form with it";
        let error = ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message);
        return Err(DeliveryError::BrokenOff(error));
    }
    let admission = take_file(&state, ticket, session.user_id, body).await?;
    Ok(Json(SealingResponse::from(&admission.value)))
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("multipart/")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::{Body, Bytes};
    use common::delivery::{Seal, SealMode};
    use common::events::{DeliverySealed, TicketSnapshot, TicketUpdated};
    use common::version::Version;
    use futures_util::stream;
    use harness::{Reply, TestUser};
    use ports::store::Query;
    use serde_json::json;
    use tokio::sync::{oneshot, watch};

    use crate::files::MAX_BYTES;
    use crate::service_testing::*;
    use crate::storage::{Storage, StorageAddress};

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_is_taken_and_told_of_and_counts_once_the_listing_says_so() {
        let app = start().await;
        let seller = app.user();
        let mut ticket = app.listed(&seller, sealed(0)).await;
        let waiting = json!({
            "ticketId": ticket.id, "mode": "sealed", "seal": 0, "codes": 0, "checked": false, "state": "waiting",
        });
        assert_eq!(app.sealing(&seller, &ticket).await.body, waiting);
        let file = pdf("CODE=A1");
        let reply = app.upload(&seller, &ticket, file.clone()).await;
        let mut given = json!({
            "ticketId": ticket.id, "mode": "sealed", "seal": 0, "pendingSeal": 1, "codes": 1, "checked": true,
            "file": {"kind": "pdf", "bytes": file.len()}, "sealedAt": moment(app.clock.now()), "state": "pending",
        });
        assert_eq!((reply.status, &reply.body), (200, &given));
        let event = DeliverySealed {
            ticket_id: ticket.id,
            version: Version(1),
            seal: Seal(1),
            checked: true,
            mode: SealMode::Sealed,
            of_version: None,
        };
        assert_eq!(app.published::<DeliverySealed>().await, [event]);
        app.change(&mut ticket, |ticket| ticket.details.delivery = sealed(1)).await;
        (given["seal"], given["state"]) = (json!(1), json!("sealed"));
        given.as_object_mut().expect("an object").remove("pendingSeal");
        assert_eq!(app.sealing(&seller, &ticket).await.body, given);
        assert_eq!(app.sealed_file(&seller, &ticket).await.body, String::from_utf8(file).expect("text"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_without_a_code_that_can_be_read_is_not_checked() {
        let app = start().await;
        let seller = app.user();
        let ticket = app.listed(&seller, sealed(0)).await;
        let reply = app.upload(&seller, &ticket, pdf("no code")).await;
        assert_eq!((reply.status, &reply.body["checked"], &reply.body["codes"]), (200, &json!(false), &json!(0)));
        assert!(!app.published::<DeliverySealed>().await[0].checked);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_large_file_comes_in_whole_and_one_that_is_too_large_does_not() {
        let app = start().await;
        let seller = app.user();
        let ticket = app.listed(&seller, sealed(0)).await;
        let mut file = pdf("CODE=A1");
        file.resize(usize::try_from(MAX_BYTES).expect("fits"), b' ');
        assert_eq!(app.upload(&seller, &ticket, file.clone()).await.status, 200);
        let read = app.sealed_file(&seller, &ticket).await;
        assert_eq!(read.body.as_str().map(str::len), Some(file.len()));
        file.push(b' ');
        let refused = app.upload(&seller, &ticket, file).await;
        assert_eq!((refused.status, refused.codes()), (413, vec!["file_too_large"]));
        assert_eq!(app.stored().await.len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_refused_leaves_nothing() {
        let app = start().await;
        let seller = app.user();
        let ticket = app.listed(&seller, sealed(0)).await;
        for (file, message) in [
            (b"<html>".to_vec(), "Only PDF"),
            (Vec::new(), "empty"),
            (pdf("LOCKED"), "password"),
            (pdf("CRASH"), "cannot be read"),
        ] {
            let refused = app.upload(&seller, &ticket, file).await;
            assert_eq!((refused.status, refused.codes()), (400, vec!["file_refused"]));
            assert!(refused.messages()[0].contains(message), "{refused:?}");
        }
        let cut = stream::iter([Ok(Bytes::from_static(b"%PDF-1.7 and")), Err(std::io::Error::other("cut"))]);
        let path = format!("/api/deliveries/tickets/{}/file", ticket.id);
        let refused = app.put(&path).by(&seller).raw(Body::from_stream(cut)).await;
        assert_eq!((refused.status, refused.codes()), (400, vec!["unreadable_body"]));
        let form = app.put(&path).by(&seller).header("content-type", "multipart/form-data; boundary=x");
        assert_eq!(form.raw("--x").await.status, 415);
        assert!(app.stored().await.is_empty() && app.published::<DeliverySealed>().await.is_empty());
        assert_eq!(app.sealing(&seller, &ticket).await.body["state"], "waiting");
    }

    /// Uploads this file, whose ticket is sold before it has come.
    async fn upload_while_it_is_sold(
        app: &App,
        seller: &TestUser,
        ticket: &mut TicketSnapshot,
        file: Vec<u8>,
    ) -> Reply {
        let ((begin, begun), (sell, is_sold)) = (oneshot::channel(), oneshot::channel());
        let slow = async move {
            begin.send(()).expect("somebody waits for it");
            is_sold.await.expect("it is sold");
            Ok::<_, std::io::Error>(Bytes::from(file))
        };
        let path = format!("/api/deliveries/tickets/{}/file", ticket.id);
        let upload = app.put(&path).by(seller).raw(Body::from_stream(stream::once(slow)));
        let change = async {
            begun.await.expect("it begins");
            (ticket.version, ticket.sold) = (ticket.version.next(), true);
            ticket.order_id = Some(app.deps.platform.ids.next(app.clock.now()));
            app.publish("tickets", &TicketUpdated(ticket.clone())).await;
            harness::within(async { while app.sealing(seller, ticket).await.body["state"] != "sold" {} }).await;
            sell.send(()).expect("the upload waits for it");
        };
        tokio::join!(upload, change).0
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_comes_once_the_ticket_is_sold_takes_its_code_from_nobody() {
        let app = start().await;
        let (seller, other) = (app.user(), app.user());
        for (late, is_free) in [("CODE=B2", true), ("CODE=A1", false)] {
            let mut ticket = app.listed(&seller, sealed(0)).await;
            if !is_free {
                assert_eq!(app.upload(&seller, &ticket, pdf(late)).await.status, 200);
            }
            let refused = upload_while_it_is_sold(&app, &seller, &mut ticket, pdf(late)).await;
            assert_eq!((refused.status, refused.codes()), (400, vec!["ticket_sold"]));
            let others = app.listed(&other, sealed(0)).await;
            let expected = if is_free { 200 } else { 409 };
            assert_eq!(app.upload(&other, &others, pdf(late)).await.status, expected, "{late}");
        }
    }

    /// Whatever can be read in it, and whoever brings it, for as long as the listing that has it is for sale, or sold.
    #[tokio::test(flavor = "multi_thread")]
    async fn the_same_file_is_in_one_listing_that_is_for_sale_or_sold() {
        let app = start().await;
        let (ada, bob, buyer) = (app.user(), app.user(), app.user());
        let file = pdf("a seat number alone");
        let refused = async |seller: &TestUser, ticket: &TicketSnapshot| {
            let reply = app.upload(seller, ticket, file.clone()).await;
            assert_eq!((reply.status, reply.codes()), (409, vec!["file_listed"]), "{reply:?}");
        };
        let mut first = app.listed(&ada, sealed(0)).await;
        assert_eq!(app.upload(&ada, &first, file.clone()).await.status, 200);
        assert_eq!(app.upload(&ada, &first, file.clone()).await.status, 200, "it is hers, for this listing");
        let (hers, his) = (app.listed(&ada, app.later()).await, app.listed(&bob, sealed(0)).await);
        refused(&ada, &hers).await;
        refused(&bob, &his).await;
        // What she types in becomes that file's code.
        assert_eq!(app.type_code(&ada, &first, json!({"code": "A1"})).await.body["file"]["bytes"], file.len());
        refused(&bob, &his).await;
        app.change(&mut first, |ticket| ticket.details.delivery = sealed(3)).await;
        refused(&bob, &his).await;
        app.change(&mut first, |ticket| ticket.withdrawn = true).await;
        assert_eq!(app.upload(&bob, &his, file.clone()).await.status, 200, "nobody has it any more");
        refused(&ada, &hers).await;
        let mut sold = his.clone();
        app.change(&mut sold, |ticket| ticket.details.delivery = sealed(1)).await;
        app.bought(&buyer, &sold).await;
        app.clock.advance(HOUR);
        app.settle().await;
        refused(&ada, &hers).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_two_who_bring_one_file_at_once_one_is_taken() {
        let app = start().await;
        let (ada, bob) = (app.user(), app.user());
        let (hers, his) = (app.listed(&ada, sealed(0)).await, app.listed(&bob, sealed(0)).await);
        let give = |seller, ticket: &TicketSnapshot| {
            app.put(&format!("/api/deliveries/tickets/{}/file", ticket.id)).by(seller).raw(pdf("no code"))
        };
        let (first, second) = tokio::join!(give(&ada, &hers), give(&bob, &his));
        assert_eq!(first.status.min(second.status), 200);
        let refused = if first.status == 200 { second } else { first };
        assert_eq!((refused.status, refused.codes()), (409, vec!["file_listed"]));
        assert_eq!(app.stored().await.len(), 1, "what was refused is not kept");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_the_seller_gives_and_sees_it() {
        let app = start().await;
        let (seller, eve) = (app.user(), app.user());
        let ticket = app.sealed(&seller, "A1").await;
        for reply in [
            app.upload(&eve, &ticket, pdf("CODE=B2")).await,
            app.type_code(&eve, &ticket, json!({"code": "B2"})).await,
            app.sealing(&eve, &ticket).await,
            app.sealed_file(&eve, &ticket).await,
            app.get(&format!("/api/deliveries/tickets/{}/file", ticket.id)).send().await,
            app.put(&format!("/api/deliveries/tickets/{}/file", ticket.id)).raw(pdf("CODE=B2")).await,
        ] {
            assert_eq!((reply.status, reply.codes()), (401, vec!["not_authorized"]));
        }
        assert_eq!(app.sealing(&seller, &ticket).await.body["seal"], 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_files_come_in_at_once_than_may() {
        let app = start_with(|settings| crate::Settings { uploads_at_once: 0, ..settings }).await;
        let seller = app.user();
        let ticket = app.listed(&seller, sealed(0)).await;
        let reply = app.upload(&seller, &ticket, pdf("CODE=A1")).await;
        assert_eq!((reply.status, reply.codes()), (503, vec!["too_many_files"]));
        assert_eq!(reply.headers["retry-after"], "2");
        let typed = app.type_code(&seller, &ticket, json!({"code": "A1"})).await;
        assert_eq!(typed.status, 200, "that is no file");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_seller_has_no_more_than_a_share_of_the_files_that_come_in() {
        let app = start().await;
        let (seller, other) = (app.user(), app.user());
        let (slow, another, others) = (
            app.listed(&seller, sealed(0)).await,
            app.listed(&seller, sealed(0)).await,
            app.listed(&other, sealed(0)).await,
        );
        let path = format!("/api/deliveries/tickets/{}/file", slow.id);
        let (end, ended) = watch::channel(());
        let hold = || {
            let mut ended = ended.clone();
            let gone = async move {
                drop(ended.changed().await);
                Err::<Bytes, _>(std::io::Error::other("whoever sent it is gone"))
            };
            app.put(&path).by(&seller).raw(Body::from_stream(stream::once(gone)))
        };
        // Without waiting until nothing goes on any more, which it does.
        let give = |by, ticket: &TicketSnapshot, code: &str| {
            let path = format!("/api/deliveries/tickets/{}/file", ticket.id);
            app.put(&path).by(by).raw(pdf(code))
        };
        let state = app.state();
        let refused = async {
            let coming = async || state.loose_files.find(&Query::default()).await.expect("reads").len();
            while coming().await < 2 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let reply = give(&seller, &another, "CODE=A1").await;
            assert_eq!(give(&other, &others, "CODE=B2").await.status, 200);
            reply
        };
        let reply = tokio::select! {
            _ = hold() => panic!("it has not ended"),
            _ = hold() => panic!("it has not ended"),
            reply = refused => reply,
        };
        assert_eq!((reply.status, reply.codes()), (503, vec!["too_many_files"]));
        assert!(reply.headers.contains_key("retry-after"));
        drop(end);
        let freed = async { while give(&seller, &slow, "CODE=A2").await.status != 200 {} };
        harness::within(freed).await;
    }

    /// Two that take long would keep everybody else waiting.
    #[tokio::test(flavor = "multi_thread")]
    async fn of_one_seller_one_file_is_looked_at_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let app =
            start_with(|settings| crate::Settings { inspector: waiting_inspector(folder.path()), ..settings }).await;
        let (seller, other) = (app.user(), app.user());
        let (slow, another, others) = (
            app.listed(&seller, sealed(0)).await,
            app.listed(&seller, sealed(0)).await,
            app.listed(&other, sealed(0)).await,
        );
        let give = |by, ticket: &TicketSnapshot, text: &str| {
            app.put(&format!("/api/deliveries/tickets/{}/file", ticket.id)).by(by).raw(pdf(text))
        };
        let both = async { tokio::join!(give(&seller, &slow, "WAIT 1"), give(&seller, &another, "WAIT 2")) };
        let meanwhile = async {
            let begun = || std::fs::read_dir(folder.path()).expect("is there").count();
            harness::within(async {
                while begun() == 0 {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            })
            .await;
            let reply = harness::within(give(&other, &others, "no code")).await;
            assert_eq!((reply.status, begun()), (200, 1), "one of the two waits for its turn");
            std::fs::write(folder.path().join("go-on"), "").expect("is written");
        };
        let ((first, second), ()) = tokio::join!(both, meanwhile);
        assert_eq!((first.status, second.status), (200, 200));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_a_brief_look_is_not_enough_for_is_looked_at_again() {
        let app = start().await;
        let seller = app.user();
        let ticket = app.listed(&seller, sealed(0)).await;
        let reply = app.upload(&seller, &ticket, pdf("LONG CODE=A1")).await;
        assert_eq!((reply.status, &reply.body["codes"]), (200, &json!(1)), "{reply:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn while_the_store_is_away_who_uploads_is_told_to_try_again() {
        let folder = tempfile::tempdir().expect("a folder");
        // Where files would be there is one.
        std::fs::write(folder.path().join("files"), "").expect("writes");
        let storage = Storage::open(&StorageAddress::Folder(folder.path().to_owned())).expect("opens");
        let app = start_with(|settings| crate::Settings { storage, ..settings }).await;
        let seller = app.user();
        let ticket = app.listed(&seller, sealed(0)).await;
        let reply = app.upload(&seller, &ticket, pdf("CODE=A1")).await;
        assert_eq!((reply.status, reply.codes()), (503, vec!["try_again"]));
        assert!(reply.headers.contains_key("retry-after"));
        assert_eq!(app.sealing(&seller, &ticket).await.body["state"], "waiting");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_kept_can_be_read_by_nobody() {
        let app = start().await;
        let seller = app.user();
        app.sealed(&seller, "READABLE1").await;
        let kept = app.everything_kept().await;
        assert!(kept.contains("fingerprints") && !kept.contains("READABLE1"), "{kept}");
        let stored = app.stored().await;
        assert!(stored.len() == 1 && !stored[0].windows(4).any(|part| part == b"CODE" || part == b"%PDF"));
    }
}
