use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::routes::{Path, Route};

/// The pods behind each service.
pub(super) type Endpoints = BTreeMap<String, Vec<SocketAddr>>;

/// The file that Traefik reads its routes from. In a cluster it reads the HTTPRoutes.
pub(super) struct RouteFile {
    pub(super) path: PathBuf,
    pub(super) routes: Vec<Route>,
}

impl RouteFile {
    /// Traefik applies changes within its `providersThrottleDuration` of 2 seconds, as it does in a cluster.
    pub(super) fn write(&self, endpoints: &Endpoints) {
        let fresh = self.path.with_extension("fresh");
        // YAML includes JSON. Renamed into place, so that Traefik never reads half a file.
        fs::write(&fresh, configuration(&self.routes, endpoints).to_string()).expect("the routes can be written");
        fs::rename(&fresh, &self.path).expect("the routes can be replaced");
    }
}

/// Traefik's dynamic configuration for these routes.
fn configuration(routes: &[Route], endpoints: &Endpoints) -> Value {
    let routers = routes.iter().enumerate().map(|(number, route)| {
        let (rule, priority) = rule(&route.path);
        let router = json!({"entryPoints": ["web"], "rule": rule, "priority": priority, "service": route.service});
        (format!("route-{number}"), router)
    });
    let routers: Map<_, _> = routers.collect();
    let services: Map<_, _> = endpoints
        .iter()
        .map(|(name, addresses)| {
            let servers: Vec<_> = addresses.iter().map(|address| json!({"url": format!("http://{address}")})).collect();
            (name.clone(), json!({"loadBalancer": {"servers": servers}}))
        })
        .collect();
    json!({ "http": {"routers": routers, "services": services} })
}

/// The precedence of the Gateway API: exact paths before prefixes, then the longest.
fn rule(path: &Path) -> (String, usize) {
    match path {
        Path::Exact(path) => (format!("Path(`{path}`)"), 10_000 + path.len()),
        Path::Prefix(path) if path == "/" => ("PathPrefix(`/`)".to_owned(), 1),
        Path::Prefix(path) => (format!("Path(`{path}`) || PathPrefix(`{path}/`)"), path.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_where_a_word_of_the_path_ends_and_the_longest_wins() {
        let (tickets, orders) = (Path::Prefix("/api/tickets".to_owned()), Path::Prefix("/api".to_owned()));
        let (rule_of_tickets, priority) = rule(&tickets);
        assert_eq!(rule_of_tickets, "Path(`/api/tickets`) || PathPrefix(`/api/tickets/`)");
        assert!(priority > rule(&orders).1 && rule(&orders).1 > rule(&Path::Prefix("/".to_owned())).1);
        assert!(rule(&Path::Exact("/a".to_owned())).1 > priority);
    }

    #[test]
    fn routes_lead_to_all_pods_of_a_service() {
        let routes = [Route { path: Path::Prefix("/".to_owned()), service: "web".to_owned() }];
        let pods = ["127.0.0.1:1", "127.0.0.1:2"].map(|address| address.parse().expect("an address"));
        let http = &configuration(&routes, &Endpoints::from([("web".to_owned(), pods.to_vec())]))["http"];
        assert_eq!(http["services"]["web"]["loadBalancer"]["servers"][1]["url"], "http://127.0.0.1:2");
        assert_eq!(http["routers"]["route-0"]["service"], "web");
    }
}
