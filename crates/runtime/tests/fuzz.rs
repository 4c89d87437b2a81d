//! The parsers of all services, tried with input that is almost right: none panics, what is
//! accepted reads back as the same, and nothing is accepted that the rules do not allow.

use common::email::Email;
use common::events::*;
use common::id::{TicketId, UserId};
use common::money::Price;
use common::time::Timestamp;
use fuzz::{bytes_like, json, json_like, text_like};
use http::{HeaderMap, HeaderValue, Uri, header};
use ports::store::Cursor;
use proptest::prelude::*;
use runtime::http::{forwarded_for, next_link};
use runtime::session::SessionCookie;
use runtime::trace;
use serde_json::{Value, json as value};

/// One message of each kind.
const PAYLOADS: &[&str] = &[
    r#"{"id":"5f1f77bcf86cd79943900001","version":3,"title":"A","price":19.99,"currency":"eur","userId":"5f1f77bcf86cd79943900002","orderId":"5f1f77bcf86cd79943900003","sold":true,"startsAt":"2026-11-22T17:43:03.120Z","row":"A"}"#,
    r#"{"id":"5f1f77bcf86cd79943900001","version":1,"status":"moved","name":"Gala","venue":"Hall","city":"Berlin","country":"Germany","startsAt":"2027-06-12T19:30:00+02:00[Europe/Berlin]","changedAt":"2026-11-22T17:43:03.120Z"}"#,
    r#"{"id":"5f1f77bcf86cd79943900001","version":0,"status":"created","userId":"5f1f77bcf86cd79943900002","expiresAt":"2026-11-22T17:43:03.120Z","ticket":{"id":"5f1f77bcf86cd79943900003","price":19.99,"currency":"usd","title":"A"}}"#,
    r#"{"id":"5f1f77bcf86cd79943900001","version":1,"reason":"expired","ticket":{"id":"5f1f77bcf86cd79943900003"}}"#,
    r#"{"id":"5f1f77bcf86cd79943900001","orderId":"5f1f77bcf86cd79943900002","amount":20,"stripeId":"pi_1"}"#,
    r#"{"orderId":"5f1f77bcf86cd79943900002","amount":20,"reason":"declined","stripeRefundId":"re_1"}"#,
    r#"{"orderId":"5f1f77bcf86cd79943900002","attempt":2}"#,
    r#"{"orderId":"5f1f77bcf86cd79943900002","amount":20,"stripeDisputeId":"du_1","status":"open"}"#,
    r#"{"ticketId":"5f1f77bcf86cd79943900001","version":1,"seal":2,"checked":true,"mode":"ours","ofVersion":3}"#,
    r#"{"orderId":"5f1f77bcf86cd79943900002","version":1,"ticketId":"5f1f77bcf86cd79943900001","userId":"5f1f77bcf86cd79943900003"}"#,
    r#"{"sessionId":"5f1f77bcf86cd79943900002","expiresAt":"2026-11-22T17:43:03.120Z"}"#,
    r#"{"userId":"5f1f77bcf86cd79943900002","before":"2026-11-22T17:43:03.120Z","expiresAt":"2026-11-23T05:43:03.120Z"}"#,
    r#"{"id":"5f1f77bcf86cd79943900001","userId":"5f1f77bcf86cd79943900002","kind":"confirm-address"}"#,
];

const ENVELOPE: &[&str] = &[
    r#"{"id":"5f1f77bcf86cd79943900001:3","source":"tickets","type":"tickets.updated","subject":"5f1f77bcf86cd79943900001","time":"2026-11-22T17:43:03.120Z","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","data":{"id":1}}"#,
];

const TRACEPARENTS: &[&str] = &["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"];

fn headers(name: header::HeaderName, values: &[Vec<u8>]) -> HeaderMap {
    let values = values.iter().filter_map(|value| HeaderValue::from_bytes(value).ok());
    values.map(|value| (name.clone(), value)).collect()
}

/// Tries a payload as one kind of event. Returns whether it is read.
type Trial = fn(&Value) -> Result<bool, TestCaseError>;

/// How each kind of event is tried.
const EVENTS: &[(&str, Trial)] = &[
    (TicketCreated::TYPE, reads_back::<TicketCreated>),
    (TicketUpdated::TYPE, reads_back::<TicketUpdated>),
    (EventChanged::TYPE, reads_back::<EventChanged>),
    (OrderCreated::TYPE, reads_back::<OrderCreated>),
    (OrderCancelled::TYPE, reads_back::<OrderCancelled>),
    (OrderCompleted::TYPE, reads_back::<OrderCompleted>),
    (ExpirationCompleted::TYPE, reads_back::<ExpirationCompleted>),
    (PaymentStarted::TYPE, reads_back::<PaymentStarted>),
    (PaymentPaused::TYPE, reads_back::<PaymentPaused>),
    (PaymentCreated::TYPE, reads_back::<PaymentCreated>),
    (PaymentFailed::TYPE, reads_back::<PaymentFailed>),
    (PaymentRefunded::TYPE, reads_back::<PaymentRefunded>),
    (PaymentDisputed::TYPE, reads_back::<PaymentDisputed>),
    (DeliverySealed::TYPE, reads_back::<DeliverySealed>),
    (DeliveryReleased::TYPE, reads_back::<DeliveryReleased>),
    (DeliveryMissed::TYPE, reads_back::<DeliveryMissed>),
    (SessionRevoked::TYPE, reads_back::<SessionRevoked>),
    (NoticeDue::TYPE, reads_back::<NoticeDue>),
    (UserErased::TYPE, reads_back::<UserErased>),
];

/// What is read as an event is written as one that is read as the same.
fn reads_back<E: Event + PartialEq + std::fmt::Debug>(payload: &Value) -> Result<bool, TestCaseError> {
    let Ok(event) = serde_json::from_value::<E>(payload.clone()) else { return Ok(false) };
    let written = serde_json::to_value(&event).expect("serialises");
    prop_assert_eq!(serde_json::from_value::<E>(written).expect("reads back"), event);
    Ok(true)
}

#[test]
fn every_kind_of_event_is_tried() {
    let tried: Vec<_> = EVENTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(tried, EVENT_TYPES.iter().map(|event| event.name).collect::<Vec<_>>());
    let examples: Vec<Value> = PAYLOADS.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect();
    for (name, reads_back) in EVENTS {
        let is_example = |example| reads_back(example).expect("reads back");
        assert!(examples.iter().any(is_example), "there is no example of {name}");
    }
}

proptest! {
    #[test]
    fn addresses(text in text_like(&["ada.lovelace+tickets@example.com", "o'neil@sub.domain.org"])) {
        let Ok(email) = Email::parse(&text) else { return Ok(()) };
        prop_assert!(email.as_str().len() <= 254 && email.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
        if text.is_ascii() {
            prop_assert_eq!(email.as_str(), text.trim().to_ascii_lowercase());
        }
        prop_assert_eq!(email.as_str().matches('@').count(), 1);
        prop_assert_eq!(Email::parse(email.as_str()).expect("reads back"), email);
    }

    #[test]
    fn ids(text in text_like(&["5f1f77bcf86cd799439011aa", "5F1F77BCF86CD799439011AA"])) {
        let is_hex = text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let id = text.parse::<TicketId>();
        prop_assert_eq!(id.is_ok(), is_hex, "{:?}", text);
        if let Ok(id) = id {
            prop_assert_eq!(id.to_string(), text.to_lowercase());
            prop_assert!(id.made_at() <= Timestamp::MAX);
        }
    }

    #[test]
    fn prices_as_text(text in text_like(&["20.00", "0.1", "999999.99", "1e3", "-1"])) {
        let Ok(price) = Price::parse(&Value::from(text.as_str())) else { return Ok(()) };
        let text = text.trim();
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{:?}", text);
        // The same number as a person reads in it, to the cent.
        let read: f64 = text.parse().expect("a number");
        prop_assert!((read * 100.0 - f64::from(price.minor_units())).abs() < 0.001, "{} was read as {}", text, price);
        prop_assert_eq!(Price::parse(&Value::from(price.to_string())), Ok(price));
    }

    #[test]
    fn prices_as_json(sent in prop_oneof![json(), text_like(&["20.5", "0.01", "1e2", "999999.99", "18446744073709551615"])
        .prop_map(|text| serde_json::from_str(&text).unwrap_or(Value::Null))])
    {
        let Ok(price) = Price::parse(&sent) else { return Ok(()) };
        prop_assert!((1..=Price::MAX.minor_units()).contains(&price.minor_units()));
        prop_assert!(sent.is_number() || sent.is_string(), "{}", sent);
        prop_assert_eq!(Price::parse(&serde_json::to_value(price).expect("serialises")), Ok(price));
    }

    #[test]
    fn moments(text in text_like(&["2026-11-22T17:43:03.120Z", "2026-11-22 17:43:03+01:00", "9998-12-31T23:59:59-12:00"])) {
        let Ok(moment) = Timestamp::parse(&text) else { return Ok(()) };
        prop_assert!(moment <= Timestamp::MAX);
        prop_assert_eq!(moment.to_string().len(), 24);
        prop_assert_eq!(Timestamp::parse(&moment.to_string()).expect("reads back"), moment);
    }

    #[test]
    fn cursors(
        text in text_like(&["WyIyMDI2LTExLTIyVDEyOjAwOjAwLjAwMFoiLCI1ZjFmNzdiY2Y4NmNkNzk5NDM5MDExYWEiXQ", "WzE5OTksImEiXQ"]),
        inside in json_like(&[r#"["2026-11-22T12:00:00.000Z","5f1f77bcf86cd799439011aa"]"#, "[1999,\"a\"]"]),
    ) {
        let made = Cursor { value: inside[0].clone(), id: inside[1].as_str().unwrap_or_default().to_owned() }.encode();
        for text in [text, made] {
            let Ok(cursor) = Cursor::decode(&text) else { continue };
            prop_assert!(!matches!(cursor.value, Value::Bool(_) | Value::Array(_) | Value::Object(_)));
            prop_assert_eq!(Cursor::decode(&cursor.encode()).expect("reads back"), cursor);
        }
    }

    #[test]
    fn links_to_the_next_page(query in text_like(&["q=caf%C3%A9%20%3E+x&cursor=old&limit=2&other"])) {
        let Ok(uri) = format!("/api/tickets?{query}").parse::<Uri>() else { return Ok(()) };
        let next = Cursor { value: value!(1), id: "a".into() };
        let link = next_link(&uri, &next.encode()).expect("a query can be written again");
        let link = link.to_str().expect("plain ASCII");
        let address = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\"")).expect("one address");
        prop_assert!(!address.contains(['>', '"', '<']), "{}", address);
        let parameters: Vec<_> = form_urlencoded::parse(address.split_once('?').expect("a query").1.as_bytes())
            .filter(|(name, _)| name == "cursor").collect();
        prop_assert_eq!(parameters, [("cursor".into(), next.encode().into())]);
    }

    #[test]
    fn trace_contexts(text in text_like(TRACEPARENTS)) {
        if trace::is_valid(&text) {
            prop_assert_eq!((text.len(), text.is_ascii()), (55, true));
            prop_assert_eq!(trace::id(&text).map(str::len), Some(32));
        }
        // It is also called with what came over the bus, which has not been validated.
        let _ = trace::id(&text);
    }

    #[test]
    fn forwarded_addresses(
        values in prop::collection::vec(bytes_like(&["1.2.3.4, 5.6.7.8", "[2001:db8::1]:443, 9.9.9.9:80", "unknown"]), 0..4),
        proxies in 0_usize..4,
    ) {
        let headers = headers("x-forwarded-for".parse().expect("a name"), &values);
        let address = forwarded_for(&headers, proxies);
        prop_assert!(proxies > 0 || address.is_none(), "{:?} was trusted", address);
        // What a client writes before the entry that our proxy adds changes nothing.
        let mut prefixed = HeaderMap::new();
        prefixed.append("x-forwarded-for", HeaderValue::from_static("6.6.6.6"));
        for value in headers.values() {
            prefixed.append("x-forwarded-for", value.clone());
        }
        prefixed.append("x-forwarded-for", HeaderValue::from_static("10.0.0.1"));
        prop_assert_eq!(forwarded_for(&prefixed, 1), Some([10, 0, 0, 1].into()));
    }

    #[test]
    fn session_cookies(values in prop::collection::vec(bytes_like(&["a=b; session=x.y.z; c=d", "__Host-session=x", "session=\"x\""]), 0..4)) {
        let headers = headers(header::COOKIE, &values);
        for cookie in [SessionCookie::new(false), SessionCookie::new(true)] {
            let plain = headers.values().filter_map(|value| value.to_str().ok());
            let mut pairs = plain.flat_map(|value| value.split(';')).filter_map(|pair| pair.split_once('='));
            let first = pairs.find(|(name, _)| name.trim() == cookie.name());
            prop_assert_eq!(cookie.read(&headers), first.map(|(_, token)| token.trim()));
        }
    }

    #[test]
    fn payloads(payload in json_like(PAYLOADS)) {
        for (_, reads_back) in EVENTS {
            reads_back(&payload)?;
        }
    }

    #[test]
    fn envelopes(sent in json_like(ENVELOPE), text in bytes_like(ENVELOPE)) {
        for envelope in [serde_json::from_value::<Envelope>(sent), serde_json::from_slice(&text)].into_iter().flatten() {
            let _ = envelope.stream();
            let written = serde_json::to_string(&envelope).expect("serialises");
            prop_assert_eq!(serde_json::from_str::<Envelope>(&written).expect("reads back"), envelope);
        }
    }

    #[test]
    fn claims(sent in json_like(&[r#"{"sub":"5f1f77bcf86cd79943900001","email":"a@b.co","sid":"5f1f77bcf86cd79943900002","iat":1,"exp":2}"#])) {
        if let Ok(claims) = serde_json::from_value::<runtime::session::Claims>(sent) {
            let _: UserId = claims.sub;
            let written = serde_json::to_value(&claims).expect("serialises");
            prop_assert_eq!(serde_json::from_value::<runtime::session::Claims>(written).expect("reads back"), claims);
        }
    }
}
