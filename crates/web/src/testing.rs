//! The pages under test, with canned API responses.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use client::{Client, Timestamp};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ports::clock::Clock;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::about::{About, Operator, OwnPage};
use crate::settings::Settings;

/// The user of [`Site::signed_in`].
pub(crate) const USER: &str = "5f1f77bcf86cd799439011a1";
/// The time in all tests.
pub(crate) const NOW: &str = "2026-11-22T12:00:00.000Z";

/// The address of the site.
const ADDRESS: &str = "https://tickets.example.com";
const CURRENT_USER: &str = "GET /api/users/currentuser";

/// A response of the API: the call (`GET /api/tickets`, without its query), the status, the body. Several
/// for one call are returned in turn; the last one repeats.
pub(crate) type CannedResponse = (&'static str, u16, Value);

/// The event of [`event`].
pub(crate) const EVENT: &str = "5f1f77bcf86cd799439011e1";
/// The API call for it by its id.
pub(crate) const GET_EVENT: &str = "GET /api/events/5f1f77bcf86cd799439011e1";

/// An event as the API returns it, with some fields changed.
pub(crate) fn event(changes: Value) -> Value {
    let event = json!({
        "id": EVENT, "slug": "gala", "name": "Gala", "venue": {"name": "Hall", "city": "Berlin", "country": "Germany"},
        "startsAt": "2027-06-12T19:30:00+02:00", "timeZone": "Europe/Berlin", "currency": "eur", "tiers": [],
        "status": "public", "version": 0, "ticketCount": 0,
    });
    with(event, changes)
}

/// An object with some fields changed.
pub(crate) fn with(mut base: Value, changes: Value) -> Value {
    let changes = changes.as_object().expect("an object").clone();
    base.as_object_mut().expect("an object").extend(changes);
    base
}

/// The pages and their stubbed API.
pub(crate) struct Site {
    pages: Router,
    api: Api,
    cookie: Option<&'static str>,
}

/// A response to the browser.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

#[derive(Clone)]
struct Api {
    answers: Arc<Vec<CannedResponse>>,
    /// The calls, each with its query and body.
    calls: Arc<Mutex<Vec<String>>>,
    /// The idempotency keys of the calls that had one.
    keys: Arc<Mutex<Vec<String>>>,
    headers: Arc<Mutex<HeaderMap>>,
}

impl Site {
    /// For a visitor without a session. Calls without a canned response get a 404.
    pub(crate) async fn answering(answers: impl Into<Vec<CannedResponse>>) -> Self {
        Self::reached_at(Some(ADDRESS.to_owned()), about(), answers.into()).await
    }

    /// The same, run by whoever says this of themselves.
    pub(crate) async fn with_about(about: About, answers: impl Into<Vec<CannedResponse>>) -> Self {
        Self::reached_at(Some(ADDRESS.to_owned()), about, answers.into()).await
    }

    /// The same where nobody has said at which address the site is reached.
    pub(crate) async fn without_address(answers: impl Into<Vec<CannedResponse>>) -> Self {
        Self::reached_at(None, about(), answers.into()).await
    }

    async fn reached_at(public_url: Option<String>, about: About, answers: Vec<CannedResponse>) -> Self {
        let api =
            Api { answers: Arc::new(answers), calls: Arc::default(), keys: Arc::default(), headers: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let routes = Router::new().fallback(answer).with_state(api.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let client = Client::new(&url).expect("an address");
        let settings = Settings {
            api_for: Arc::new(move |request| as_visitor(&client, request)),
            clock: Clock::manual(Timestamp::parse(NOW).expect("a moment")),
            public_url,
            about: Arc::new(about),
        };
        Self { pages: crate::routes(settings), api, cookie: None }
    }

    /// The same for a visitor signed in as [`USER`], `ada@example.com`.
    pub(crate) async fn signed_in(answers: impl Into<Vec<CannedResponse>>) -> Self {
        let mut answers = answers.into();
        if !answers.iter().any(|(call, ..)| *call == CURRENT_USER) {
            let user = json!({"currentUser": {"id": USER, "email": "ada@example.com", "iat": 1_700_000_000}});
            answers.push((CURRENT_USER, 200, user));
        }
        Self { cookie: Some("session=ada"), ..Self::answering(answers).await }
    }

    /// All API responses, except that for the current user, have this header from now on.
    pub(crate) fn with_header(self, name: &'static str, value: &'static str) -> Self {
        let mut headers = self.api.headers.lock().expect("nobody panics with it");
        headers.insert(name, HeaderValue::from_static(value));
        drop(headers);
        self
    }

    pub(crate) async fn get(&self, place: &str) -> Reply {
        self.send(Request::get(place).body(Body::empty()).expect("a request")).await
    }

    /// Submits a form as a browser does, from a page of this site.
    pub(crate) async fn post(&self, place: &str, fields: &[(&str, &str)]) -> Reply {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(place)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(form)).expect("a request")).await
    }

    pub(crate) async fn send(&self, mut request: Request) -> Reply {
        if let Some(cookie) = self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().expect("a header"));
        }
        let response = self.pages.clone().oneshot(request).await.expect("always answers");
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        let body = String::from_utf8(body.to_vec()).expect("text");
        Reply { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// The pages' routes, for requests that a [`Reply`] cannot represent.
    pub(crate) fn pages(&self) -> Router {
        self.pages.clone()
    }

    /// The idempotency keys of the API calls so far.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.api.keys.lock().expect("nobody panics with it").clone()
    }

    /// The API calls so far, without that for the current user: `PUT /api/tickets/1 {"title":…}`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = self.api.calls.lock().expect("nobody panics with it").clone();
        calls.into_iter().filter(|call| !call.contains("/currentuser")).collect()
    }
}

impl Reply {
    /// The redirect's target.
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// A header; empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("plain text"))
    }

    /// Fails unless the page contains this text, tags included.
    #[track_caller]
    pub(crate) fn assert_has(&self, text: &str) {
        assert!(self.body.contains(text), "{} without {text:?}: {}", self.status, self.body);
    }

    /// Fails if the page contains this text.
    #[track_caller]
    pub(crate) fn assert_lacks(&self, text: &str) {
        assert!(!self.body.contains(text), "{} with {text:?}: {}", self.status, self.body);
    }
}

/// What an operator says who has said all there is to say.
pub(crate) fn about() -> About {
    let here = |text: &str| Some(OwnPage::Here(text.parse().expect("a text")));
    let operator = Operator {
        name: "Quay Tickets Ltd".parse().expect("a line"),
        address: Some("1 Quay Street\nPort".parse().expect("an address")),
        email: Some(client::Email::parse("help@quay.example").expect("an address")),
        phone: Some("+44 20 7946 0000".parse().expect("a line")),
        url: Some("https://quay.example".to_owned()),
    };
    About {
        operator: Some(operator),
        terms: here("# Buying\n\nBe kind."),
        privacy: here("We look at nothing."),
        ..About::default()
    }
}

fn as_visitor(client: &Client, request: &Request) -> Client {
    let cookie = request.headers().get(header::COOKIE).and_then(|value| value.to_str().ok());
    match cookie.and_then(|cookie| cookie.strip_prefix("session=")) {
        Some(token) => client.with_session(token),
        None => client.anonymous(),
    }
}

async fn answer(State(api): State<Api>, request: Request) -> Response {
    let call = format!("{} {}", request.method(), request.uri().path());
    let asked = format!("{} {}", request.method(), request.uri());
    if let Some(key) = request.headers().get("idempotency-key") {
        let key = key.to_str().expect("plain text").to_owned();
        api.keys.lock().expect("nobody panics with it").push(key);
    }
    let body = to_bytes(request.into_body(), usize::MAX).await.expect("a body");
    let body = String::from_utf8_lossy(&body);
    let before = {
        let mut calls = api.calls.lock().expect("nobody panics with it");
        calls.push(format!("{asked} {body}").trim_end().to_owned());
        calls.iter().filter(|made| made.split(['?', ' ']).take(2).eq(call.split(' '))).count() - 1
    };
    let known: Vec<_> = api.answers.iter().filter(|(known, ..)| *known == call).collect();
    match known.get(before).or(known.last()) {
        Some((_, status, body)) => {
            let status = StatusCode::from_u16(*status).expect("a status");
            let headers = api.headers.lock().expect("nobody panics with it").clone();
            let headers = if call == CURRENT_USER { HeaderMap::new() } else { headers };
            (status, headers, axum::Json(body.clone())).into_response()
        }
        None => (StatusCode::NOT_FOUND, axum::Json(json!({"errors": [{"message": "Not Found"}]}))).into_response(),
    }
}
