//! What a page tells search engines, and the programs that show what a link leads to.

use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use crate::assets;
use crate::visitor::Visitor;

/// Of a page that everybody may see.
pub(crate) struct Preview {
    /// Its one path, whatever the query.
    path: String,
    description: String,
    data: Option<Value>,
}

impl Preview {
    pub(crate) fn new(path: impl Into<String>, description: impl Into<String>) -> Self {
        Self { path: path.into(), description: description.into(), data: None }
    }

    /// The same in the terms of schema.org.
    #[must_use]
    pub(crate) fn data(self, data: Option<Value>) -> Self {
        Self { data, ..self }
    }
}

/// What the head of the page has of it. Without it search engines are asked to leave the page out.
pub(crate) fn head(visitor: &Visitor, title: &str, preview: Option<&Preview>) -> Markup {
    let text = &visitor.text.layout;
    let Some(preview) = preview else {
        return html! {
            meta name="description" content=(text.description);
            meta name="robots" content="noindex";
        };
    };
    // Both have to be whole addresses.
    let address = visitor.address(&preview.path);
    html! {
        meta name="description" content=(preview.description);
        @if let Some(address) = &address { link rel="canonical" href=(address); }
        meta property="og:type" content="website";
        meta property="og:site_name" content=(text.name);
        meta property="og:title" content=(title);
        meta property="og:description" content=(preview.description);
        @if let Some(address) = &address { meta property="og:url" content=(address); }
        @if let Some(picture) = visitor.address(assets::PICTURE) { meta property="og:image" content=(picture); }
        // Not a script: browsers read no more of it than its type, and the content security policy is not about it.
        @if let Some(data) = &preview.data { script type="application/ld+json" { (within_script(data)) } }
    }
}

/// As JSON in which nothing ends the element that it is in, nor a line.
fn within_script(data: &Value) -> Markup {
    let mut json = data.to_string();
    for (sign, escaped) in
        [('<', r"\u003c"), ('>', r"\u003e"), ('&', r"\u0026"), ('\u{2028}', r"\u2028"), ('\u{2029}', r"\u2029")]
    {
        json = json.replace(sign, escaped);
    }
    PreEscaped(json)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_write_ends_no_script() {
        let title = "</script><script>alert(1)</script><!--\u{2028}\u{2029}& \\u003c \"";
        let written = within_script(&json!({"name": title})).into_string();
        for sign in ['<', '>', '&', '\u{2028}', '\u{2029}'] {
            assert!(!written.contains(sign), "{written}");
        }
        assert_eq!(serde_json::from_str::<Value>(&written).expect("JSON")["name"], title);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn whatever_they_write_is_read_as_it_was(title in r#"[<>&/\\"'!-\u{2028}\u{2029}a-z ]*"#) {
            let written = within_script(&json!([title])).into_string();
            prop_assert!(!written.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{}", written);
            prop_assert_eq!(serde_json::from_str::<Value>(&written).expect("JSON"), json!([title]));
        }
    }
}
