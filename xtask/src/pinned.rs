//! What we build, test and deploy with is named by what it is, and not by a name that may come to mean another thing;
//! and what others have made is looked at for what has become known of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::workspace;

fn files(directory: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(workspace::root().join(directory)).expect("the directory");
    let files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.into_iter().filter(|file| file.is_file()).collect()
}

fn read(file: impl Into<PathBuf>) -> String {
    let file = workspace::root().join(file.into());
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What follows `key` in the lines of a file.
fn values(text: &str, key: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("- "));
    let values = lines.filter_map(|line| line.strip_prefix(key)?.split_whitespace().next());
    values.map(str::to_owned).collect()
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn has_digest(image: &str) -> bool {
    image.split_once("@sha256:").is_some_and(|(_, digest)| is_hex(digest, 64))
}

#[test]
fn images_that_we_build_on_and_test_with_are_named_by_their_digests() {
    let recipes = files("infra/image").into_iter().filter(|file| file.to_string_lossy().ends_with("Dockerfile"));
    let recipes: Vec<String> = recipes.map(read).collect();
    assert!(recipes.len() > 1);
    for recipe in &recipes {
        let stages: Vec<&str> =
            recipe.lines().filter_map(|line| line.split_once(" AS ")).map(|(_, name)| name).collect();
        for image in values(recipe, "FROM ") {
            assert!(image == "scratch" || stages.contains(&image.as_str()) || has_digest(&image), "{image}");
        }
    }
    let engines = values(&read(".github/engines.compose.yaml"), "image: ");
    assert!(engines.len() > 1 && engines.iter().all(|image| has_digest(image)), "{engines:?}");
}

#[test]
fn actions_are_named_by_their_commits() {
    let actions: Vec<String> =
        files(".github/workflows").into_iter().flat_map(|file| values(&read(file), "uses: ")).collect();
    assert!(actions.len() > 20, "{actions:?}");
    for action in actions.iter().filter(|action| !action.starts_with("./")) {
        assert!(action.split_once('@').is_some_and(|(_, commit)| is_hex(commit, 40)), "{action}");
    }
}

#[test]
fn every_image_of_others_is_scanned() {
    let scan = read(".github/workflows/scan.yml");
    let list = scan.lines().find_map(|line| line.trim().strip_prefix("images=$(")?.split(" | ").next());
    let list = Command::new("sh").args(["-c", list.expect("a list")]).current_dir(workspace::root()).output();
    let listed = String::from_utf8(list.expect("it runs").stdout).expect("text");
    let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    let named: BTreeSet<String> =
        files("infra/rendered").into_iter().flat_map(|file| values(&read(file), "image: ")).collect();
    let ours = |image: &&String| image.split(':').next() == Some("ticketing/ticketing");
    let others: BTreeSet<String> = named.iter().filter(|image| !ours(image)).cloned().collect();
    assert!(others.len() > 4 && others.len() < named.len(), "{named:?}");
    assert_eq!(listed, others);
}

#[test]
fn a_release_is_signed_with_where_it_comes_from_and_what_is_in_it() {
    let release = read(".github/workflows/release.yml");
    let signed = |action: &str| release.matches(&format!("uses: actions/{action}@")).count();
    assert_eq!(signed("attest-build-provenance"), 2, "the image, and the manifests that name it");
    assert_eq!(signed("attest-sbom"), 2, "the image of each architecture");
    let (scanned, pushed) = {
        let image = read(".github/workflows/image.yml");
        (image.find("anchore/scan-action@"), image.find("push: true"))
    };
    assert!(scanned.is_some_and(|scanned| pushed.is_some_and(|pushed| scanned < pushed)), "ours is scanned first");
}
