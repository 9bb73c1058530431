//! The commands of the house: `cargo xtask test` runs what the integration server runs; its sisters serve development.

mod bench;
mod faults;
mod host;
mod needs;
mod peers;
mod report;
mod show;
mod source;
mod suite;
mod tidy;

#[cfg(test)]
mod proofs;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod statements;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use host::Outcome;
use needs::Peer;
use peers::{Depth, Wish};

const HELP: &str = "\
cargo xtask test [--without PEER]…    everything, as the integration server runs it; PEER: postgres, dovecot, postfix, pdf, deny, chromium
cargo xtask bench [--build | --dev] [--runs N] [--letters N]
                                      times, memory, bytes on the wire, each beside what it is compared with;
                                      --build: from a bare clone first, which is long; --dev: to try this command
cargo xtask faults [--only NAME] [--json] [--keep]
                                      breaks what can break and says what became of it; NAME: a script of tests/e2e/faults;
                                      --keep: the table is also written to docs/faults.md
cargo xtask show [--only WORD,WORD] [--out DIR] [--without-script]
                                      every state of every page, drawn and looked at in seven ways; long; WORD: in a page, a state, a
                                      chapter or a person's name; DIR: where the pictures and the contact sheets are put
cargo xtask tidy                      the rules of the house alone
cargo xtask peers up DIR [--only postgres|dovecot] [--people NAME,NAME] [--issuer URL]
                                      starts the real peers in DIR and prints where they are (JSON);
                                      with people: migrated, one account each; without: an empty base
cargo xtask peers grant DIR           after `maincourante migrate`: lets the mail servers read their views
cargo xtask peers run DIR …           the same as up, on one line, until its input is closed; then DIR is removed
cargo xtask peers down DIR            stops them; DIR can then be removed
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test", rest @ ..] => without(rest).and_then(|without| suite::run(&without)),
        ["bench", rest @ ..] => bench::Wish::read(rest).and_then(bench::run),
        ["faults", rest @ ..] => faults::Wish::read(rest).and_then(|wish| faults::run(&wish)),
        ["show", rest @ ..] => show::Wish::read(rest).and_then(|wish| show::run(&wish)),
        ["tidy"] => Ok(tidy::print()),
        ["peers", "up", dir, rest @ ..] => wish(dir, rest).and_then(|wish| up(&wish)).map(|()| true),
        ["peers", "grant", dir] => peers::grant(Path::new(dir)).map(|()| true),
        ["peers", "down", dir] => peers::down(Path::new(dir)).map(|()| true),
        ["peers", "run", dir, rest @ ..] => wish(dir, rest).and_then(|wish| peers::run(&wish)).map(|()| true),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(true)
        }
        _ => Err(format!("this is not a command of the house\n{HELP}")),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

fn without(words: &[&str]) -> Outcome<Vec<Peer>> {
    let mut peers = Vec::new();
    let mut rest = words;
    while let [option, more @ ..] = rest {
        let (name, after) = match option.strip_prefix("--without=") {
            Some(name) => (name, more),
            None if *option == "--without" && !more.is_empty() => (more[0], &more[1..]),
            None => return Err(format!("{option} is not understood\n{HELP}")),
        };
        let peer = Peer::ALL.into_iter().find(|peer| peer.name() == name).ok_or_else(|| format!("{name} is not a peer\n{HELP}"))?;
        peers.push(peer);
        rest = after;
    }
    Ok(peers)
}

fn wish(dir: &str, words: &[&str]) -> Outcome<Wish> {
    let mut wish =
        Wish { dir: PathBuf::from(dir), depth: Depth::Postfix, issuer: format!("https://{}", peers::DOMAIN), people: Vec::new() };
    for pair in words.chunks(2) {
        match *pair {
            ["--only", "postgres"] => wish.depth = Depth::Postgres,
            ["--only", "dovecot"] => wish.depth = Depth::Dovecot,
            ["--issuer", url] => url.clone_into(&mut wish.issuer),
            ["--people", names] if names.split(',').all(is_local_part) => wish.people = names.split(',').map(str::to_owned).collect(),
            _ => return Err(format!("{} is not understood\n{HELP}", pair.join(" "))),
        }
    }
    Ok(wish)
}

fn is_local_part(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-')
}

fn up(wish: &Wish) -> Outcome<()> {
    let stack = peers::up(wish).inspect_err(|_| drop(peers::down(&wish.dir)))?;
    println!("{stack:#}");
    Ok(())
}
