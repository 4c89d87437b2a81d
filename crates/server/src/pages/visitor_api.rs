use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use client::Client;
use http::header::USER_AGENT;
use http::{HeaderName, HeaderValue};
use runtime::http::{VOUCHER, forwarded_for};
use runtime::session::SessionCookie;
use runtime::trace::{self, TRACEPARENT};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How the pages call the API for a visitor: with the cookies, the address, the trace and the browser of the
/// visitor's request.
pub(crate) struct VisitorApi {
    /// The API's client without a session.
    pub(crate) api: Client,
    /// The cookie with a visitor's session.
    pub(crate) cookie: SessionCookie,
    /// How many proxies stand before the pages, each of which adds the address it was called from to
    /// `X-Forwarded-For`.
    pub(crate) trusted_proxies: usize,
    /// Proves to auth that the pages may say for which address they call, unless its settings allow
    /// them to.
    pub(crate) voucher: Option<HeaderValue>,
}

impl VisitorApi {
    /// The API's client for the visitor who makes this request.
    pub(crate) fn for_request(&self, request: &Request) -> Client {
        let token = self.cookie.read(request.headers()).filter(|token| !token.is_empty());
        let api = token.map_or_else(|| self.api.anonymous(), |token| self.api.with_session(token));
        let device = self.cookie.device().read(request.headers()).filter(|device| !device.is_empty());
        let api = match device {
            Some(device) => api.with_device(device),
            None => api,
        };
        self.headers(request).fold(api, |api, (name, value)| api.with_header(name, value))
    }

    fn headers(&self, request: &Request) -> impl Iterator<Item = (HeaderName, HeaderValue)> + use<> {
        let address = address(request, self.trusted_proxies);
        let trace = trace::current().and_then(|trace| HeaderValue::try_from(trace).ok());
        let browser = request.headers().get(USER_AGENT).cloned();
        let headers = [
            (FORWARDED_FOR, Some(address)),
            (VOUCHER, self.voucher.clone()),
            (TRACEPARENT, trace),
            (USER_AGENT, browser),
        ];
        headers.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }
}

/// The visitor's address: what the outermost of our proxies wrote, else that of the connection.
fn address(request: &Request, trusted_proxies: usize) -> HeaderValue {
    let connected = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let address = forwarded_for(request.headers(), trusted_proxies).or(connected);
    // Visitors whose address is unknown share one: the strict choice.
    let address = address.map_or_else(|| "0.0.0.0".to_owned(), |address| address.to_string());
    HeaderValue::try_from(address).expect("addresses are plain ASCII")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::header::COOKIE;

    use super::*;

    fn visitor_api(trusted_proxies: usize, voucher: Option<&'static str>) -> VisitorApi {
        let api = Client::new("http://127.0.0.1:1").expect("an address");
        let voucher = voucher.map(HeaderValue::from_static);
        VisitorApi { api, cookie: SessionCookie::new(false), trusted_proxies, voucher }
    }

    fn request(headers: &[(&str, &str)]) -> Request {
        let request = headers.iter().fold(Request::get("/"), |request, (name, value)| request.header(*name, *value));
        let mut request = request.body(Body::empty()).expect("a request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 7], 4711))));
        request
    }

    fn headers(visitor_api: &VisitorApi, request: &Request) -> Vec<(String, String)> {
        let text = |value: HeaderValue| value.to_str().expect("plain ASCII").to_owned();
        visitor_api.headers(request).map(|(name, value)| (name.to_string(), text(value))).collect()
    }

    fn header(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn the_visitors_session_is_used() {
        let api = visitor_api(0, None);
        for (cookie, token) in [("a=b; session=x.y.z", Some("x.y.z")), ("session=", None), ("__Host-session=x", None)] {
            let client = api.for_request(&request(&[(COOKIE.as_str(), cookie)]));
            assert_eq!(client.token().as_deref(), token, "{cookie}");
        }
        let client = api.for_request(&request(&[(COOKIE.as_str(), "session=x.y.z; device=a.b.c")]));
        assert_eq!((client.token().as_deref(), client.device().as_deref()), (Some("x.y.z"), Some("a.b.c")));
    }

    #[test]
    fn the_visitors_address_is_passed_on() {
        let forged = request(&[("x-forwarded-for", "6.6.6.6, 1.1.1.1"), ("x-voucher", "forged")]);
        assert_eq!(headers(&visitor_api(0, None), &forged), [header("x-forwarded-for", "127.0.0.7")]);
        let vouched = [header("x-forwarded-for", "1.1.1.1"), header("x-voucher", "secret")];
        assert_eq!(headers(&visitor_api(1, Some("secret")), &forged), vouched);
        let nobody = Request::new(Body::empty());
        assert_eq!(headers(&visitor_api(1, None), &nobody), [header("x-forwarded-for", "0.0.0.0")]);
    }

    #[test]
    fn the_visitors_browser_is_told() {
        let told = headers(&visitor_api(0, None), &request(&[("user-agent", "Firefox/133.0")]));
        assert_eq!(told, [header("x-forwarded-for", "127.0.0.7"), header("user-agent", "Firefox/133.0")]);
    }

    #[tokio::test]
    async fn calls_belong_to_the_trace_of_the_page() {
        const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let api = visitor_api(0, None);
        let passed_on = trace::with(Some(TRACE.to_owned()), async { headers(&api, &request(&[])) }).await;
        assert!(passed_on.contains(&header("traceparent", TRACE)), "{passed_on:?}");
    }
}
