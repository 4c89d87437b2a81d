//! The names of our cookies. `__Host-` makes browsers refuse them from other hosts, paths and plain HTTP.

/// The name of the cookie that carries a session, over TLS (`secure`) or over plain HTTP.
pub const fn name(secure: bool) -> &'static str {
    if secure { "__Host-session" } else { "session" }
}

/// The name of the cookie by which auth recognises a browser in which somebody has signed in before.
pub const fn device_name(secure: bool) -> &'static str {
    if secure { "__Host-device" } else { "device" }
}
