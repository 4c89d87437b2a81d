use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::Value;

/// Kubernetes objects.
pub struct Manifests(Vec<Value>);

impl Manifests {
    /// The objects of `infra/rendered/{name}.yaml`.
    ///
    /// # Panics
    /// If it cannot be read.
    pub fn rendered(name: &str) -> Self {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/rendered");
        let file = directory.join(format!("{name}.yaml"));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self(serde_saphyr::from_multiple(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
    }

    /// All objects of a kind.
    pub(super) fn all(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.0.iter().filter(move |object| object["kind"] == kind)
    }

    /// The services: the names of the Deployments labelled as one.
    pub(super) fn services(&self) -> impl Iterator<Item = &str> {
        let is_service =
            |deployment: &&Value| deployment["metadata"]["labels"]["app.kubernetes.io/component"] == "service";
        self.all("Deployment").filter(is_service).map(|deployment| text(&deployment["metadata"]["name"]))
    }

    /// One object.
    pub(super) fn get(&self, kind: &str, name: &str) -> &Value {
        let found = self.all(kind).find(|object| object["metadata"]["name"] == name);
        found.unwrap_or_else(|| panic!("the manifests have no {kind} {name}"))
    }

    /// The data of a ConfigMap.
    pub(super) fn config_map(&self, name: &str) -> BTreeMap<String, String> {
        strings(&self.get("ConfigMap", name)["data"]).collect()
    }

    /// The data of a Secret.
    pub(super) fn secret(&self, name: &str) -> BTreeMap<String, String> {
        let decoded = strings(&self.get("Secret", name)["data"]).map(|(key, encoded)| {
            let encoded: String = encoded.split_whitespace().collect();
            let bytes = BASE64_STANDARD.decode(encoded).expect("secrets are in base64");
            (key, String::from_utf8(bytes).expect("our secrets are text"))
        });
        decoded.collect()
    }
}

/// The entries of a ConfigMap or a Secret.
fn strings(data: &Value) -> impl Iterator<Item = (String, String)> {
    let entries = data.as_object().expect("its data");
    entries.iter().map(|(key, value)| (key.clone(), value.as_str().expect("data is text").to_owned()))
}

/// The items of a list; empty if there is no list.
pub(super) fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// A required string.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a text"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use common::events::EVENT_TYPES;
    use runtime::audit::AuditEvent;
    use server::services::ServiceName;

    use super::*;

    #[test]
    fn every_service_and_the_pages_are_deployed_and_nothing_else() {
        let expected: BTreeSet<_> = ServiceName::ALL.map(ServiceName::as_str).into_iter().chain([web::NAME]).collect();
        for overlay in ["dev", "prod"] {
            let manifests = Manifests::rendered(overlay);
            assert_eq!(manifests.services().collect::<BTreeSet<_>>(), expected, "{overlay}");
        }
    }

    fn read(file: &str) -> String {
        let infra = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra");
        fs::read_to_string(infra.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    #[test]
    fn every_alert_is_explained_and_tried_in_good_times_and_in_bad() {
        let (alerts, tried) = (read("monitoring/alerts.yaml"), read("monitoring/alerts_test.yaml"));
        let handbook = read("../docs/OPERATIONS.md");
        let names: Vec<_> = alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
        assert!(names.len() > 15, "{names:?}");
        for name in names {
            assert!(handbook.lines().any(|line| line == format!("### {name}")), "{name} is not explained");
            assert!(
                tried.contains(&format!("alertname: {name}, exp_alerts: []")),
                "{name} is not expected to be silent"
            );
            let fires = format!("alertname: {name}\n        exp_alerts: [{{");
            assert!(tried.contains(&fires), "{name} is not expected to fire");
        }
    }

    #[test]
    fn attacks_that_are_written_down_raise_alerts() {
        let alerts = read("monitoring/alerts.yaml");
        let watched = alerts.split("audit_events_total{event=").skip(1).filter_map(|rest| rest.split('"').nth(1));
        let watched: BTreeSet<_> = watched.flat_map(|events| events.split('|')).collect();
        let attacks = [
            AuditEvent::SignInFailed,
            AuditEvent::SignInLimited,
            AuditEvent::PasswordChangeFailed,
            AuditEvent::NotTheOwner,
            AuditEvent::BadWebhookSignature,
        ];
        assert_eq!(watched, attacks.map(AuditEvent::as_str).into_iter().collect());
    }

    #[test]
    fn every_event_may_be_published_by_its_service_and_again_by_the_operator() {
        let users = read("components/nats/users.conf");
        for event in &EVENT_TYPES {
            let allowed = users.lines().filter(|line| line.trim() == format!("{:?}", event.name));
            assert_eq!(allowed.count(), 2, "{}", event.name);
        }
    }

    #[test]
    fn an_alert_misses_every_service_and_the_pages() {
        let alerts = read("monitoring/alerts.yaml");
        for name in ServiceName::ALL.map(ServiceName::as_str).into_iter().chain([web::NAME]) {
            assert!(alerts.contains(&format!(r#"absent(up{{service="{name}"}})"#)), "nobody misses {name}");
        }
    }
}
