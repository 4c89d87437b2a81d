//! The name of the cookie that carries a session.

/// The cookie's name over TLS (`secure`) or over plain HTTP. `__Host-` makes browsers refuse it from
/// other hosts, paths and plain HTTP.
pub const fn name(secure: bool) -> &'static str {
    if secure { "__Host-session" } else { "session" }
}
