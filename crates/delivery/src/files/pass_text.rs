//! `pass.json`: what a wallet needs before it takes a pass, and the codes in it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Refusal;

/// What every pass says of itself, in text.
const REQUIRED: [&str; 5] = ["passTypeIdentifier", "serialNumber", "teamIdentifier", "organizationName", "description"];
/// How a pass looks, of which each has one.
const STYLES: [&str; 5] = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard"];

/// What we read of `pass.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// The code as passes had it before there could be several.
    pub barcode: Option<PassBarcode>,
    /// The codes, of which a wallet shows the first that it can.
    pub barcodes: Vec<PassBarcode>,
}

/// The same as it is written, each entry once.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    barcode: Option<PassBarcode>,
    #[serde(default)]
    barcodes: Vec<PassBarcode>,
    /// Whether it lets nobody in any more.
    #[serde(default)]
    voided: Option<Value>,
}

/// One code of a pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PassBarcode {
    /// Such as `PKBarcodeFormatQR`.
    pub format: String,
    /// What it says.
    pub message: String,
}

/// The pass that this is the text of.
pub(super) fn parse(text: &[u8]) -> Result<Pass, Refusal> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let entries: Map<String, Value> = serde_json::from_slice(text).map_err(|_| Refusal::Damaged)?;
    if !is_complete(&entries) {
        return Err(Refusal::UnfitPass);
    }
    // From the text once more, since of two entries with one name only the last is left among the others.
    let pass: Said = serde_json::from_slice(text).map_err(|_| Refusal::Damaged)?;
    if pass.voided.is_some_and(|voided| voided != Value::Bool(false)) {
        return Err(Refusal::VoidPass);
    }
    Ok(Pass { barcode: pass.barcode, barcodes: pass.barcodes })
}

fn is_complete(entries: &Map<String, Value>) -> bool {
    let is_version_1 = entries.get("formatVersion").and_then(Value::as_f64) == Some(1.0);
    let has_style = |style: &&str| entries.get(*style).is_some_and(Value::is_object);
    is_version_1
        && REQUIRED.iter().all(|key| entries.get(*key).is_some_and(Value::is_string))
        && STYLES.iter().filter(|style| has_style(style)).count() == 1
}

#[cfg(test)]
mod tests {
    use harness::ticket_files::pass_text;
    use serde_json::json;

    use super::*;

    fn refusal(text: &str) -> Option<Refusal> {
        parse(text.as_bytes()).err()
    }

    #[test]
    fn the_codes_of_a_pass_are_read() {
        let code = PassBarcode { format: "PKBarcodeFormatQR".into(), message: "A1".into() };
        let barcode = json!({"format": code.format, "message": code.message, "messageEncoding": "utf-8"});
        let text = pass_text(&json!({"barcodes": [barcode]}));
        assert_eq!(parse(text.as_bytes()), Ok(Pass { barcode: None, barcodes: vec![code.clone()] }));
        let old = format!("\u{feff}{}", pass_text(&json!({"barcode": barcode})));
        assert_eq!(parse(old.as_bytes()), Ok(Pass { barcode: Some(code), barcodes: vec![] }));
        assert_eq!(parse(pass_text(&json!({})).as_bytes()), Ok(Pass { barcode: None, barcodes: vec![] }));
    }

    #[test]
    fn a_pass_that_lets_nobody_in_any_more_is_refused() {
        assert_eq!(refusal(&pass_text(&json!({"voided": false}))), None);
        assert_eq!(refusal(&pass_text(&json!({"voided": true}))), Some(Refusal::VoidPass));
        assert_eq!(refusal(&pass_text(&json!({"voided": "yes"}))), Some(Refusal::VoidPass));
        assert_eq!(refusal(&pass_text(&json!({"voided": null}))), None);
        let text = pass_text(&json!({"voided": false}));
        let twice = text.replacen("\"voided\":", "\"voided\":true,\"voided\":", 1);
        assert_ne!(twice, text, "it is another text");
        assert_eq!(refusal(&twice), Some(Refusal::Damaged));
    }

    #[test]
    fn what_is_no_pass_is_refused() {
        assert_eq!(refusal(&pass_text(&json!({}))), None);
        assert_eq!(refusal("{}"), Some(Refusal::UnfitPass));
        for other in ["", "[", "[]", "null", "7", "\"pass\"", "[[]]", &"[".repeat(100_000)] {
            assert_eq!(refusal(other), Some(Refusal::Damaged), "{other:.9}");
        }
    }

    #[test]
    fn a_pass_without_what_every_pass_has_is_refused() {
        for key in REQUIRED.into_iter().chain(["formatVersion", "eventTicket"]) {
            for value in [json!(null), json!(7), json!([])] {
                let text = pass_text(&json!({key: value}));
                assert_eq!(refusal(&text), Some(Refusal::UnfitPass), "{key} {value}");
            }
        }
        assert_eq!(refusal(&pass_text(&json!({"formatVersion": "1"}))), Some(Refusal::UnfitPass));
        assert_eq!(refusal(&pass_text(&json!({"coupon": {}}))), Some(Refusal::UnfitPass), "two styles");
        for style in STYLES {
            let text = pass_text(&json!({"eventTicket": null})).replace("eventTicket", style);
            assert_eq!(refusal(&text.replace(":null", ":{}")), None, "{style}");
        }
    }

    #[test]
    fn codes_that_are_there_twice_or_are_none_are_refused() {
        let text = pass_text(&json!({"barcode": {"format": "f", "message": "A"}}));
        assert_eq!(refusal(&text), None);
        for (one, two) in [
            ("\"barcode\":", "\"barcode\":null,\"barcode\":"),
            ("\"message\":\"A\"", "\"message\":\"A\",\"message\":\"B\""),
            ("\"message\":\"A\"", "\"message\":7"),
            ("\"barcode\":", "\"barcodes\":"),
        ] {
            let other = text.replacen(one, two, 1);
            assert_ne!(other, text, "it is another text");
            assert_eq!(refusal(&other), Some(Refusal::Damaged), "{other}");
        }
    }
}
