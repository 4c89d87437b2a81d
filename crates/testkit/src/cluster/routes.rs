use serde_json::Value;

use super::manifests::{Manifests, items, text};

/// Which paths a route matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// Exactly this path.
    Exact(String),
    /// This path and those below it: `/api` matches `/api/users`, but not `/apis`.
    Prefix(String),
}

/// A route to a service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The path requested.
    pub path: Path,
    /// The service that responds.
    pub service: String,
}

impl Route {
    /// The routes of all `HTTPRoute`s.
    pub fn of_gateway(manifests: &Manifests) -> Vec<Self> {
        let rules = manifests.all("HTTPRoute").flat_map(|route| items(&route["spec"]["rules"]));
        rules.flat_map(of_rule).collect()
    }

    /// The routes of all `Ingress`es.
    pub fn of_ingress(manifests: &Manifests) -> Vec<Self> {
        let rules = manifests.all("Ingress").flat_map(|ingress| items(&ingress["spec"]["rules"]));
        let paths = rules.flat_map(|rule| items(&rule["http"]["paths"]));
        let route = |path: &Value| Self {
            path: path_of(&path["pathType"], &path["path"]),
            service: text(&path["backend"]["service"]["name"]).to_owned(),
        };
        paths.map(route).collect()
    }
}

fn of_rule(rule: &Value) -> impl Iterator<Item = Route> {
    let [backend] = &rule["backendRefs"].as_array().expect("backends")[..] else { panic!("not one backend: {rule}") };
    assert!(rule["filters"].is_null(), "a route that changes requests: {rule}");
    items(&rule["matches"]).map(move |matching| Route {
        path: path_of(&matching["path"]["type"], &matching["path"]["value"]),
        service: text(&backend["name"]).to_owned(),
    })
}

fn path_of(kind: &Value, path: &Value) -> Path {
    let path = text(path).to_owned();
    match text(kind) {
        "Exact" => Path::Exact(path),
        "PathPrefix" | "Prefix" => Path::Prefix(path),
        other => panic!("a route matches by {other}"),
    }
}

#[cfg(test)]
mod tests {
    use server::services::{ServiceName, ServicesSettings};
    use stripe_sim::BANK_PATH;

    use super::*;

    /// An exact path comes before all prefixes, and then the longest.
    fn leads<'a>(routes: &'a [Route], asked: &str) -> Option<&'a str> {
        let taking = routes.iter().filter_map(|route| match &route.path {
            Path::Exact(path) => (asked == path).then_some((true, path.len(), route)),
            Path::Prefix(path) => {
                let rest = asked.strip_prefix(path.as_str())?;
                (rest.is_empty() || rest.starts_with('/')).then_some((false, path.len(), route))
            }
        });
        taking.max_by_key(|(exact, length, _)| (*exact, *length)).map(|(.., route)| route.service.as_str())
    }

    #[test]
    fn every_path_of_the_api_leads_to_the_service_that_describes_it() {
        let routes = Route::of_gateway(&Manifests::rendered("dev"));
        for service in ServiceName::ALL {
            for path in service.definition(&ServicesSettings::default()).api.paths.paths.keys() {
                assert_eq!(leads(&routes, path), Some(service.as_str()), "{path}");
            }
        }
    }

    #[test]
    fn the_simulated_bank_is_where_payments_are_simulated() {
        let routes = Route::of_gateway(&Manifests::rendered("dev"));
        assert_eq!(leads(&routes, &format!("{BANK_PATH}/pi_1_secret_2")), Some("payments"));
    }

    #[test]
    fn gateway_and_ingress_lead_to_the_same_services() {
        let (mut gateway, mut ingress) =
            (Route::of_gateway(&Manifests::rendered("dev")), Route::of_ingress(&Manifests::rendered("ingress")));
        // Only that overlay has a simulated bank.
        gateway.retain(|route| route.path != Path::Prefix(BANK_PATH.to_owned()));
        gateway.sort();
        ingress.sort();
        assert!(gateway.len() > 8, "{gateway:?}");
        assert_eq!(gateway, ingress);
    }
}
