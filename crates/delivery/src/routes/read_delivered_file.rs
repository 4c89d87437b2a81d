use axum::extract::State;
use axum::response::Response;
use common::errors::ErrorBody;
use common::id::{self, OrderId, UserId};
use http::HeaderMap;
use runtime::http::PathId;
use runtime::session::SignedIn;

use super::get_delivery::{handover_of_buyer, viewed, visible_to};
use super::sent_file::{or_page, send};
use crate::error::DeliveryError;
use crate::state::DeliveryState;

/// Gives the buyer of an order the ticket's file, once it is released.
///
/// As a download only, and as long as the order stands. One that breaks off is not whole: its length says so.
#[utoipa::path(
    get,
    path = "/api/deliveries/orders/{id}/file",
    tag = crate::NAME,
    operation_id = "getDeliveredFile",
    security(("session" = [])),
    params(("id" = id::OrderId, Path, description = "The order")),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 303, description = "In place of 410 and 503, for a browser that was to save it: to the page that says why it cannot"),
        (status = 401, description = "Not signed in, or not the buyer", body = ErrorBody),
        (status = 404, description = "There is no such order, or no file for its buyer now", body = ErrorBody),
        (status = 410, description = "The file is lost or damaged (`file_lost`): trying again does not help", body = ErrorBody),
        (status = 503, description = "Files cannot be reached now, or too many are on their way", body = ErrorBody),
    )
)]
pub(super) async fn read_delivered_file(
    State(state): State<DeliveryState>,
    SignedIn(session): SignedIn,
    PathId(order): PathId<id::Order>,
    headers: HeaderMap,
) -> Response {
    or_page(file_of(&state, order, session.user_id).await, &headers, &format!("/orders/{order}"))
}

async fn file_of(state: &DeliveryState, order: OrderId, buyer: UserId) -> Result<Response, DeliveryError> {
    let handover = handover_of_buyer(state, order, buyer).await?;
    let admission = state.admissions.get(handover.ticket).await?.ok_or(DeliveryError::NotFound)?;
    let sealed = visible_to(buyer, &handover, &admission).ok_or(DeliveryError::NotFound)?;
    let file = sealed.what.file.as_ref().ok_or(DeliveryError::NotFound)?;
    let handover = viewed(state, handover).await;
    send(state, handover.ticket, file, &format!("ticket-{order}")).await
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;
    use object_store::{ObjectStore, ObjectStoreExt};

    use crate::Settings;
    use crate::service_testing::*;
    use crate::storage::{Storage, StorageAddress};

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_asks_for_a_file_that_is_lost_or_damaged_is_told_so_and_not_to_try_again() {
        let app = start().await;
        let (seller, buyer) = (app.user(), app.user());
        let order = app.bought(&buyer, &app.sealed(&seller, "A1").await).await;
        let found: Vec<_> = app.files.list(None).try_collect().await.expect("lists");
        let path = &found[0].location;
        let whole = app.stored().await[0].clone();
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        for kept in
            [Some(changed), Some(whole[..whole.len() - 1].to_vec()), Some(whole[..1].to_vec()), Some(vec![]), None]
        {
            let what = kept.as_ref().map(Vec::len);
            match kept {
                Some(kept) => drop(app.files.put(path, kept.into()).await.expect("is written")),
                None => app.files.delete(path).await.expect("is deleted"),
            }
            let reply = app.delivered_file(&buyer, order.id).await;
            assert_eq!((reply.status, reply.codes()), (410, vec!["file_lost"]), "{what:?}");
            let browsing = app.delivered_file_to_browser(&buyer, order.id).await;
            let page = format!("/orders/{}?file=lost", order.id);
            assert_eq!((browsing.status, &browsing.headers["location"]), (303, &page.parse().expect("a value")));
            assert!(
                !reply.headers.contains_key("retry-after") && reply.messages()[0].contains("money back"),
                "{reply:?}"
            );
        }
        app.files.put(path, whole.into()).await.expect("is restored");
        assert_eq!(app.delivered_file(&buyer, order.id).await.status, 200);
        // Who sells it is told the same, and can upload it again.
        let mine = app.sealed(&seller, "B2").await;
        let found: Vec<_> = app.files.list(None).try_collect().await.expect("lists");
        let other = found.iter().find(|file| file.location != *path).expect("is there");
        app.files.delete(&other.location).await.expect("is deleted");
        assert_eq!(app.sealed_file(&seller, &mine).await.codes(), ["file_lost"]);
        assert_eq!(app.upload(&seller, &mine, pdf("CODE=B2")).await.status, 200);
        assert_eq!(app.sealed_file(&seller, &mine).await.status, 200);
    }

    /// In a folder, to which more can happen.
    #[tokio::test(flavor = "multi_thread")]
    async fn whatever_has_happened_to_a_file_in_a_folder_it_is_lost_and_not_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(&StorageAddress::Folder(folder.path().to_owned())).expect("opens");
        let app = start_with(|settings| Settings { storage, ..settings }).await;
        let (seller, buyer) = (app.user(), app.user());
        let order = app.bought(&buyer, &app.sealed(&seller, "A1").await).await;
        let file = std::fs::read_dir(folder.path().join("files")).expect("lists").next().expect("one").expect("reads");
        let (path, whole) = (file.path(), std::fs::read(file.path()).expect("reads"));
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        let longer = [whole.as_slice(), b"more"].concat();
        for left in [vec![], whole[..1].to_vec(), whole[..whole.len() / 2].to_vec(), changed, longer] {
            std::fs::write(&path, &left).expect("is damaged");
            let reply = app.delivered_file(&buyer, order.id).await;
            assert_eq!((reply.status, reply.codes()), (410, vec!["file_lost"]), "{} bytes", left.len());
        }
        std::fs::remove_file(&path).and_then(|()| std::fs::create_dir(&path)).expect("is a folder now");
        assert_eq!(app.delivered_file(&buyer, order.id).await.codes(), ["file_lost"]);
        std::fs::remove_dir(&path).and_then(|()| std::fs::write(&path, &whole)).expect("is back");
        assert_eq!(app.delivered_file(&buyer, order.id).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn while_the_store_is_away_no_file_is_said_to_be_lost() {
        let folder = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(&StorageAddress::Folder(folder.path().to_owned())).expect("opens");
        let app = start_with(|settings| Settings { storage, ..settings }).await;
        let seller = app.user();
        let ticket = app.sealed(&seller, "A1").await;
        let (there, away) = (folder.path().join("files"), folder.path().join("away"));
        std::fs::rename(&there, &away).and_then(|()| std::fs::write(&there, "")).expect("is away");
        let reply = app.sealed_file(&seller, &ticket).await;
        assert_eq!((reply.status, reply.codes()), (503, vec!["try_again"]));
        assert!(reply.headers.contains_key("retry-after"));
        let browsing = app.get(&format!("/api/deliveries/tickets/{}/file", ticket.id)).by(&seller);
        let browsing = browsing.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8").send().await;
        let page = format!("/tickets/{}/delivery?file=away", ticket.id);
        assert_eq!((browsing.status, &browsing.headers["location"]), (303, &page.parse().expect("a value")));
        std::fs::remove_file(&there).and_then(|()| std::fs::rename(&away, &there)).expect("is back");
        assert_eq!(app.sealed_file(&seller, &ticket).await.status, 200);
    }
}
