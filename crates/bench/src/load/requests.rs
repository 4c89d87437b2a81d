use bytes::Bytes;
use serde_json::Value;

/// The bytes of a `GET`, with a session if one is given.
pub(crate) fn get(path: &str, session: Option<&str>) -> Bytes {
    let cookie = session.map(cookie);
    let headers = [("host", Some("localhost")), ("cookie", cookie.as_deref())];
    request("GET", path, &headers, None)
}

/// The bytes of a `POST` of JSON, with a session if one is given. `from` is the client address to send in
/// `X-Forwarded-For`, for a server behind one proxy.
pub(crate) fn post(path: &str, session: Option<&str>, from: Option<std::net::IpAddr>, body: &Value) -> Bytes {
    let (cookie, from) = (session.map(cookie), from.map(|address| address.to_string()));
    let headers = [("host", Some("localhost")), ("cookie", cookie.as_deref()), ("x-forwarded-for", from.as_deref())];
    request("POST", path, &headers, Some(body))
}

/// The bytes of a `PUT` of a file, with a session if one is given.
pub(crate) fn put_file(path: &str, session: Option<&str>, file: &[u8]) -> Bytes {
    let (cookie, length) = (session.map(cookie), file.len().to_string());
    let headers = [
        ("host", Some("localhost")),
        ("cookie", cookie.as_deref()),
        ("content-type", Some("application/octet-stream")),
        ("content-length", Some(&length)),
    ];
    [&request("PUT", path, &headers, None), file].concat().into()
}

fn cookie(token: &str) -> String {
    format!("session={token}")
}

/// The bytes of a request with those of the headers that have a value, and a body of JSON if one is given.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, Option<&str>)], body: Option<&Value>) -> Bytes {
    let given = headers.iter().filter_map(|(name, value)| Some(format!("{name}: {}\r\n", (*value)?)));
    let mut text = format!("{method} {path} HTTP/1.1\r\n{}", given.collect::<String>());
    let body = body.map(Value::to_string);
    if let Some(body) = &body {
        text += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
    }
    text += "\r\n";
    text += body.as_deref().unwrap_or_default();
    Bytes::from(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_are_complete() {
        let expected = "GET /a HTTP/1.1\r\nhost: localhost\r\ncookie: session=t\r\n\r\n";
        assert_eq!(get("/a", Some("t")), expected);
        let expected = "POST /a HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: 10.0.0.1\r\n\
                        content-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(post("/a", None, Some([10, 0, 0, 1].into()), &json!({})), expected);
        let expected = "PUT /a HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/octet-stream\r\n\
                        content-length: 3\r\n\r\nPDF";
        assert_eq!(put_file("/a", None, b"PDF"), expected);
    }
}
