//! A device that makes passkeys and signs with them, as a browser shows it to a site (WebAuthn).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// Somebody is there, and it is the owner.
const PRESENT_AND_VERIFIED: u8 = 0b0000_0101;
/// A new passkey follows.
const WITH_KEY: u8 = 0b0100_0000;
/// How many random bytes the name of a passkey has; sixteen in CBOR and in length take one byte each.
const NAME_BYTES: u8 = 16;

/// A passkey on a device.
pub struct DevicePasskey {
    pair: EcdsaKeyPair,
    /// Its name, in base64url.
    pub name: String,
    user: Value,
    /// How often it has signed.
    pub count: u32,
    /// The site that asks, as the browser sees it.
    pub origin: String,
    /// Whether the device makes sure that it is the owner who asks.
    pub verifies: bool,
}

impl DevicePasskey {
    /// What a device makes when a page at `origin` asks for it with these options, and what the page is given for it.
    ///
    /// # Panics
    /// If the options are none.
    pub fn create(origin: &str, options: &Value) -> (Self, Value) {
        let asked = &options["publicKey"];
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("there is randomness");
        let mut name = [0; NAME_BYTES as usize];
        aws_lc_rs::rand::fill(&mut name).expect("there is randomness");
        let made = Self {
            pair,
            name: URL_SAFE_NO_PAD.encode(name),
            user: asked["user"]["id"].clone(),
            count: 0,
            origin: origin.to_owned(),
            verifies: true,
        };
        let credential = made.create_again(options);
        (made, credential)
    }

    /// What a page is given that asks with these options for a new passkey, by a device that makes the same one again:
    /// none does that, but who attacks a site may.
    ///
    /// # Panics
    /// If the options are none.
    pub fn create_again(&self, options: &Value) -> Value {
        let asked = &options["publicKey"];
        let mut data = self.data(text(&asked["rp"]["id"]), PRESENT_AND_VERIFIED | WITH_KEY);
        data.extend([0; 16]);
        data.extend([0, NAME_BYTES]);
        data.extend(URL_SAFE_NO_PAD.decode(&self.name).expect("it is base64url"));
        data.extend(self.public_key());
        let length = u8::try_from(data.len()).expect("it is short");
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let object = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", &[length][..], &data].concat();
        let client = self.client_data("webauthn.create", asked);
        let response = json!({"attestationObject": URL_SAFE_NO_PAD.encode(object),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client)});
        json!({"id": self.name, "rawId": self.name, "type": "public-key", "response": response})
    }

    /// What a page is given that asks for a signature with these options.
    ///
    /// # Panics
    /// If the options are none.
    pub fn sign(&mut self, options: &Value) -> Value {
        let asked = &options["publicKey"];
        self.count += 1;
        let flags = if self.verifies { PRESENT_AND_VERIFIED } else { 1 };
        let data = self.data(text(&asked["rpId"]), flags);
        let client = self.client_data("webauthn.get", asked);
        let signed = [&data[..], digest(&SHA256, client.as_bytes()).as_ref()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).expect("signs");
        let response = json!({"authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "signature": URL_SAFE_NO_PAD.encode(signature), "userHandle": self.user});
        json!({"id": self.name, "rawId": self.name, "type": "public-key", "response": response})
    }

    fn data(&self, site: &str, flags: u8) -> Vec<u8> {
        [digest(&SHA256, site.as_bytes()).as_ref(), &[flags], &self.count.to_be_bytes()].concat()
    }

    fn client_data(&self, kind: &str, asked: &Value) -> String {
        json!({"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": false}).to_string()
    }

    /// In COSE: a key (2) for ES256 (-7) on the curve P-256 (1), with its point.
    fn public_key(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", &point[1..33], b"\x22\x58\x20", &point[33..]].concat()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
