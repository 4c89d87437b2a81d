//! What is asked for in addresses.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::Uri;
use http::request::Parts;
use serde::de::DeserializeOwned;

/// The query of a page's address. Links and forms of ours are always right; anybody can change an address, and is shown
/// the page all the same: of what is there twice the last counts, and what nobody can read counts as nothing.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + Default> Query<T> {
    pub(crate) fn of(uri: &Uri) -> Self {
        let last: BTreeMap<_, _> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).collect();
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(last).finish();
        let read = format!("/?{query}").parse::<Uri>().ok().map(|uri| axum::extract::Query::try_from_uri(&uri));
        Self(read.and_then(Result::ok).map(|axum::extract::Query(asked)| asked).unwrap_or_default())
    }
}

impl<T: DeserializeOwned + Default, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Eq, Deserialize)]
    #[serde(default)]
    struct Asked {
        text: String,
        known: Option<Known>,
    }

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    enum Known {
        Yes,
    }

    fn read(query: &str) -> (String, Option<Known>) {
        let Query(Asked { text, known }) = Query::of(&format!("/page{query}").parse().expect("an address"));
        (text, known)
    }

    #[test]
    fn every_query_can_be_read() {
        let text = |text: &str| (text.to_owned(), None);
        assert_eq!(read(""), text(""));
        assert_eq!(read("?text=a+b%26c&other=1"), text("a b&c"));
        assert_eq!(read("?text=first&text=last"), text("last"));
        assert_eq!(read("?text=a&text"), text(""));
        assert_eq!(read("?text=%FF"), text("\u{fffd}"));
        assert_eq!(read("?text=%zz&%FF=%"), text("%zz"));
        assert_eq!(read("?&&=&text=a"), text("a"));
        assert_eq!(read("?text=a&known=Yes"), ("a".to_owned(), Some(Known::Yes)));
        assert_eq!(read("?known=Yes&known=No"), text(""));
    }
}
