use axum::Router;
use axum::body::Body;
use http::{HeaderMap, HeaderValue, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::user::TestUser;

/// A request under construction.
#[must_use = "send it with .send() or .json()"]
pub struct Request {
    routes: Router,
    request: http::Request<Body>,
}

/// A response.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The JSON body; `null` if it was empty, a string if it was not JSON.
    pub body: Value,
}

impl Request {
    pub(crate) fn new(routes: Router, method: &str, path: &str) -> Self {
        let request = http::Request::builder().method(method).uri(path).body(Body::empty()).expect("a valid request");
        Self { routes, request }
    }

    /// Sends it as this user.
    pub fn by(self, user: &TestUser) -> Self {
        self.header(header::COOKIE.as_str(), &user.cookie)
    }

    /// Adds a header.
    ///
    /// # Panics
    /// If it is not a valid header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: http::HeaderName = name.parse().expect("a header name");
        self.request.headers_mut().append(name, HeaderValue::from_str(value).expect("a header value"));
        self
    }

    /// Sends it with a JSON body.
    pub async fn json(self, body: Value) -> Reply {
        self.header(header::CONTENT_TYPE.as_str(), "application/json").raw(body.to_string()).await
    }

    /// Sends it with these bytes as its body.
    pub async fn raw(mut self, body: impl Into<Body>) -> Reply {
        *self.request.body_mut() = body.into();
        self.send().await
    }

    /// Sends it, with an empty body unless one was given.
    ///
    /// # Panics
    /// If the answer's body cannot be read.
    pub async fn send(self) -> Reply {
        let response = self.open().await;
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("a readable body").to_bytes();
        let body = match bytes.as_ref() {
            b"" => Value::Null,
            text => serde_json::from_slice(text).unwrap_or_else(|_| String::from_utf8_lossy(text).into()),
        };
        Reply { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// Sends it and returns the response with its body unread, for streams.
    pub async fn open(self) -> http::Response<Body> {
        self.routes.oneshot(self.request).await.unwrap_or_else(|never| match never {})
    }
}

impl Reply {
    /// The messages of an error response.
    ///
    /// # Panics
    /// If the body is not in the error format.
    pub fn messages(&self) -> Vec<&str> {
        self.of_errors("message")
    }

    /// The codes of an error response.
    ///
    /// # Panics
    /// If the body is not in the error format.
    pub fn codes(&self) -> Vec<&str> {
        self.of_errors("code")
    }

    fn of_errors(&self, member: &str) -> Vec<&str> {
        let errors = self.body["errors"].as_array().unwrap_or_else(|| panic!("no errors in {:?}", self.body));
        errors.iter().map(|error| error[member].as_str().unwrap_or_else(|| panic!("no {member}"))).collect()
    }
}
