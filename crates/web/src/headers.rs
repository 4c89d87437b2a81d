//! The security headers of pages, beside those that every answer has (`runtime::http::SecurityHeaders`).

use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

/// The content security policy: only our own files, nothing inline, no framing.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The same, with what Stripe's documentation requires for Stripe.js.
const POLICY_WITH_STRIPE: &str = "default-src 'none'; script-src 'self' https://js.stripe.com https://*.js.stripe.com; style-src 'self'; \
    img-src 'self' https://*.stripe.com; connect-src 'self' https://api.stripe.com; \
    frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Marks a response whose page uses Stripe.js.
#[derive(Clone, Copy)]
pub(crate) struct WithStripe;

/// Marks a response whose page has a secret in its address: it must be in no request that the page makes, and on no
/// disk.
#[derive(Clone, Copy)]
pub(crate) struct WithSecret;
/// Marks a response that tells nothing of the visitor but that they are signed in: the browser's back button may
/// show it as it was left.
#[derive(Clone, Copy)]
pub(crate) struct Impersonal;

/// Marks a response whose page uses the camera.
#[derive(Clone, Copy)]
pub(crate) struct WithCamera;

/// What somebody is shown in their session is theirs: whoever uses the browser after them must not find it there.
pub(crate) fn keep_nowhere(response: &mut Response) {
    if response.extensions().get::<Impersonal>().is_none() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Adds the headers.
pub(crate) async fn secure(mut response: Response) -> Response {
    let policy = if response.extensions().get::<WithStripe>().is_some() { POLICY_WITH_STRIPE } else { POLICY };
    let has_secret = response.extensions().get::<WithSecret>().is_some();
    let has_camera = response.extensions().get::<WithCamera>().is_some();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value| drop(headers.insert(name, HeaderValue::from_static(value)));
    set(header::CONTENT_SECURITY_POLICY, policy);
    set(header::REFERRER_POLICY, if has_secret { "strict-origin" } else { "same-origin" });
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        if has_camera {
            "camera=(self), geolocation=(), microphone=()"
        } else {
            "camera=(), geolocation=(), microphone=()"
        },
    );
    set(header::VARY, "cookie, accept-language");
    if has_secret {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    // Pages are up to date only at the moment they are rendered.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    response
}
