//! `cargo xtask test`: what the integration server runs, and nothing else decides.
//!
//! Development profile only. Every phase runs whatever the others said, so that one run tells everything.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::host::{self, Outcome, Scratch, said};
use crate::needs::{self, Peer, Ready};
use crate::peers::Running;
use crate::report::{Counts, Report};

/// Accounts of the base that the mail servers of `cargo test` read.
/// The third is disabled by the test that tries it: other tests take the first two.
const PEOPLE: &str = "amina.diallo,rene.lefevre,odile.martin";

/// The program that is released.
pub(crate) const PROGRAM: &str = "maincourante";

/// Runs everything; whether all went well. The last line printed is `N passed, N failed`.
pub(crate) fn run(without: &[Peer]) -> Outcome<bool> {
    let without = needs::left_out(without);
    let mut report = Report::new();
    let ready = needs(&mut report, &without);
    let running = start(&mut report, &ready)?;
    let surroundings = surroundings(&ready, running.as_ref());

    // Everything later is offline: what cannot be had is said here, once.
    report.phase("fetch", |_| cargo(&["fetch", "--locked", "--quiet"], &surroundings, None));
    report.phase("format", |_| cargo(&["fmt", "--all", "--check"], &surroundings, None));
    report.phase("clippy", |_| {
        cargo(
            &["clippy", "--workspace", "--all-targets", "--keep-going", "--locked", "--quiet", "--", "-D", "warnings"],
            &surroundings,
            None,
        )
    });
    let mut program = Err("the program was not built".to_owned());
    report.phase("build", |_| {
        build()?;
        program = kept();
        program.as_ref().map(drop).map_err(Clone::clone)
    });
    report.phase("tests", |counts| cargo(&["test", "--workspace", "--no-fail-fast", "--locked", "--quiet"], &surroundings, Some(counts)));
    if ready.has(Peer::Deny) {
        report.phase("dependencies", |_| dependencies());
    }
    if let (true, Ok(program)) = (ready.has(Peer::Chromium), &program) {
        report.phase("browser", |counts| browser(&ready, &program.path().join(PROGRAM), &surroundings, counts));
    }

    drop(running);
    print!("{report}");
    for peer in &without {
        println!("not run, as asked (--without {}): {}", peer.name(), peer.tests());
    }
    for (peer, reason) in &ready.missing {
        println!("NOT RUN: {}; {} is not there: {reason}", peer.tests(), peer.name());
    }
    println!("{}", whole(host::env("MAINCOURANTE_BEGAN").as_deref(), host::env("MAINCOURANTE_TARGET").as_deref(), &report));
    let Counts { passed, failed } = report.counts();
    println!("{passed} passed, {failed} failed");
    Ok(failed == 0 && passed > 0)
}

/// How long everything took, the building of this very command included when its caller says since when.
fn whole(began: Option<&str>, target: Option<&str>, report: &Report) -> String {
    let since = began.and_then(|began| began.parse().ok()).and_then(host::seconds_since);
    let (seconds, what) = match since {
        Some(seconds) => (seconds, "in all"),
        None => (report.elapsed().as_secs(), "since this command was built"),
    };
    match target {
        Some("cold") => format!("{seconds} s {what}, cold: nothing was built before"),
        Some("warm") => format!("{seconds} s {what}, warm: what earlier runs built was there"),
        _ => format!("{seconds} s {what}"),
    }
}

fn needs(report: &mut Report, without: &[Peer]) -> Ready {
    let mut ready = None;
    report.phase("machine", |counts| {
        let found = needs::prepare(without);
        // A test that could not run is not a test that passed.
        counts.failed = found.missing.len() as u64;
        ready = Some(found);
        Ok(())
    });
    ready.unwrap_or_else(|| unreachable!("the phase above always answers"))
}

fn start(report: &mut Report, ready: &Ready) -> Outcome<Option<Running>> {
    if !ready.has(Peer::Postgres) {
        return Ok(None);
    }
    let mut options = vec!["--people", PEOPLE];
    if !ready.has(Peer::Dovecot) {
        options.extend(["--only", "postgres"]);
    } else if !ready.has(Peer::Postfix) {
        options.extend(["--only", "dovecot"]);
    }
    let mut started = Err("the peers were not started".to_owned());
    report.phase("peers", |_| {
        started = Running::start(&options);
        started.as_ref().map(drop).map_err(Clone::clone)
    });
    started.map(Some)
}

/// What the tests learn from the environment.
fn surroundings(ready: &Ready, running: Option<&Running>) -> Vec<(&'static str, String)> {
    let mut all = vec![("RUST_BACKTRACE", "0".to_owned()), ("CI", "true".to_owned())];
    if let Some(Running { stack, .. }) = running {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        all.push(("MAINCOURANTE_TEST_POSTGRES", text(&stack["postgres_server"])));
        for (peer, name, file) in
            [(Peer::Dovecot, "MAINCOURANTE_TEST_DOVECOT", "dovecot.json"), (Peer::Postfix, "MAINCOURANTE_TEST_POSTFIX", "postfix.json")]
        {
            if ready.has(peer) {
                all.push((name, format!("{}/{file}", text(&stack["dir"]))));
            }
        }
    }
    // Then a test that finds no peer fails instead of saying that it did not run.
    if Peer::ALL.iter().all(|peer| ready.has(*peer)) {
        all.push(("MAINCOURANTE_STRICT", "1".to_owned()));
    }
    all
}

fn cargo(args: &[&str], surroundings: &[(&str, String)], counts: Option<&mut Counts>) -> Outcome<()> {
    follow(host::command("cargo", args).envs(surroundings.iter().map(|(name, value)| (name, value))), counts)
}

fn dependencies() -> Outcome<()> {
    let program = needs::cargo_deny()?;
    follow(&mut host::command(&program.to_string_lossy(), &["--offline", "check", "bans", "licenses", "sources"]), None)
}

/// Builds what is in the working tree, as the tests have it.
pub(crate) fn build() -> Outcome<()> {
    cargo(&["build", "--workspace", "--bins", "--locked", "--quiet"], &[], None)
}

/// A copy of the program just built, beside it: whoever builds elsewhere meanwhile changes nothing of what the browser tries.
pub(crate) fn kept() -> Outcome<Scratch> {
    let built = target()?.join("debug");
    let scratch = Scratch::make(&built, "built")?;
    std::fs::copy(built.join(PROGRAM), scratch.path().join(PROGRAM)).map_err(said(PROGRAM))?;
    Ok(scratch)
}

/// The browser tests, one file after the other: they share two cores with the servers they start.
fn browser(ready: &Ready, program: &Path, surroundings: &[(&str, String)], counts: &mut Counts) -> Outcome<()> {
    let folder = host::root().join("tests/e2e");
    let mut files: Vec<String> = std::fs::read_dir(&folder)
        .map_err(said("tests/e2e"))?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".test.mjs"))
        .collect();
    files.sort();
    let built = target()?.join("debug");
    let mut node =
        host::command(&ready.node.to_string_lossy(), &["--test", "--test-reporter=spec", "--test-concurrency=1", "--test-timeout=900000"]);
    node.args(files)
        .current_dir(&folder)
        .envs(surroundings.iter().map(|(name, value)| (name, value)))
        .env("MAINCOURANTE_BIN", program)
        .env("MAINCOURANTE_XTASK", host::own_program()?)
        .env("MAINCOURANTE_E2E_OUT", host::env("MAINCOURANTE_E2E_OUT").map_or_else(|| built.join("e2e"), PathBuf::from));
    follow(&mut node, Some(counts))
}

/// Where cargo builds.
pub(crate) fn target() -> Outcome<PathBuf> {
    let printed =
        host::quietly(host::command("cargo", &["metadata", "--offline", "--no-deps", "--format-version", "1"]).current_dir(host::root()))?;
    let metadata: Value = serde_json::from_str(&printed).map_err(said("cargo metadata"))?;
    metadata["target_directory"].as_str().map(PathBuf::from).ok_or_else(|| "cargo metadata does not say where it builds".into())
}

/// Runs a command in sight, listening to what it counts.
fn follow(command: &mut Command, counts: Option<&mut Counts>) -> Outcome<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    if command.get_current_dir().is_none() {
        command.current_dir(host::root());
    }
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("{name} could not start: {error}"))?;
    let mut nobody = Counts::default();
    let counts = counts.unwrap_or(&mut nobody);
    let output = child.stdout.take().map(BufReader::new);
    for line in output.into_iter().flat_map(BufRead::lines).map_while(Result::ok) {
        counts.hear(&line);
        println!("{line}");
    }
    let status = child.wait().map_err(said(&name))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_says_how_long_it_took_and_what_was_there() {
        let report = Report::new();
        let now = host::seconds_since(0).expect("the machine has a clock");
        let cold = whole(Some(&(now - 90).to_string()), Some("cold"), &report);
        let seconds: u64 =
            cold.strip_suffix(" s in all, cold: nothing was built before").and_then(|number| number.parse().ok()).expect(&cold);
        assert!(seconds >= 90, "{cold}");
        assert!(whole(Some("0"), Some("warm"), &report).ends_with(" s in all, warm: what earlier runs built was there"));
        for nobody_says in [None, Some("yesterday"), Some("99999999999")] {
            assert_eq!(whole(nobody_says, None, &report), "0 s since this command was built");
        }
    }
}
