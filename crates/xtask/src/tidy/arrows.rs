//! The map of the crates, kept by reading their manifests.
//!
//! The promise of the product is here: the pages of aidants and the mandates cannot even name the mailboxes, so no
//! mistake in them can open one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Findings, House};
use crate::host;

/// What each crate may import among ours. A crate that is not here is not on the map yet: draw it.
const MAP: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("journal", &["kernel"]),
    ("sms", &["kernel"]),
    ("paper", &["kernel"]),
    ("identity", &["journal", "sms", "paper", "kernel"]),
    ("mandates", &["identity", "journal", "sms", "paper", "kernel"]),
    ("mailbox", &["identity", "journal", "sms", "paper", "kernel"]),
    ("shell", &["identity", "journal", "sms", "paper", "kernel"]),
    ("usager", &["shell", "mandates", "mailbox", "identity", "journal", "sms", "paper", "kernel"]),
    ("console", &["shell", "mandates", "identity", "journal", "sms", "paper", "kernel"]),
    ("server", &["usager", "console", "shell", "mandates", "mailbox", "identity", "journal", "sms", "paper", "kernel"]),
    // No code: it makes the builds of the program and of the tests agree.
    ("accord", &[]),
    // The house keeper prepares the statements of everyone in its tests.
    ("xtask", &["kernel"]),
];

/// Crates that must never reach the others, by any path, even in their tests.
const PROMISE: (&[&str], &[&str]) = (&["console", "mandates"], &["mailbox", "files"]);

/// From the folder of a crate to the folders of those it names, tests and build included.
type Arrows = BTreeMap<String, BTreeSet<String>>;

pub(super) fn map(_: &House) -> Findings {
    match read() {
        Ok(arrows) => outside_the_map(&arrows),
        Err(sentence) => vec![sentence],
    }
}

pub(super) fn promise(_: &House) -> Findings {
    match read() {
        Ok(arrows) => broken_promise(&arrows),
        Err(sentence) => vec![sentence],
    }
}

/// The features named `testing` make proofs from nothing: none is in what is shipped.
pub(super) fn release(_: &House) -> Findings {
    let tree = host::quietly(
        host::command(
            "cargo",
            &[
                "tree",
                "--offline",
                "--locked",
                "--package",
                "maincourante",
                "--edges",
                "normal,build",
                "--prefix",
                "none",
                "--format",
                "{p} [{f}]",
            ],
        )
        .current_dir(host::root()),
    );
    let tree = match tree {
        Ok(tree) => tree,
        Err(sentence) => return vec![sentence],
    };
    let ours: BTreeSet<&str> = tree.lines().filter(|line| line.starts_with("maincourante")).collect();
    if ours.is_empty() {
        return vec!["the release graph could not be read: none of our crates is in it".into()];
    }
    with_testing(ours)
}

/// Crates of others that the tests would compile a second time, because they ask more of them than the program does.
pub(super) fn agreement(_: &House) -> Findings {
    let graph = |edges: &str| {
        let args = ["tree", "--offline", "--locked", "--workspace", "--edges", edges, "--prefix", "none", "--format", "{p} [{f}]"];
        host::quietly(host::command("cargo", &args).current_dir(host::root()))
    };
    match (graph("normal,build"), graph("normal,build,dev")) {
        (Ok(program), Ok(tests)) => disagreements(&program, &tests),
        (Err(sentence), _) | (_, Err(sentence)) => vec![sentence],
    }
}

/// What differs between two lists of `crate version [features]`, ours left out: they have features for tests.
fn disagreements(program: &str, tests: &str) -> Findings {
    let read = |graph: &str| {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in graph.lines().filter(|line| !line.starts_with("maincourante") && !line.starts_with("xtask")) {
            if let Some((name, features)) = line.split_once(" [") {
                all.entry(name.to_owned()).or_default().insert(features.trim_end_matches(" (*)").to_owned());
            }
        }
        all
    };
    let tests = read(tests);
    let differs = |(name, features): &(String, BTreeSet<String>)| tests.get(name).is_some_and(|asked| asked != features);
    let told = |(name, features): (String, BTreeSet<String>)| {
        format!(
            "{name} is compiled twice: [{} in the program, [{} in the tests (crates/accord)",
            join(&features),
            tests.get(&name).map(join).unwrap_or_default()
        )
    };
    read(program).into_iter().filter(differs).map(told).collect()
}

fn join(features: &BTreeSet<String>) -> String {
    features.iter().map(String::as_str).collect::<Vec<_>>().join(" [")
}

fn with_testing<'a>(lines: impl IntoIterator<Item = &'a str>) -> Findings {
    let has_testing = |line: &&str| {
        line.rsplit_once('[').is_some_and(|(_, features)| {
            features.trim_end_matches([']', '(', '*', ')', ' ']).split(',').any(|feature| feature == "testing")
        })
    };
    lines.into_iter().filter(has_testing).map(|line| format!("released with what exists for tests: {line}")).collect()
}

fn read() -> Result<Arrows, String> {
    let printed =
        host::quietly(host::command("cargo", &["metadata", "--offline", "--no-deps", "--format-version", "1"]).current_dir(host::root()))?;
    let metadata: Value = serde_json::from_str(&printed).map_err(|error| format!("cargo metadata: {error}"))?;
    let folder =
        |path: &Value| path.as_str().map(|path| path.trim_end_matches("/Cargo.toml").rsplit('/').next().unwrap_or_default().to_owned());
    let mut arrows = Arrows::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let from = folder(&package["manifest_path"]).unwrap_or_default();
        let to = package["dependencies"].as_array().into_iter().flatten().filter_map(|dependency| folder(&dependency["path"]));
        arrows.insert(from.clone(), to.filter(|to| *to != from).collect());
    }
    Ok(arrows)
}

fn outside_the_map(arrows: &Arrows) -> Findings {
    let mut findings = Findings::new();
    for (from, to) in arrows {
        let Some((_, allowed)) = MAP.iter().find(|(name, _)| name == from) else {
            findings.push(format!("crates/{from}: not on the map of crates/xtask/src/tidy/arrows.rs"));
            continue;
        };
        findings.extend(
            to.iter()
                .filter(|name| !allowed.contains(&name.as_str()))
                .map(|name| format!("crates/{from}/Cargo.toml: an arrow to {name}, which the map does not have")),
        );
    }
    findings
}

fn broken_promise(arrows: &Arrows) -> Findings {
    let mut findings = Findings::new();
    for start in PROMISE.0 {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![(*start).to_owned()];
        while let Some(from) = waiting.pop() {
            for to in arrows.get(&from).into_iter().flatten() {
                if reached.insert(to.clone()) {
                    waiting.push(to.clone());
                }
            }
        }
        findings.extend(PROMISE.1.iter().filter(|goal| reached.contains(**goal)).map(|goal| format!("crates/{start} reaches {goal}")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows(drawn: &[(&str, &[&str])]) -> Arrows {
        drawn.iter().map(|(from, to)| ((*from).to_owned(), to.iter().map(|name| (*name).to_owned()).collect())).collect()
    }

    #[test]
    fn an_arrow_to_the_left_is_found() {
        assert_eq!(outside_the_map(&arrows(&[("kernel", &["journal"]), ("journal", &["kernel"])])).len(), 1);
        assert_eq!(outside_the_map(&arrows(&[("novelty", &[])])).len(), 1);
    }

    #[test]
    fn a_long_way_round_to_the_mailboxes_is_found() {
        let around = arrows(&[("console", &["shell"]), ("shell", &["usager"]), ("usager", &["mailbox"]), ("mandates", &["identity"])]);
        assert_eq!(broken_promise(&around), ["crates/console reaches mailbox"]);
    }

    #[test]
    fn a_crate_compiled_twice_is_found() {
        let program = "tokio v1.0.0 [rt]\nmaincourante-kernel v0.1.0 (/x) []\nbytes v1.0.0 []";
        let tests = "tokio v1.0.0 [rt,test-util]\nmaincourante-kernel v0.1.0 (/x) [testing]\nbytes v1.0.0 [] (*)\nproptest v1.0.0 [std]";
        assert_eq!(disagreements(program, tests).len(), 1);
        assert!(disagreements(program, program).is_empty());
    }

    #[test]
    fn a_feature_for_tests_is_found() {
        let lines = [
            "maincourante-kernel v0.1.0 (/x/kernel) [default,testing]",
            "maincourante-identity v0.1.0 (/x) [] (*)",
            "maincourante-sms v0.1.0 (/testing) []",
        ];
        assert_eq!(with_testing(lines).len(), 1);
    }
}
