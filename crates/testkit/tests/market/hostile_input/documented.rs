//! The operations in the OpenAPI document, all of which must be covered here.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use super::site::Site;

/// An operation of the API.
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// With the ids of a [`Site`]'s data.
    pub(crate) path: String,
    description: Value,
}

impl Operation {
    /// All of them.
    pub(crate) async fn all(site: &Site) -> Vec<Self> {
        let document = site.request(Method::GET, "/api/docs/openapi.json").send().await.expect("an answer");
        let document: Value = document.json().await.expect("JSON");
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(path, methods)| {
            let path = site.example_of(path);
            let methods = methods.as_object().expect("methods").iter();
            methods.map(move |(method, description)| Self {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                description: description.clone(),
            })
        });
        operations.collect()
    }

    /// Whether it requires a session.
    pub(crate) fn needs_a_session(&self) -> bool {
        let schemes = self.description["security"].as_array();
        schemes
            .is_some_and(|schemes| !schemes.is_empty() && schemes.iter().all(|scheme| scheme.get("session").is_some()))
    }

    /// Whether it accepts only JSON.
    fn takes_json(&self) -> bool {
        let refuses_others = self.description["responses"].get("415").is_some();
        refuses_others && self.description["requestBody"]["content"].get("application/json").is_some()
    }

    /// Whether it returns a paginated list.
    pub(crate) fn is_paged(&self) -> bool {
        let parameters = self.description["parameters"].as_array();
        parameters.is_some_and(|parameters| parameters.iter().any(|parameter| parameter["name"] == "cursor"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_takes_json_is_put_to_the_test() {
    let site = Site::open().await;
    let operations = Operation::all(&site).await.into_iter().filter(Operation::takes_json);
    let documented: BTreeSet<_> =
        operations.map(|operation| format!("{} {}", operation.method, operation.path)).collect();
    let tested: BTreeSet<_> =
        site.json_routes().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(tested, documented);
    site.world.end().await;
}
