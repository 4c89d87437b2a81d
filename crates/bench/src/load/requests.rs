use bytes::Bytes;
use serde_json::Value;

/// The bytes of a `GET`, with a session if one is given.
pub(crate) fn get(path: &str, session: Option<&str>) -> Bytes {
    let cookie = session.map_or(String::new(), |token| format!("cookie: session={token}\r\n"));
    Bytes::from(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{cookie}\r\n"))
}

/// The bytes of a `POST` of JSON, with a session if one is given. `from` is the client address to send in
/// `X-Forwarded-For`, for a server behind one proxy.
pub(crate) fn post(path: &str, session: Option<&str>, from: Option<std::net::IpAddr>, body: &Value) -> Bytes {
    let cookie = session.map_or(String::new(), |token| format!("cookie: session={token}\r\n"));
    let from = from.map_or(String::new(), |address| format!("x-forwarded-for: {address}\r\n"));
    let body = body.to_string();
    Bytes::from(format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\n{cookie}{from}content-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    ))
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
    }
}
