//! `cargo xtask faults`: everything that is broken on purpose, and what became of it, in one table.
//!
//! Each script of `tests/e2e/faults/` breaks one thing and says one case a line on its output: `{"fault": …, "engine": …, "ok": true,
//! "result": …}`. What it does meanwhile goes to its error output, for whoever waits. Development build: the released
//! program has no points at which it can be killed.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::host::{self, Outcome, said};
use crate::needs::{self, Peer};
use crate::suite;

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Wish {
    /// This script alone.
    only: Option<String>,
    /// The lines as the scripts say them, instead of the table.
    json: bool,
    /// Each script's table is also kept, in `docs/faults.md`; those of scripts that are not run stay there.
    keep: bool,
}

impl Wish {
    pub(crate) fn read(words: &[&str]) -> Outcome<Self> {
        let mut wish = Self::default();
        let mut rest = words;
        loop {
            rest = match rest {
                [] => return Ok(wish),
                ["--json", more @ ..] => {
                    wish.json = true;
                    more
                }
                ["--keep", more @ ..] => {
                    wish.keep = true;
                    more
                }
                ["--only", name, more @ ..] => {
                    wish.only = Some((*name).to_owned());
                    more
                }
                [other, ..] => return Err(format!("{other} is not understood")),
            };
        }
    }
}

/// One thing that was broken.
#[derive(PartialEq, Eq, Debug)]
struct Case {
    fault: String,
    engine: String,
    ok: bool,
    result: String,
}

/// Breaks everything, and prints what became of it; whether all held.
pub(crate) fn run(wish: &Wish) -> Outcome<bool> {
    let scripts = scripts(wish.only.as_deref())?;
    let ready = needs::prepare(&[Peer::Deny]);
    needs::install(&["libfaketime"])?;
    if let Some((peer, reason)) = ready.missing.first() {
        return Err(format!("{} is not there: {reason}", peer.name()));
    }
    eprintln!("── building");
    suite::build()?;
    let program = suite::kept()?;
    let mut cases = Vec::new();
    let mut tables = BTreeMap::new();
    for script in scripts {
        eprintln!("── {script}");
        let mut command = host::command(&ready.node.to_string_lossy(), &[&format!("faults/{script}.mjs")]);
        command
            .current_dir(host::root().join("tests/e2e"))
            .env("RUST_BACKTRACE", "0")
            .env("MAINCOURANTE_BIN", program.path().join(suite::PROGRAM))
            .env("MAINCOURANTE_XTASK", host::own_program()?);
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(said(&script))?;
        let before = cases.len();
        for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines).map_while(Result::ok) {
            if wish.json {
                println!("{line}");
            }
            cases.push(heard(&script, &line));
        }
        let status = child.wait().map_err(said(&script))?;
        cases.extend(unsaid(&script, &cases[before..], status.success(), &status.to_string()));
        tables.insert(script, Table(&cases[before..]).to_string());
    }
    let table = Table(&cases);
    if !wish.json {
        print!("\n{table}");
    }
    if wish.keep {
        let file = host::root().join("docs/faults.md");
        fs::write(&file, page(&fs::read_to_string(&file).unwrap_or_default(), tables)).map_err(said("docs/faults.md"))?;
    }
    Ok(table.held() == cases.len() && !cases.is_empty())
}

/// The scripts, by name.
fn scripts(only: Option<&str>) -> Outcome<Vec<String>> {
    let folder: PathBuf = host::root().join("tests/e2e/faults");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .map_err(said("tests/e2e/faults"))?
        .flatten()
        .filter_map(|entry| Path::new(&entry.file_name()).file_name()?.to_str()?.strip_suffix(".mjs").map(str::to_owned))
        .filter(|name| only.is_none_or(|only| only == name))
        .collect();
    names.sort();
    if names.is_empty() { Err(format!("there is no script of that name in {}", folder.display())) } else { Ok(names) }
}

/// What a script says, or that it cannot be understood.
fn heard(script: &str, line: &str) -> Case {
    let case = |said: &Value| {
        let text = |name: &str| said[name].as_str().map(str::to_owned);
        Some(Case { fault: text("fault")?, engine: text("engine")?, ok: said["ok"].as_bool()?, result: text("result")? })
    };
    serde_json::from_str(line).ok().and_then(|said| case(&said)).unwrap_or_else(|| Case {
        fault: script.to_owned(),
        engine: "–".into(),
        ok: false,
        result: format!("it says what is no case: {line}"),
    })
}

/// A script that ends badly without a case that did not hold, or that tried nothing, held nothing.
fn unsaid(script: &str, cases: &[Case], well: bool, status: &str) -> Option<Case> {
    let result = match (well, cases.iter().all(|case| case.ok)) {
        (true, _) if cases.is_empty() => "it tried nothing".to_owned(),
        (false, true) => format!("it ended before its end: {status}"),
        _ => return None,
    };
    Some(Case { fault: script.to_owned(), engine: "–".into(), ok: false, result })
}

/// The cases, aligned.
struct Table<'a>(&'a [Case]);

impl Table<'_> {
    fn held(&self) -> usize {
        self.0.iter().filter(|case| case.ok).count()
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width =
            |name: &str, of: fn(&Case) -> &str| self.0.iter().map(|case| of(case).chars().count()).max().unwrap_or(0).max(name.len());
        let (fault, on) = (width("fault", |case| &case.fault), width("on", |case| &case.engine));
        let result = width("what happened", |case| &case.result);
        writeln!(out, "| {:<fault$} | {:<on$} | {:<result$} | ok  |", "fault", "on", "what happened")?;
        writeln!(out, "| {:-<fault$} | {:-<on$} | {:-<result$} | --- |", "", "", "")?;
        for case in self.0 {
            let ok = if case.ok { "yes" } else { "NO" };
            writeln!(out, "| {:<fault$} | {:<on$} | {:<result$} | {ok:<3} |", case.fault, case.engine, case.result)?;
        }
        writeln!(out, "\n{} held, {} did not", self.held(), self.0.len() - self.held())
    }
}

/// The page of the documentation, where the tables of these scripts take the place of those it had.
fn page(before: &str, tables: BTreeMap<String, String>) -> String {
    let kept = before.split("\n## ").skip(1).filter_map(|section| section.split_once('\n'));
    let mut all: BTreeMap<String, String> = kept.map(|(script, table)| (script.to_owned(), table.trim().to_owned() + "\n")).collect();
    all.extend(tables);
    let sections: String = all.iter().map(|(script, table)| ["\n## ", script, "\n\n", table].concat()).collect();
    format!(
        "# What was broken on purpose\n\nWhat the scripts of `cargo xtask faults` said (`--keep` writes this page): a development build, on one machine, each once. What each does, and how to run \
         it: [`tests.md`](tests.md); what an operator sees: [`operations.md`](operations.md).\n{sections}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(ok: bool) -> Case {
        heard("peers", &format!(r#"{{"fault":"Dovecot stopped","engine":"postgres","ok":{ok},"result":"said in 0.1 s"}}"#))
    }

    #[test]
    fn options_are_read_and_nonsense_is_refused() {
        assert_eq!(Wish::read(&[]), Ok(Wish::default()));
        assert_eq!(Wish::read(&["--only", "kills", "--json"]), Ok(Wish { only: Some("kills".into()), json: true, keep: false }));
        for wrong in [&["--only"][..], &["--fast"], &["kills"]] {
            assert!(Wish::read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_held_and_what_did_not_is_counted_and_aligned() {
        let cases = [case(true), case(false), heard("sends", "hello")];
        let said = Table(&cases).to_string();
        assert!(said.contains("| Dovecot stopped | postgres | said in 0.1 s                  | yes |"), "{said}");
        assert!(said.contains("it says what is no case: hello"), "{said}");
        assert!(said.ends_with("\n1 held, 2 did not\n"), "{said}");
    }

    #[test]
    fn a_script_run_again_takes_the_place_of_its_table_and_of_no_other() {
        let tables = |named: &[(&str, &str)]| named.iter().map(|(name, table)| ((*name).to_owned(), format!("{table}\n"))).collect();
        let first = page("", tables(&[("kills", "one"), ("peers", "two")]));
        let second = page(&first, tables(&[("kills", "three")]));
        assert_eq!(second, page("", tables(&[("kills", "three"), ("peers", "two")])));
        assert!(second.ends_with("\n## kills\n\nthree\n\n## peers\n\ntwo\n"), "{second}");
    }

    #[test]
    fn a_script_that_falls_or_tries_nothing_held_nothing() {
        assert_eq!(unsaid("peers", &[case(true)], true, "0"), None);
        assert_eq!(unsaid("peers", &[case(false)], false, "1"), None);
        assert!(unsaid("peers", &[case(true)], false, "1").is_some_and(|case| !case.ok));
        assert!(unsaid("peers", &[], true, "0").is_some_and(|case| !case.ok));
    }
}
