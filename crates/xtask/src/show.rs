//! `cargo xtask show`: every state of every page, drawn on a phone and at a desk and looked at in the seven ways a page is shown.
//!
//! The script `tests/e2e/show.mjs` does it, prints its table and says whether anything is wrong; here the program is built and its
//! surroundings are given.

use std::env;
use std::path::PathBuf;

use crate::host::{self, Outcome, said};
use crate::needs::{self, Peer};
use crate::suite;

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Wish {
    /// The states whose page, name or person hold this word.
    only: Option<String>,
    /// Where the pictures are put; what was there goes.
    out: Option<PathBuf>,
    /// The browser runs no script.
    without_script: bool,
}

impl Wish {
    pub(crate) fn read(words: &[&str]) -> Outcome<Self> {
        let mut wish = Self::default();
        let mut rest = words;
        loop {
            rest = match rest {
                [] => return Ok(wish),
                ["--without-script", more @ ..] => {
                    wish.without_script = true;
                    more
                }
                ["--only", word, more @ ..] => {
                    wish.only = Some((*word).to_owned());
                    more
                }
                ["--out", folder, more @ ..] => {
                    wish.out = Some(PathBuf::from(folder));
                    more
                }
                [other, ..] => return Err(format!("{other} is not understood")),
            };
        }
    }

    fn arguments(&self) -> Vec<&str> {
        let only = self.only.as_deref().map(|word| ["--only", word]);
        only.into_iter().flatten().chain(self.without_script.then_some("--without-script")).collect()
    }
}

/// Shows everything, or what is asked for; whether nothing is wrong.
pub(crate) fn run(wish: &Wish) -> Outcome<bool> {
    let beside: Vec<Peer> = Peer::ALL.into_iter().filter(|peer| *peer != Peer::Chromium).collect();
    let ready = needs::prepare(&beside);
    if let Some((peer, reason)) = ready.missing.first() {
        return Err(format!("{} is not there: {reason}", peer.name()));
    }
    eprintln!("── building");
    suite::build()?;
    let program = suite::kept()?;
    let out = match &wish.out {
        Some(folder) => env::current_dir().map_err(said("the current folder"))?.join(folder),
        None => suite::target()?.join("show"),
    };
    let mut command = host::command(&ready.node.to_string_lossy(), &["show.mjs"]);
    command
        .args(wish.arguments())
        .current_dir(host::root().join("tests/e2e"))
        .env("RUST_BACKTRACE", "0")
        .env("MAINCOURANTE_BIN", program.path().join(suite::PROGRAM))
        .env("MAINCOURANTE_XTASK", host::own_program()?)
        .env("MAINCOURANTE_E2E_OUT", out);
    Ok(command.status().map_err(said("show.mjs"))?.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_nonsense_is_refused() {
        let wish = Wish::read(&["--only", "messages", "--out", "/tmp/x", "--without-script"]);
        assert_eq!(wish, Ok(Wish { only: Some("messages".into()), out: Some("/tmp/x".into()), without_script: true }));
        assert_eq!(wish.map(|wish| wish.arguments().join(" ")), Ok("--only messages --without-script".into()));
        assert_eq!(Wish::read(&[]).map(|wish| wish.arguments().len()), Ok(0));
        for wrong in [&["--only"][..], &["--out"], &["messages"]] {
            assert!(Wish::read(wrong).is_err(), "{wrong:?}");
        }
    }
}
