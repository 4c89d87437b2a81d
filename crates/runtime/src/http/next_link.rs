use http::{HeaderValue, Uri};

/// The `Link` header from the page at `uri` to the next one (RFC 8288): the same address with all its
/// parameters, and the cursor `next`.
pub fn next_link(uri: &Uri, next: &str) -> Option<HeaderValue> {
    let present = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(present.filter(|(name, _)| name != "cursor"));
    query.append_pair("cursor", next);
    HeaderValue::try_from(format!("<{}?{}>; rel=\"next\"", uri.path(), query.finish())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_other_parameters_are_kept() {
        let uri = Uri::from_static("/api/tickets?q=caf%C3%A9%20%3E+x&cursor=old&limit=2&other");
        let link = next_link(&uri, "1.WzEs").expect("a header");
        assert_eq!(link, "</api/tickets?q=caf%C3%A9+%3E+x&limit=2&other=&cursor=1.WzEs>; rel=\"next\"");
    }
}
