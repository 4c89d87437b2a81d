use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::here::Substitutions;
use super::manifests::{Manifests, items, text};
use crate::process::Program;

/// A pod, as described by the manifest of its owner.
pub(super) struct Pod<'a> {
    manifests: &'a Manifests,
    name: String,
    spec: &'a Value,
    /// Its only container.
    container: &'a Value,
}

impl<'a> Pod<'a> {
    /// A pod of the Deployment, StatefulSet or Job `name`.
    pub(super) fn of(manifests: &'a Manifests, kind: &str, name: &str) -> Self {
        let spec = &manifests.get(kind, name)["spec"]["template"]["spec"];
        let [container] = &spec["containers"].as_array().expect("containers")[..] else {
            panic!("a pod of {name} has more than one container")
        };
        Self { manifests, name: format!("{name}-0"), spec, container }
    }

    /// Its environment, as it is in the cluster.
    pub(super) fn variables(&self) -> BTreeMap<String, String> {
        let mut variables = BTreeMap::new();
        for source in items(&self.container["envFrom"]) {
            variables.extend(match (&source["configMapRef"]["name"], &source["secretRef"]["name"]) {
                (Value::String(name), Value::Null) => self.manifests.config_map(name),
                (Value::Null, Value::String(name)) => self.manifests.secret(name),
                _ => panic!("variables from {source}"),
            });
        }
        for variable in items(&self.container["env"]) {
            variables.insert(text(&variable["name"]).to_owned(), self.value_of(variable));
        }
        variables
    }

    fn value_of(&self, variable: &Value) -> String {
        let from = &variable["valueFrom"];
        if let Value::String(value) = &variable["value"] {
            value.clone()
        } else if let Value::String(field) = &from["fieldRef"]["fieldPath"] {
            match field.as_str() {
                "metadata.name" => self.name.clone(),
                "status.podIPs" => "127.0.0.1".to_owned(),
                other => panic!("a variable from {other}"),
            }
        } else {
            let reference = &from["secretKeyRef"];
            self.manifests.secret(text(&reference["name"]))[text(&reference["key"])].clone()
        }
    }

    /// The container's command, if it overrides the image's, and its arguments.
    fn words(&self) -> impl Iterator<Item = &'a str> {
        items(&self.container["command"]).chain(items(&self.container["args"])).map(text)
    }

    /// The contents of its volumes: the files by mount path.
    fn volumes(&self) -> impl Iterator<Item = (&'a str, BTreeMap<String, String>)> {
        items(&self.container["volumeMounts"]).map(|mount| {
            let volume = items(&self.spec["volumes"]).find(|volume| volume["name"] == mount["name"]);
            (text(&mount["mountPath"]), volume.map(|volume| self.files_of(volume)).unwrap_or_default())
        })
    }

    fn files_of(&self, volume: &Value) -> BTreeMap<String, String> {
        if let Value::String(name) = &volume["configMap"]["name"] {
            return self.manifests.config_map(name);
        }
        let Value::String(name) = &volume["secret"]["secretName"] else { return BTreeMap::new() };
        let secret = self.manifests.secret(name);
        let wanted = items(&volume["secret"]["items"]);
        wanted.map(|item| (text(&item["path"]).to_owned(), secret[text(&item["key"])].clone())).collect()
    }

    /// The content of a file in its volumes.
    pub(super) fn file(&self, path: &str) -> String {
        let files = self
            .volumes()
            .find_map(|(mounted, mut files)| files.remove(path.strip_prefix(mounted)?.strip_prefix('/')?));
        files.unwrap_or_else(|| panic!("{} has no file {path}", self.name))
    }

    /// Its process: `program` in place of the one in its image, with the container's arguments. Its volumes
    /// are below `home`.
    pub(super) fn program(&self, program: Program, here: &Substitutions, home: &Path) -> Program {
        let directory = |mounted: &str| home.join(mounted.trim_start_matches('/'));
        let mounts = self.volumes().map(|(mounted, _)| (mounted, directory(mounted).display().to_string()));
        let here = mounts.fold(here.clone(), |here, (mounted, directory)| here.with(mounted, directory));
        for (mounted, files) in self.volumes() {
            fs::create_dir_all(directory(mounted)).expect("a volume");
            for (name, content) in files {
                fs::write(directory(mounted).join(name), here.of(&content)).expect("a file");
            }
        }
        let has_command = self.container["command"].is_array();
        let arguments = self.words().skip(usize::from(has_command)).map(|word| here.of(word));
        let program = program.args(arguments);
        self.variables().into_iter().fold(program, |program, (name, value)| program.env(name, here.of(&value)))
    }

    /// The container port of this name.
    pub(super) fn port(&self, name: &str) -> u64 {
        let port = items(&self.container["ports"]).find(|port| port["name"] == name);
        port.and_then(|port| port["containerPort"].as_u64()).unwrap_or_else(|| panic!("{} has no {name}", self.name))
    }

    /// The path of its readiness probe.
    pub(super) fn readiness(&self) -> &'a str {
        text(&self.container["readinessProbe"]["httpGet"]["path"])
    }

    /// The delay between the decision to terminate it and SIGTERM.
    pub(super) fn pre_stop(&self) -> Duration {
        Duration::from_secs(self.container["lifecycle"]["preStop"]["sleep"]["seconds"].as_u64().unwrap_or(0))
    }
}
