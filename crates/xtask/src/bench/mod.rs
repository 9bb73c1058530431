//! `cargo xtask bench`: how long, how heavy, each figure beside what it is compared with.
//!
//! It is no test: nothing passes or fails, and it says how busy the machine was. A part whose peer is not there is
//! named with the reason, and the others are measured.

mod accounts;
mod build;
mod crowd;
mod letters;
mod program;
mod table;
mod wire;

use crate::host::{self, Outcome};
use crate::needs::{self, Peer};
use build::Built;
use table::Table;

/// What is asked of a bench.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Wish {
    /// Clones and builds everything from nothing first.
    build: bool,
    /// The development build, to try the command itself.
    dev: bool,
    /// How many starts the median is taken of.
    runs: usize,
    /// How many letters the box of the mail server has.
    letters: usize,
    /// How many people are signed in, of whom at most 32 do something.
    people: usize,
}

impl Wish {
    /// Reads the words after `bench`.
    pub(crate) fn read(words: &[&str]) -> Outcome<Self> {
        let mut wish = Self { build: false, dev: false, runs: 9, letters: 10_000, people: 2000 };
        let mut rest = words;
        while let [option, more @ ..] = rest {
            rest = match (*option, more) {
                ("--build", _) => {
                    wish.build = true;
                    more
                }
                ("--dev", _) => {
                    wish.dev = true;
                    more
                }
                ("--runs", [number, after @ ..]) => {
                    wish.runs = at_least_one(number)?;
                    after
                }
                ("--letters", [number, after @ ..]) => {
                    wish.letters = at_least_one(number)?;
                    after
                }
                ("--people", [number, after @ ..]) => {
                    wish.people = at_least_one(number)?;
                    after
                }
                _ => return Err(format!("{option} is not understood: bench [--build | --dev] [--runs N] [--letters N] [--people N]")),
            };
        }
        if wish.build && wish.dev {
            return Err("--build builds what is released: it does not go with --dev".into());
        }
        Ok(wish)
    }
}

fn at_least_one(number: &str) -> Outcome<usize> {
    number.parse().ok().filter(|number| *number > 0).ok_or_else(|| format!("{number} is not a number from 1 on"))
}

/// Measures, and prints the table; whether everything could be measured.
pub(crate) fn run(wish: Wish) -> Outcome<bool> {
    let without = [Peer::Pdf, Peer::Deny];
    let ready = needs::prepare(&without);
    let mut table = Table::new(&machine(wish.dev));
    let built = if wish.build { Built::from_a_bare_clone(&mut table)? } else { Built::here(wish.dev)? };

    part(&mut table, "first page and memory of the demo", |table| program::demo(&built, wish.runs, table));
    part(&mut table, "whether time tells that an account exists", |table| accounts::measure(&built, table));
    needing(&ready, &[Peer::Chromium], "bytes on the wire", &mut table, |table| wire::measure(&ready.node, &built, table));
    needing(&ready, &[Peer::Chromium, Peer::Dovecot, Peer::Postfix], "memory of serve", &mut table, |table| {
        wire::serve(&ready.node, &built, table)
    });
    needing(&ready, &[Peer::Dovecot], "lists and letters beside raw IMAP", &mut table, |table| {
        letters::measure(&built, wish.letters, table)
    });
    needing(&ready, &[Peer::Postgres, Peer::Dovecot, Peer::Postfix], "many people at once", &mut table, |table| {
        crowd::measure(&ready.node, &built, wish.people, table)
    });
    table.end(&load());
    print!("{table}");
    Ok(table.is_whole())
}

/// Measures a part for which these peers are needed, or says which is not there.
fn needing(ready: &needs::Ready, peers: &[Peer], what: &str, table: &mut Table, measure: impl FnOnce(&mut Table) -> Outcome<()>) {
    let lacking: Vec<String> = ready
        .missing
        .iter()
        .filter(|(peer, _)| peers.contains(peer))
        .map(|(peer, reason)| format!("{} is not there: {reason}", peer.name()))
        .collect();
    if lacking.is_empty() {
        part(table, what, measure);
    } else {
        table.not_measured(what, &lacking.join("; "));
    }
}

fn part(table: &mut Table, what: &str, measure: impl FnOnce(&mut Table) -> Outcome<()>) {
    println!("── {what}");
    if let Err(reason) = measure(table) {
        table.not_measured(what, &reason);
    }
}

/// What the figures were taken on.
fn machine(dev: bool) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let told = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = told.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1_000_000;
    let commit = host::told("git", &["-C", &host::root().to_string_lossy(), "rev-parse", "--short", "HEAD"]).unwrap_or_default();
    let build = if dev { "development build, not to be quoted" } else { "released build" };
    format!("{build}; {cores} cores, {memory} GB; commit {commit}; load {} at the beginning", load())
}

/// How many programs wanted a core, over the last minute.
fn load() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split_whitespace().next().unwrap_or("unknown").to_owned()
}

/// The middle one.
fn median(mut values: Vec<f64>) -> Outcome<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().ok_or_else(|| "nothing was measured".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_nonsense_is_refused() {
        let plain = Wish { build: false, dev: false, runs: 9, letters: 10_000, people: 2000 };
        assert_eq!(Wish::read(&[]), Ok(plain));
        assert_eq!(Wish::read(&["--build", "--runs", "3"]), Ok(Wish { build: true, runs: 3, ..plain }));
        assert_eq!(Wish::read(&["--letters", "50", "--dev"]), Ok(Wish { dev: true, letters: 50, ..plain }));
        for wrong in [&["--runs"][..], &["--runs", "0"], &["--letters", "many"], &["--fast"], &["--dev", "--build"]] {
            assert!(Wish::read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_part_without_its_peer_is_named_and_the_others_go_on() {
        let ready = needs::Ready {
            peers: vec![Peer::Postgres],
            missing: vec![(Peer::Dovecot, "only root may install it".into())],
            node: "node".into(),
        };
        let mut table = Table::new("2 cores");
        needing(&ready, &[Peer::Dovecot], "letters", &mut table, |_| panic!("its peer is not there"));
        needing(&ready, &[Peer::Postgres], "the base", &mut table, |table| {
            table.row("a page", "ms", 2.0, "goal", 4.0);
            Ok(())
        });
        part(&mut table, "the browser", |_| Err("it fell".into()));
        let said = table.to_string();
        assert!(said.contains("NOT MEASURED: letters: dovecot is not there: only root may install it"), "{said}");
        assert!(said.contains("NOT MEASURED: the browser: it fell") && said.contains("a page"), "{said}");
        assert!(!table.is_whole());
    }

    #[test]
    fn the_middle_is_not_the_mean() {
        assert_eq!(median(vec![900.0, 1.0, 3.0]), Ok(3.0));
        assert!(median(Vec::new()).is_err());
    }
}
