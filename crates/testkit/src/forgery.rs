//! Session tokens that auth did not issue.

use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

fn decode(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

/// Replaces the character at `at` by another one of base64's alphabet.
fn altered(text: &str, at: usize) -> String {
    let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

/// Invalid tokens, each with its kind: derived from `good`, from another user's token `other`, and from the
/// public key set.
///
/// # Panics
/// If the arguments are not valid tokens and a valid key set.
pub fn forgeries(good: &str, other: &str, keys: &Value) -> Vec<(String, String)> {
    let parts: Vec<&str> = good.split('.').collect();
    let [head, payload, signature] = parts[..] else { panic!("a token has three parts") };
    let (head_json, claims) = (decode(head), decode(payload));
    let kid = head_json["kid"].as_str().expect("a kid").to_owned();
    let mut forgeries: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, token: String| forgeries.push((name.to_owned(), token));

    for algorithm in ["none", "None", "NONE", "", "HS256", "EdDSA ", "eddsa", "RS256"] {
        let unsigned = encode(&json!({"alg": algorithm, "typ": "JWT", "kid": kid}));
        add(algorithm, format!("{unsigned}.{payload}."));
        add(algorithm, format!("{unsigned}.{payload}"));
        add(algorithm, format!("{unsigned}.{payload}.{signature}"));
    }
    let public = keys["keys"][0].clone();
    let x = public["x"].as_str().expect("a public key");
    let secrets = [
        x.as_bytes().to_vec(),
        URL_SAFE_NO_PAD.decode(x).expect("base64"),
        public.to_string().into_bytes(),
        keys.to_string().into_bytes(),
    ];
    for secret in secrets {
        let header = Header { kid: Some(kid.clone()), ..Header::new(Algorithm::HS256) };
        add(
            "the public key as secret",
            jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&secret)).expect("signs"),
        );
    }
    let pair = Ed25519KeyPair::generate().expect("a key").to_pkcs8v1().expect("a key");
    let own_key = EncodingKey::from_ed_der(pair.as_ref());
    for kid in [Some(kid.clone()), None, Some("another".into()), Some("../../dev/null".into()), Some(String::new())] {
        let header = Header { kid, jku: Some("http://127.0.0.1:1/keys".into()), ..Header::new(Algorithm::EdDSA) };
        add("a key of one's own", jsonwebtoken::encode(&header, &claims, &own_key).expect("signs"));
    }
    let mut head_with_key = head_json.clone();
    head_with_key["jwk"] = public;
    add("a key in the header", format!("{}.{payload}.{signature}", encode(&head_with_key)));
    for kid in ["another", "", "5f1f77bcf86cd799439011aa"] {
        let mut renamed = head_json.clone();
        renamed["kid"] = json!(kid);
        add("another kid", format!("{}.{payload}.{signature}", encode(&renamed)));
    }
    for (claim, value) in [
        ("exp", json!(i64::MAX)),
        ("exp", json!("never")),
        ("sub", decode(other.split('.').nth(1).expect("claims"))["sub"].clone()),
    ] {
        let mut changed = claims.clone();
        changed[claim] = value;
        add(claim, format!("{head}.{}.{signature}", encode(&changed)));
    }
    let [_, other_payload, other_signature] = other.split('.').collect::<Vec<_>>()[..] else {
        panic!("a token has three parts")
    };
    add("another's claims", format!("{head}.{other_payload}.{signature}"));
    add("another's signature", format!("{head}.{payload}.{other_signature}"));
    for at in [0, head.len() + 1, head.len() + payload.len() + 2, good.len() - 2] {
        add("altered", altered(good, at));
    }
    for end in [0, 1, head.len(), head.len() + 1, good.len() - signature.len(), good.len() - 1] {
        add("truncated", good[..end].to_owned());
    }
    let padded = [
        format!("{good}="),
        format!("{good}A"),
        format!("{good}."),
        format!("{good}.{good}"),
        format!("\"{good}\""),
        format!("Bearer {good}"),
    ];
    padded.into_iter().for_each(|token| add("with more", token));
    for odd in ["..", ".", "null", "undefined", "%00", "j:{}", "{\"$ne\":null}", "a.b.c"] {
        add("odd", odd.to_owned());
    }
    add("10 kB", "A".repeat(10_000));
    add("10 kB", format!("{head}.{}.{signature}", "A".repeat(10_000)));
    forgeries
}
