use common::session_cookie;
use http::{HeaderMap, header};
use tower_cookies::Cookie;
use tower_cookies::cookie::SameSite;
use tower_cookies::cookie::time::Duration;

use super::claims::TOKEN_LIFE;

/// The cookie that carries the token. Its name depends on whether we are served over TLS.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie {
    secure: bool,
}

impl SessionCookie {
    /// The cookie as it is set over TLS (`secure`) or over plain HTTP.
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        session_cookie::name(self.secure)
    }

    /// The cookie that signs in with `token`.
    pub fn with_token(self, token: String) -> Cookie<'static> {
        self.cookie(token, Duration::seconds(TOKEN_LIFE.as_secs().cast_signed()))
    }

    /// The cookie that signs out.
    pub fn cleared(self) -> Cookie<'static> {
        self.cookie(String::new(), Duration::ZERO)
    }

    /// The cookie that goes with it and outlives it.
    pub fn device(self) -> DeviceCookie {
        DeviceCookie { secure: self.secure }
    }

    fn cookie(self, token: String, max_age: Duration) -> Cookie<'static> {
        cookie(self.name(), self.secure, token, max_age)
    }

    /// The token among a request's cookies.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        read(headers, self.name())
    }
}

/// How long a browser keeps the cookie by which it is recognised: as long as browsers keep any.
const DEVICE_COOKIE_LIFE: Duration = Duration::days(400);

/// The cookie by which auth recognises a browser in which somebody has signed in before.
#[derive(Debug, Clone, Copy)]
pub struct DeviceCookie {
    secure: bool,
}

impl DeviceCookie {
    /// Its name.
    pub fn name(self) -> &'static str {
        session_cookie::device_name(self.secure)
    }

    /// The cookie with this value.
    pub fn with_value(self, value: String) -> Cookie<'static> {
        cookie(self.name(), self.secure, value, DEVICE_COOKIE_LIFE)
    }

    /// The cookie that has a browser forget it.
    pub fn cleared(self) -> Cookie<'static> {
        cookie(self.name(), self.secure, String::new(), Duration::ZERO)
    }

    /// Its value among a request's cookies.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        read(headers, self.name())
    }
}

fn cookie(name: &'static str, secure: bool, value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build((name, value))
        .http_only(true)
        .same_site(SameSite::Lax)
        .path("/")
        .secure(secure)
        .max_age(max_age)
        .build()
}

/// The value of a cookie of this name.
///
/// The name has to be there letter for letter. [`tower_cookies::Cookies`] would also read it from
/// `%5F%5FHost-session`, or with a no-break space beside it, and browsers protect only the name that
/// begins with `__Host-`: a neighbouring host could sign visitors in as somebody else. Hence nothing is
/// decoded here, and headers with other characters than those of ASCII are not read.
fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .and_then(|cookie| cookie.value_raw())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(cookie: SessionCookie, values: &[&str]) -> Option<String> {
        let value = |text: &&str| HeaderValue::from_bytes(text.as_bytes()).expect("a header value");
        let headers: HeaderMap = values.iter().map(|text| (header::COOKIE, value(text))).collect();
        cookie.read(&headers).map(str::to_owned)
    }

    #[test]
    fn the_token_is_found_among_other_cookies_and_headers() {
        for values in [
            &["session=x.y.z"][..],
            &["a=b; session=x.y.z; c=d"],
            &["a=b", "c=d;session=x.y.z"],
            &["; ;=;a;session = x.y.z ;b=\""],
            &["caf\u{e9}=1", "session=x.y.z"],
            &["session=x.y.z; session=another"],
        ] {
            assert_eq!(read(SessionCookie::new(false), values).as_deref(), Some("x.y.z"), "{values:?}");
        }
        assert_eq!(read(SessionCookie::new(true), &["session=a; __Host-session=b"]).as_deref(), Some("b"));
        assert_eq!(read(SessionCookie::new(false), &["session="]).as_deref(), Some(""));
        assert_eq!(read(SessionCookie::new(false), &["session=\"x\"%20=y"]).as_deref(), Some("\"x\"%20=y"));
    }

    #[test]
    fn the_cookie_of_the_browser_is_protected_like_that_of_the_session() {
        for secure in [false, true] {
            let device = SessionCookie::new(secure).device();
            let sent = device.with_value("a.b.c".into()).to_string();
            let set = Cookie::parse(sent.as_str()).expect("a cookie");
            assert_eq!((set.name(), set.value()), (device.name(), "a.b.c"));
            assert_eq!((set.http_only(), set.same_site()), (Some(true), Some(SameSite::Lax)));
            assert_eq!((set.path(), set.domain(), set.secure()), (Some("/"), None, secure.then_some(true)));
            let headers =
                HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("device=x; __Host-device=y"))]);
            assert_eq!(device.read(&headers), Some(if secure { "y" } else { "x" }));
        }
    }

    #[test]
    fn what_only_resembles_the_cookie_is_not_read() {
        for text in ["__Host-session", "%5F%5FHost-session=x", "__Host-sessio%6e=x", "__host-session=x", "session=x"] {
            assert_eq!(read(SessionCookie::new(true), &[text]), None, "{text}");
        }
        for text in ["session\u{a0}=x", "\u{2000}session=x", "Session=x", "%73ession=x", "xsession=x", "a=session=x"] {
            assert_eq!(read(SessionCookie::new(false), &[text]), None, "{text}");
        }
        assert_eq!(read(SessionCookie::new(false), &[]), None);
    }

    #[test]
    fn it_is_set_with_everything_that_protects_it() {
        for secure in [false, true] {
            let cookie = SessionCookie::new(secure);
            let (opened, cleared) = (cookie.with_token("x.y.z".into()), cookie.cleared());
            for (set, token, max_age) in [(opened, "x.y.z", Duration::hours(12)), (cleared, "", Duration::ZERO)] {
                let sent = set.to_string();
                let set = Cookie::parse(sent.as_str()).expect("a cookie");
                assert_eq!((set.name(), set.value(), set.max_age()), (cookie.name(), token, Some(max_age)));
                assert_eq!((set.http_only(), set.same_site()), (Some(true), Some(SameSite::Lax)));
                assert_eq!((set.path(), set.domain(), set.expires()), (Some("/"), None, None));
                assert_eq!(set.secure(), secure.then_some(true));
            }
        }
    }
}
