//! The error format, verified exactly.

use reqwest::Response;
use serde_json::Value;

/// Fails unless the response has this status and the error format. Returns its body.
pub(crate) async fn assert_refused(response: Response, status: u16, what: &str) -> Value {
    let found = response.status().as_u16();
    let content_type = response.headers().get("content-type").cloned();
    let body = response.bytes().await.expect("a body");
    let text = String::from_utf8_lossy(&body);
    assert_eq!(found, status, "{what}: {text}");
    assert_eq!(content_type.as_ref().map(|value| value.as_bytes()), Some(&b"application/json"[..]), "{what}");
    let body = serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{what}: {error} in {text}"));
    assert_error_format(&body, what);
    body
}

/// Fails unless it is `{"errors": [{"code": "...", "message": "...", "field"?: "..."}, ...]}` and nothing
/// else.
pub(crate) fn assert_error_format(body: &Value, what: &str) {
    assert_eq!(body.as_object().map(|object| object.len()), Some(1), "{what}: {body}");
    let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{what}: {body}"));
    assert!(!errors.is_empty(), "{what}: no error is named");
    for entry in errors {
        let entry = entry.as_object().unwrap_or_else(|| panic!("{what}: {body}"));
        assert!(entry.get("code").is_some_and(is_code), "{what}: {body}");
        assert!(entry["message"].as_str().is_some_and(|message| !message.is_empty()), "{what}: {body}");
        assert!(entry.get("field").is_none_or(Value::is_string), "{what}: {body}");
        assert!(entry.keys().all(|key| ["code", "message", "field"].contains(&key.as_str())), "{what}: {body}");
    }
}

/// Lower-case words joined by underscores.
fn is_code(code: &Value) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    code.as_str().is_some_and(|code| code.split('_').all(is_word))
}

/// Whether one of the errors is about `field`.
pub(crate) fn names(body: &Value, field: &str) -> bool {
    let is_about = |entry: &Value| {
        let named = entry["field"].as_str().unwrap_or_default();
        // Or a part of it: `venue.city`.
        named.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    body["errors"].as_array().is_some_and(|errors| errors.iter().any(is_about))
}
