use axum::response::{IntoResponse, Redirect, Response};
use client::OpenSession;
use common::id;
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::moment;
use crate::error::PageError;
use crate::layout::Page;
use crate::path::PathId;
use crate::query::Query;
use crate::visitor::Visitor;

const PLACE: &str = "/account/sessions";

/// The query: whether one has just been ended.
#[derive(Default, Deserialize)]
pub(crate) struct SessionsQuery {
    ended: Option<String>,
}

/// Where the visitor is signed in.
pub(crate) async fn show(visitor: Visitor, Query(query): Query<SessionsQuery>) -> Result<Response, PageError> {
    visitor.id()?;
    let sessions = visitor.api.sessions().await?;
    let text = &visitor.text.account.sessions;
    let main = html! {
        div.narrow.account {
            h1 { (text.heading) }
            p { (text.words) }
            @if query.ended.is_some() { p.message.good role="status" { (text.ended) } }
            ul.sessions { @for session in &sessions { (item(&visitor, session)) } }
            p { a href="/account" { (text.back) } }
        }
    };
    Ok(Page::new(&visitor, text.heading, main).into_response())
}

/// Reloading the response of the form by its URL leads back to the list.
pub(crate) async fn back() -> Redirect {
    Redirect::to(PLACE)
}

pub(crate) async fn end(visitor: Visitor, PathId(id): PathId<id::Session>) -> Result<Response, PageError> {
    visitor.id()?;
    visitor.api.end_session(id).await?;
    if visitor.api.token().is_some() {
        return Ok(Redirect::to("/account/sessions?ended").into_response());
    }
    // It was this one. The back button must not show private pages.
    Ok(([("clear-site-data", "\"cache\", \"storage\"")], Redirect::to("/signin")).into_response())
}

fn item(visitor: &Visitor, session: &OpenSession) -> Markup {
    let text = &visitor.text.account.sessions;
    let browser = session.browser.as_deref().unwrap_or(text.unknown_browser);
    let device = session.system.as_deref().map_or_else(|| browser.to_owned(), |system| (text.on)(browser, system));
    html! {
        li.panel {
            h2 {
                (device)
                @if session.is_current { span.badge.good { (text.this_one) } }
            }
            p.meta {
                (text.used) " " (moment::date_and_time(visitor, session.last_used_at)) br;
                (text.began) " " (moment::date_and_time(visitor, session.created_at))
            }
            form method="post" action={ (PLACE) "/" (session.id) "/end" } {
                button aria-label=((text.end_this)(&device)) { (text.end) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::PLACE;
    use crate::testing::{CannedResponse, Site};

    const LIST: &str = "GET /api/users/sessions";
    const END: &str = "DELETE /api/users/sessions/5f1f77bcf86cd799439011b1";
    const END_PLACE: &str = "/account/sessions/5f1f77bcf86cd799439011b1/end";

    fn two() -> CannedResponse {
        let at = "2026-11-22T11:00:00.000Z";
        let here = json!({"id": "5f1f77bcf86cd799439011b2", "createdAt": at, "lastUsedAt": at, "browser": "Firefox",
            "system": "Windows", "isCurrent": true});
        let there = json!({"id": "5f1f77bcf86cd799439011b1", "createdAt": at, "lastUsedAt": at, "isCurrent": false});
        (LIST, 200, json!([here, there]))
    }

    #[tokio::test]
    async fn each_session_says_where_it_is_and_can_be_ended() {
        let site = Site::signed_in([two(), (END, 204, Value::Null)]).await;
        site.get("/account").await.assert_has(r#"<a href="/account/sessions">See where you are signed in</a>"#);
        let page = site.get(PLACE).await;
        assert_eq!(page.status, 200);
        page.assert_has(r#"<h2>Firefox on Windows<span class="badge good">This browser</span></h2>"#);
        page.assert_has("<h2>Unknown browser</h2>");
        page.assert_has(&format!(r#"action="{END_PLACE}"><button aria-label="Sign out Unknown browser">Sign out<"#));
        page.assert_has("Nov 22, 2026");
        page.assert_lacks("has been signed out");
        let reply = site.post(END_PLACE, &[]).await;
        assert_eq!((reply.status, reply.location()), (303, "/account/sessions?ended"));
        assert_eq!(site.calls(), [LIST, END]);
        site.get(reply.location()).await.assert_has("That browser has been signed out.");
        assert_eq!(site.get(END_PLACE).await.location(), PLACE);
    }

    #[tokio::test]
    async fn ending_the_present_one_signs_out_here() {
        let site = Site::signed_in([(END, 204, Value::Null)]).await;
        let site = site.with_header("set-cookie", "session=; Path=/; Max-Age=0");
        let reply = site.post(END_PLACE, &[]).await;
        assert_eq!((reply.status, reply.location()), (303, "/signin"));
        assert_eq!(reply.header("set-cookie"), "session=; Path=/; Max-Age=0");
        assert_eq!(reply.header("clear-site-data"), "\"cache\", \"storage\"");
    }

    #[tokio::test]
    async fn only_who_has_signed_in_has_sessions() {
        let site = Site::answering([]).await;
        assert_eq!(site.get(PLACE).await.location(), "/signin?next=%2Faccount%2Fsessions");
        assert_eq!(site.post(END_PLACE, &[]).await.location(), "/signin");
        assert_eq!(site.calls(), Vec::<String>::new());
        assert_eq!(Site::signed_in([]).await.post(END_PLACE, &[]).await.status, 404);
    }
}
