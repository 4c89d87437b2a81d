use super::*;

/// The findings if `wrong` replaces `right`.
fn found_with(wrong: &str, right: &str) -> String {
    found_in("dev.yaml", &[(wrong, right)])
}

/// The findings in this file if each of the first replaces the second.
fn found_in(rendered: &str, spoilt: &[(&str, &str)]) -> String {
    let file = workspace::root().join("infra/rendered").join(rendered);
    let mut manifest = fs::read_to_string(file).expect("the manifests");
    for (wrong, right) in spoilt {
        assert!(manifest.contains(right), "there is no {right:?} to be spoilt");
        manifest = manifest.replacen(right, wrong, 1);
    }
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("wrong.yaml");
    fs::write(&file, manifest).expect("a file");
    validate(&[file]).expect_err("it is wrong").to_string()
}

#[test]
fn the_rendered_manifests_are_valid() {
    let mut files = rendered().expect("the manifests");
    assert!(files.len() >= 2, "there are {files:?} only");
    files.push(with_restore());
    let checked = validate(&files).expect("valid manifests");
    assert_eq!(checked.lines().filter(|line| line.ends_with(" objects checked")).count(), files.len());
}

#[test]
fn the_rendered_manifests_are_made_of_what_is_there() {
    let inputs = said_by(render().arg("--inputs")).expect("the inputs");
    for file in rendered().expect("the manifests") {
        let manifests = fs::read_to_string(&file).expect("the manifests");
        let made_of = manifests.lines().next();
        assert_eq!(made_of, Some(inputs.as_str()), "{} is out of date: run infra/render.sh", file.display());
    }
}

#[test]
fn images_that_may_become_others_are_found() {
    let digest = "@sha256:4968f22d0c6c10ef29952f3e807f62872ba22b3312f25803564fbfc08255efc2";
    let found = found_with("image: mongo:8.0", &format!("image: mongo:8.0{digest}"));
    assert!(found.contains("by a tag"), "{found}");
}

#[test]
fn ways_in_rights_and_a_gateways_patience_are_held_to_our_rules() {
    let spoilt = [
        ("targetPort: operators", "targetPort: http"),
        ("  - secrets\n  verbs:\n  - list", "  - namespaces\n  verbs:\n  - list"),
        ("dialtimeout=30s", "dialtimeout=1s"),
        ("idleconntimeout=90s", "idleconntimeout=5s"),
        ("requestacceptgracetimeout=20s", "requestacceptgracetimeout=10s"),
    ];
    let found = found_in("dev.yaml", &spoilt);
    for fault in [
        "Service auth: leads to the port for operators",
        "ClusterRole ticketing-traefik: is about secrets of every namespace",
        "Deployment traefik: lets requests wait for a pod that has vanished",
        "Deployment traefik: keeps connections that services close",
        "Deployment traefik: is ended before it has answered",
    ] {
        assert!(found.contains(fault), "{fault} is missing in {found}");
    }
    let found = found_in("ingress.yaml", &[("name: operators", "name: http")]);
    assert!(found.contains("which is not for visitors"), "{found}");
}

#[test]
fn ports_where_nobody_listens_are_found() {
    let found = found_with("OPERATOR_LISTEN: 0.0.0.0:3101", "OPERATOR_LISTEN: 0.0.0.0:3100");
    assert!(found.contains("0.0.0.0:3101, not where it says"), "{found}");
}

/// A directory of programs that stand in for those of the image, for its `PATH`.
fn stand_ins(programs: &[(&str, &str)]) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().expect("a directory");
    for (name, script) in programs {
        let file = directory.path().join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("a program");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("a program");
    }
    directory
}

/// What `start.sh` says and runs in a pod with these addresses, if DNS gives the first answer once and then the
/// second.
fn mongod_started(addresses: &str, answers: [&str; 2]) -> String {
    let [first, then] = answers;
    let getent = format!(
        "[ \"$*\" = 'ahosts mongodb-0.mongodb' ] || exit 2\n\
         if [ -e \"$ASKED\" ]; then printf '{then}'; else touch \"$ASKED\"; printf '{first}'; fi"
    );
    let programs = [("getent", getent.as_str()), ("sleep", ""), ("install", ""), ("mongod", "echo mongod \"$@\"")];
    let bin = stand_ins(&programs);
    let path = format!("{}:/usr/bin:/bin", bin.path().display());
    let mut start = Command::new("sh");
    start.arg(workspace::root().join("infra/components/mongodb/start.sh")).env("PATH", path);
    start.env("ASKED", bin.path().join("asked")).env("POD_NAME", "mongodb-0").env("POD_IPS", addresses);
    said_by(&mut start).expect("mongod runs")
}

#[test]
fn mongod_starts_once_its_name_leads_to_its_pod() {
    let ours = "10.0.0.1 STREAM mongodb-0\\n10.0.0.1 DGRAM\\n";
    let started = "mongod --config /etc/mongodb/mongod.conf";
    assert_eq!(mongod_started("10.0.0.1", [ours, ours]), started);
    for before in ["10.0.0.9 STREAM mongodb-0\\n", "", "10.0.0.1 STREAM\\n10.0.0.9 STREAM\\n", "10.0.0.11 STREAM\\n"] {
        let said = mongod_started("10.0.0.1", [before, ours]);
        let (waiting, then) = said.split_once('\n').unwrap_or_else(|| panic!("it does not wait for {before}: {said}"));
        assert!(waiting.starts_with("mongodb-0.mongodb leads to ") && then == started, "{said}");
    }
}

#[test]
fn mongod_starts_with_ipv6_where_its_pod_has_it() {
    let (old, ours) = ("fd00::9 STREAM mongodb-0\\n", "fd00::1 STREAM mongodb-0\\n");
    let both = "fd00::1 STREAM mongodb-0\\n10.0.0.1 STREAM\\n";
    for (addresses, answer) in [("fd00::1", ours), ("10.0.0.1,fd00::1", ours), ("10.0.0.1,fd00::1", both)] {
        let said = mongod_started(addresses, [old, answer]);
        assert!(said.contains("leads to fd00::9"), "{said}");
        assert!(said.ends_with("mongod --config /etc/mongodb/mongod.conf --ipv6"), "{said}");
    }
}

#[test]
fn fields_unknown_to_kubernetes_are_found() {
    let found = found_with("revisionHistory: 5", "revisionHistoryLimit: 5");
    assert!(found.contains("revisionHistory"), "{found}");
}

#[test]
fn fields_unknown_to_the_gateway_api_are_found() {
    let found = found_with("type: Prefix", "type: PathPrefix");
    assert!(found.contains("HTTPRoute ticketing"), "{found}");
}
