use axum::body::Body;
use axum::extract::Request;
use http::header;
use serde_json::{Value, json};

use crate::testing::{CannedResponse, Reply, Site, USER};

const TICKET: &str = "5f1f77bcf86cd799439011b1";
const PLACE: &str = "/tickets/5f1f77bcf86cd799439011b1/delivery";
const GET_TICKET: &str = "GET /api/tickets/5f1f77bcf86cd799439011b1";
const GET_SEALING: &str = "GET /api/deliveries/tickets/5f1f77bcf86cd799439011b1";
const PUT_FILE: &str = "PUT /api/deliveries/tickets/5f1f77bcf86cd799439011b1/file";
const PUT_CODE: &str = "PUT /api/deliveries/tickets/5f1f77bcf86cd799439011b1/code";

fn ticket(more: Value) -> CannedResponse {
    let mut ticket = json!({"id": TICKET, "title": "Row <A>", "price": 20.5, "userId": USER, "version": 3});
    ticket.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    (GET_TICKET, 200, ticket)
}

fn sealing(more: Value) -> CannedResponse {
    let mut sealing = json!({
        "ticketId": TICKET, "mode": "sealed", "seal": 0, "codes": 0, "checked": false, "state": "waiting",
    });
    sealing.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    (GET_SEALING, 200, sealing)
}

fn given(more: Value) -> CannedResponse {
    let mut given = json!({
        "file": {"kind": "pdf", "bytes": 123_456}, "codes": 1, "checked": true, "sealedAt": "2026-11-22T11:00:00Z",
    });
    given.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    sealing(given)
}

async fn shown(ticket: CannedResponse, sealing: CannedResponse) -> Reply {
    Site::signed_in([ticket, sealing]).await.get(PLACE).await
}

/// Sends the form as a browser does that has no script.
async fn send(site: &Site, parts: &[(&str, Option<&str>, &str)]) -> Reply {
    let mut body = String::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body += &format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n");
    }
    body += "--edge--\r\n";
    let request = Request::post(PLACE)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin");
    site.send(request.body(Body::from(body)).expect("a request")).await
}

#[tokio::test]
async fn a_file_goes_on_to_delivery_as_it_is() {
    let site = Site::signed_in([ticket(json!({})), given(json!({})), (PUT_FILE, 200, given(json!({})).2)]).await;
    let reply =
        send(&site, &[("file", Some("../x.pdf"), "%PDF-1.7\r\n--edg"), ("code", None, ""), ("symbology", None, "qr")])
            .await;
    assert_eq!((reply.status, reply.location()), (303, PLACE));
    assert_eq!(site.calls(), [format!("{PUT_FILE} %PDF-1.7\r\n--edg")]);
}

#[tokio::test]
async fn a_code_is_handed_in_where_no_file_was_chosen() {
    let site = Site::signed_in([ticket(json!({})), given(json!({})), (PUT_CODE, 200, given(json!({})).2)]).await;
    let reply = send(&site, &[("file", Some(""), ""), ("code", None, "SEAT-12"), ("symbology", None, "aztec")]).await;
    assert_eq!((reply.status, reply.location()), (303, PLACE));
    assert_eq!(site.calls(), [format!(r#"{PUT_CODE} {{"code":"SEAT-12","symbology":"aztec"}}"#)]);
}

#[tokio::test]
async fn a_code_that_is_typed_beside_a_file_is_that_of_a_file_in_which_none_could_be_read() {
    for (codes, is_typed) in [(0, true), (1, false)] {
        let file = given(json!({"codes": codes}));
        let answers = [ticket(json!({})), file.clone(), (PUT_FILE, 200, file.2), (PUT_CODE, 200, given(json!({})).2)];
        let site = Site::signed_in(answers).await;
        let reply = send(&site, &[("file", Some("x.pdf"), "%PDF-"), ("code", None, "SEAT-12")]).await;
        let next = if is_typed { PLACE.to_owned() } else { format!("{PLACE}?unused") };
        assert_eq!((reply.status, reply.location()), (303, next.as_str()));
        assert_eq!(site.calls().iter().any(|call| call.starts_with(PUT_CODE)), is_typed, "{codes} were read");
        let words = "the one that you typed beside it was not used";
        assert_eq!(site.get(&next).await.body.contains(words), !is_typed, "{codes} were read");
    }
}

#[tokio::test]
async fn who_types_a_code_where_there_is_a_file_with_one_is_told_what_becomes_of_the_file() {
    let words = "it takes the place of the file, which its buyer does not get then";
    let has_words = async |sealing| shown(ticket(json!({})), sealing).await.body.contains(words);
    assert!(has_words(given(json!({"state": "sealed", "seal": 1}))).await);
    assert!(!has_words(given(json!({"state": "sealed", "seal": 1, "codes": 0, "checked": false}))).await);
    assert!(!has_words(sealing(json!({}))).await);
}

#[tokio::test]
async fn nothing_is_nothing() {
    let site = Site::signed_in([ticket(json!({})), sealing(json!({}))]).await;
    let page = send(&site, &[("file", Some(""), ""), ("code", None, " ")]).await;
    assert_eq!(page.status, 400);
    page.assert_has(r##"<a href="#file">Choose a file, or type the text of the code</a>"##);
    page.assert_has(r#"aria-describedby="file-hint file-error""#);
    assert!(site.calls().iter().all(|call| call.starts_with("GET ")), "{:?}", site.calls());
}

#[tokio::test]
async fn what_is_refused_is_said_beside_the_file() {
    for (status, message) in [(400, "This file cannot be read"), (409, "It is for sale here already"), (413, "Larger")]
    {
        let refused = json!({"errors": [{"code": "refused", "message": message}]});
        let site = Site::signed_in([ticket(json!({})), sealing(json!({})), (PUT_FILE, status, refused)]).await;
        let page = send(&site, &[("file", Some("x.pdf"), "x")]).await;
        assert_eq!(page.status, status);
        page.assert_has(&format!(r#"<p class="field-error" id="file-error">{message}</p>"#));
    }
    let away = json!({"errors": [{"code": "too_many_files", "message": "Busy"}]});
    let site = Site::signed_in([ticket(json!({})), sealing(json!({})), (PUT_FILE, 503, away)]).await;
    let page = send(&site, &[("file", Some("x.pdf"), "x")]).await;
    assert_eq!(page.status, 503);
    page.assert_has("This could not be taken just now");
}

#[tokio::test]
async fn more_than_a_file_may_have_is_not_taken() {
    let site = Site::signed_in([ticket(json!({})), sealing(json!({})), (PUT_FILE, 200, given(json!({})).2)]).await;
    let page = send(&site, &[("file", Some("x.pdf"), &"x".repeat(super::LARGEST_FILE + 100_000))]).await;
    assert_eq!(page.status, 413);
    page.assert_has("The file is larger than 10 MiB");
}

#[tokio::test]
async fn the_page_says_what_was_read_and_what_becomes_of_it() {
    let page = shown(ticket(json!({})), given(json!({"seal": 1, "state": "sealed"}))).await;
    for part in ["We have your ticket", "PDF, 124 kB", "We know its code.", "It is for sale now.", "Replace it"] {
        page.assert_has(part);
    }
    page.assert_lacks("data-passing");
    let page = shown(ticket(json!({})), given(json!({"pendingSeal": 1, "state": "pending", "codes": 0}))).await;
    page.assert_has("No code could be read: buyers see “not checked”.");
    page.assert_has("It is for sale in a moment.");
    // It looks again, with and without a script.
    page.assert_has("data-passing");
    page.assert_has(r#"<meta http-equiv="refresh""#);
}

#[tokio::test]
async fn the_form_is_there_only_while_something_is_taken() {
    let order = "5f1f77bcf86cd799439011c1";
    let form = r#"enctype="multipart/form-data""#;
    let later = |more: Value| {
        let mut later = json!({"mode": "later", "until": "2026-12-01T12:00:00Z"});
        later.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        later
    };
    let sold = || ticket(json!({"orderId": order, "sold": true}));
    for (ticket, sealing) in [
        (ticket(json!({})), sealing(json!({}))),
        (sold(), sealing(later(json!({"state": "sold"})))),
        (ticket(json!({})), given(json!({"state": "sealed", "seal": 1}))),
    ] {
        shown(ticket, sealing).await.assert_has(form);
    }
    for (ticket, sealing, words) in [
        (ticket(json!({"orderId": order})), given(json!({"state": "sealed", "seal": 1})), "cannot be replaced now"),
        (sold(), given(json!({"state": "sold", "seal": 1})), "cannot be replaced any more"),
        (sold(), given(later(json!({"state": "sold"}))), "cannot be replaced any more"),
        (sold(), sealing(later(json!({"state": "sold", "until": "2026-11-22T12:00:00Z"}))), "is over"),
        (ticket(json!({"withdrawn": true})), sealing(json!({"state": "withdrawn"})), "not for sale any more"),
        (ticket(json!({})), sealing(json!({"mode": null})), "nothing to hand in. To change that, edit it."),
        (ticket(json!({})), sealing(json!({"mode": "ours"})), "We issue this ticket ourselves"),
    ] {
        let page = shown(ticket, sealing).await;
        page.assert_has(words);
        page.assert_lacks(form);
    }
}

#[tokio::test]
async fn it_is_the_sellers_page_alone() {
    let (call, status, mut of_another) = ticket(json!({}));
    of_another["userId"] = json!("5f1f77bcf86cd799439011ff");
    let site = Site::signed_in([(call, status, of_another), sealing(json!({}))]).await;
    assert_eq!(site.get(PLACE).await.status, 403);
    let stranger = Site::answering([ticket(json!({}))]).await;
    assert_eq!(stranger.get(PLACE).await.location(), "/signin?next=%2Ftickets%2F5f1f77bcf86cd799439011b1%2Fdelivery");
}

#[tokio::test]
async fn of_a_ticket_that_we_issue_its_seller_reads_whether_it_is_for_sale_and_why_not() {
    const ORDER: &str = "5f1f77bcf86cd799439011c1";
    let listed =
        |seal: u32, bought_by: Option<&str>| json!({"delivery": {"mode": "ours", "seal": seal, "boughtBy": bought_by}});
    let ours = |state: &str| sealing(json!({"mode": "ours", "state": state}));
    let refused = sealing(json!({"mode": "ours", "state": "refused", "refusal": "Only the <organiser> can sell it"}));
    for (ticket, sealing, words, is_passing) in [
        (ticket(listed(0, None)), ours("waiting"), "It is for sale in a moment.", true),
        // The ticket hears of it a moment after it is decided.
        (ticket(listed(0, None)), ours("pending"), "It is for sale in a moment.", true),
        (ticket(listed(0, None)), refused, "Only the &lt;organiser&gt; can sell it.", false),
        (ticket(listed(1, None)), ours("sealed"), "Its buyer gets a code from us", false),
        (ticket(listed(1, Some(ORDER))), ours("sealed"), "Then yours does not let anybody in any more.", false),
        (ticket(json!({"orderId": ORDER})), ours("sealed"), "Somebody is buying it.", false),
        (ticket(json!({"orderId": ORDER, "sold": true})), ours("sold"), "It is sold.", false),
        (ticket(json!({"withdrawn": true})), ours("withdrawn"), "It is not for sale any more.", false),
        (ticket(json!({"startsAt": "2026-11-22T11:00:00Z"})), ours("sealed"), "It is not for sale any more.", false),
    ] {
        let page = shown(ticket, sealing).await;
        page.assert_has(words);
        assert_eq!(page.body.contains("data-passing"), is_passing, "{words}");
        assert_eq!(page.body.contains(r#"<meta http-equiv="refresh""#), is_passing, "{words}");
        let is_refused = words.starts_with("Only");
        assert_eq!(page.body.contains("/withdraw\">Withdraw ticket</a>"), is_refused, "{words}");
        page.assert_lacks("multipart/form-data");
    }
}

/// Delivery sends a browser here that was to save the file.
#[tokio::test]
async fn a_seller_is_told_in_words_why_their_file_was_not_saved() {
    for (notice, words) in [("lost", "Please upload it again."), ("away", "The file cannot be had just now.")] {
        let site = Site::signed_in([ticket(json!({})), given(json!({"state": "sealed", "seal": 1}))]).await;
        site.get(&format!("{PLACE}?file={notice}")).await.assert_has(words);
        site.get(PLACE).await.assert_lacks(words);
    }
}
