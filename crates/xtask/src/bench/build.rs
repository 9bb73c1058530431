//! What is measured: the program as released, built here or from a bare clone.
//!
//! A bare clone gets a target folder of its own, the only one besides cargo's usual one, and it goes with the clone.

use std::path::PathBuf;
use std::time::Instant;

use super::program::Started;
use super::table::Table;
use crate::host::{self, Outcome, Scratch};
use crate::suite;

/// Within this many minutes a bare clone shows its first page, on two cores.
const GOAL_MINUTES: f64 = 20.0;

/// Where the program to measure is.
pub(crate) struct Built {
    /// The program.
    pub(crate) program: PathBuf,
    source: PathBuf,
    target: PathBuf,
    profile: &'static str,
    clone: Option<Scratch>,
}

impl Built {
    /// What this tree builds, where cargo usually builds.
    pub(crate) fn here(dev: bool) -> Outcome<Self> {
        let (profile, folder) = if dev { ("dev", "debug") } else { ("release", "release") };
        let target = suite::target()?;
        let built = Self { program: target.join(folder).join("maincourante"), source: host::root(), target, profile, clone: None };
        println!("── build ({profile})");
        built.cargo(&["-p", "maincourante"])?;
        Ok(built)
    }

    /// Clones what is committed, builds it as the first command of the README does, and starts it.
    pub(crate) fn from_a_bare_clone(table: &mut Table) -> Outcome<Self> {
        println!("── build, from a bare clone");
        let clone = Scratch::make(&std::env::temp_dir(), "clone")?;
        let source = clone.path().join("maincourante");
        host::run("git", &["clone", "--quiet", &host::root().to_string_lossy(), &source.to_string_lossy()])?;
        let target = source.join("target");
        // The network is not ours to measure.
        host::quietly(host::command("cargo", &["fetch", "--locked", "--quiet"]).current_dir(&source))?;
        let began = Instant::now();
        let program = target.join("release/maincourante");
        let built = Self { program, source, target, profile: "release", clone: Some(clone) };
        built.cargo(&[])?;
        let compiled = began.elapsed().as_secs_f64() / 60.0;
        drop(Started::demo(&built.program, &built.scratch("first"))?);
        let shown = began.elapsed().as_secs_f64() / 60.0;
        table.row("bare clone to the first page of the demo", "min", shown, "goal", GOAL_MINUTES);
        table.row("  of which the compiler", "min", compiled, "the whole", shown);
        Ok(built)
    }

    /// The example of a crate that times what it does. Cargo puts all examples into one folder: their names differ.
    pub(crate) fn example(&self, package: &str, name: &str) -> Outcome<PathBuf> {
        self.cargo(&["-p", package, "--example", name])?;
        let folder = self.program.parent().unwrap_or(&self.target);
        Ok(folder.join("examples").join(name))
    }

    /// A folder for a world that nobody keeps.
    pub(crate) fn scratch(&self, name: &str) -> Scratch {
        let folder = self.clone.as_ref().map_or_else(std::env::temp_dir, |clone| clone.path().to_owned());
        Scratch::under(&folder, name)
    }

    fn cargo(&self, what: &[&str]) -> Outcome<()> {
        let args = [&["build", "--locked", "--quiet", "--profile", self.profile], what].concat();
        host::quietly(host::command("cargo", &args).current_dir(&self.source).env("CARGO_TARGET_DIR", &self.target)).map(drop)
    }
}
