use std::time::{Duration, Instant};

use anyhow::Result;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::forgery::forgeries;

use crate::hostile::attack::Outcome;
use crate::hostile::site::{Site, cookie};

/// How long an ended session may still be accepted.
const REVOKED_WITHIN: Duration = Duration::from_secs(2);

pub(in crate::hostile) async fn attack(site: &Site) -> Result<Outcome> {
    let (good, other) = (cookie(&site.seller)?, cookie(&site.buyer)?);
    let (good, other) = (good.trim_start_matches("session="), other.trim_start_matches("session="));
    let keys: Value = site.request(Method::GET, "/api/users/keys").send().await?.json().await?;
    let mut cookies: Vec<(String, String)> =
        forgeries(good, other, &keys).into_iter().map(|(name, token)| (name, format!("session={token}"))).collect();
    let misnamed = ["Session", "__Host-session", "__Secure-session", "sessions", "$session", "session\u{a0}"];
    cookies.extend(misnamed.map(|name| ("another cookie".into(), format!("{name}={good}"))));
    let mut findings = Vec::new();
    for (name, cookie) in &cookies {
        if let Some(finding) = accepted_as_a_user(site, cookie).await? {
            findings.push(format!("{name}: {finding}"));
        }
    }
    findings.extend(two_sessions(site, good).await?);
    let (took, late) = revoked(site).await?;
    findings.extend(late);
    let tried = format!("{} forged tokens and misnamed cookies, two cookies at once, an ended session", cookies.len());
    let did = format!("accepts none of them; the ended session is refused after {} ms", took.as_millis());
    Ok(Outcome { tried, did, findings })
}

/// Whether any service accepts this cookie.
async fn accepted_as_a_user(site: &Site, cookie: &str) -> Result<Option<String>> {
    for (method, path) in [(Method::GET, "/api/orders"), (Method::POST, "/api/tickets")] {
        let request = site.request(method.clone(), path).header("cookie", cookie);
        let status = request.json(&json!({"title": "Forged", "price": 20})).send().await?.status();
        if status != 401 {
            return Ok(Some(format!("{method} {path} is answered with {status}")));
        }
    }
    let current = site.request(Method::GET, "/api/users/currentuser").header("cookie", cookie).send().await?;
    let current: Value = current.json().await?;
    Ok((current != json!({"currentUser": null})).then(|| format!("is accepted as {current}")))
}

/// A forged cookie next to a valid one must not change the user.
async fn two_sessions(site: &Site, good: &str) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let owner = site.seller.current_user().await?.map(|user| user.id.to_string());
    for cookie in [format!("session=a.b.c; session={good}"), format!("session={good}; session=a.b.c")] {
        let current = site.request(Method::GET, "/api/users/currentuser").header("cookie", cookie).send().await?;
        let current: Value = current.json().await?;
        let id = current["currentUser"]["id"].as_str().map(str::to_owned);
        if id.is_some() && id != owner {
            findings.push(format!("two cookies are accepted as {current}"));
        }
    }
    Ok(findings)
}

/// How long an ended session is still accepted.
async fn revoked(site: &Site) -> Result<(Duration, Option<String>)> {
    let leaver = site.user("leaver").await?;
    let left = cookie(&leaver)?;
    leaver.sign_out().await?;
    let began = Instant::now();
    loop {
        match accepted_as_a_user(site, &left).await? {
            None => return Ok((began.elapsed(), None)),
            Some(finding) if began.elapsed() > REVOKED_WITHIN * 10 => return Ok((began.elapsed(), Some(finding))),
            Some(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}
