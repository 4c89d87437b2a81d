use axum::body::Body;
use http::{Request, header};
use serde_json::Value;
use server::services::ServiceName;

/// A request that somebody makes.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Call {
    pub(super) service: ServiceName,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Value,
    /// By lower-case name.
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Call {
    pub(super) fn get(service: ServiceName, path: impl Into<String>) -> Self {
        Self { service, method: "GET", path: path.into(), body: Value::Null, headers: Vec::new() }
    }

    pub(super) fn delete(service: ServiceName, path: impl Into<String>) -> Self {
        Self { method: "DELETE", ..Self::get(service, path) }
    }

    pub(super) fn post(service: ServiceName, path: impl Into<String>, body: Value) -> Self {
        Self { method: "POST", body, ..Self::get(service, path) }
    }

    pub(super) fn put(service: ServiceName, path: impl Into<String>, body: Value) -> Self {
        Self { method: "PUT", body, ..Self::get(service, path) }
    }

    /// The same with a header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// As it is sent.
    pub(super) fn request(&self, cookie: Option<&str>) -> Request<Body> {
        let mut builder = Request::builder().method(self.method).uri(&self.path);
        if let Some(cookie) = cookie {
            builder = builder.header(header::COOKIE, cookie);
        }
        for (name, value) in &self.headers {
            builder = builder.header(*name, value);
        }
        let body = if self.body.is_null() {
            Body::empty()
        } else {
            builder = builder.header(header::CONTENT_TYPE, "application/json");
            Body::from(self.body.to_string())
        };
        builder.body(body).expect("our own requests are well-formed")
    }
}
