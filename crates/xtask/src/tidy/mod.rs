//! The rules of the house that a compiler does not know, each read from the files themselves.
//!
//! `cargo xtask tidy` prints what is wrong, with the place; the tests at the end say the same to `cargo test`.

mod arrows;
mod hops;
mod layout;
mod strings;
mod templates;
mod translations;
mod words;

use std::path::{Path, PathBuf};

use crate::host;
use crate::source::{self, Token};

/// What is wrong, and where: `crates/x/src/y.rs:12: why`.
pub(crate) type Findings = Vec<String>;

/// One rule: its name, and what looks for those who break it.
type Rule = (&'static str, fn(&House) -> Findings);

const RULES: &[Rule] = &[
    ("crates import only what lies to their right on the map", arrows::map),
    ("the console and the mandates have no path to the mailboxes", arrows::promise),
    ("what exists for tests is absent from the release", arrows::release),
    ("the tests compile nothing of others a second time", arrows::agreement),
    ("every source file says what it is for", layout::headers),
    ("lints are silenced one by one, with a reason", layout::silence),
    ("SQL lives in store.rs", layout::sql),
    ("every address is a door of the table", layout::doors),
    ("the SQL of an act is four files from its door, at most", hops::doors),
    ("migrations are twins", layout::twins),
    ("a page for each template, a template for each page", templates::pages),
    ("every sentence asked for is in the translation file", strings::missing),
    ("no sentence is kept that nobody says", strings::unused),
    ("French is typeset: no-break spaces, curly apostrophes", strings::typography),
    ("the repository speaks of the product alone", words::foreign),
];

/// The repository, read once.
pub(crate) struct House {
    pub(crate) root: PathBuf,
    pub(crate) sources: Vec<Source>,
}

/// A Rust file.
pub(crate) struct Source {
    /// From the root: `crates/kernel/src/lib.rs`.
    pub(crate) name: String,
    /// The folder of its crate: `kernel`.
    pub(crate) home: String,
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
}

impl Source {
    fn new(name: String, text: String) -> Self {
        let home = name.split('/').nth(1).unwrap_or_default().to_owned();
        let tokens = source::tokens(&text);
        Self { name, home, text, tokens }
    }

    /// Whether all of it exists for tests only.
    fn is_test(&self) -> bool {
        let parts: Vec<&str> = self.name.split('/').collect();
        parts.iter().any(|part| matches!(*part, "tests" | "tests.rs" | "testing" | "testing.rs" | "benches" | "examples"))
    }

    /// Its code that is not there for tests.
    fn code(&self) -> &[Token] {
        if self.is_test() { &[] } else { source::without_tests(&self.tokens) }
    }

    fn at(&self, line: usize, why: &str) -> String {
        format!("{}:{line}: {why}", self.name)
    }
}

impl House {
    pub(crate) fn read() -> Self {
        let root = host::root();
        let sources = source::files(&root.join("crates"), &[".rs"])
            .into_iter()
            .filter_map(|path| {
                let name = relative(&root, &path);
                std::fs::read_to_string(&path).ok().map(|text| Source::new(name, text))
            })
            .collect();
        Self { root, sources }
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let sources = files.iter().map(|(name, text)| Source::new((*name).to_owned(), (*text).to_owned())).collect();
        Self { root: PathBuf::from("/nonexistent"), sources }
    }
}

/// Prints what every rule finds; whether nothing is wrong.
pub(crate) fn print() -> bool {
    let house = House::read();
    let mut wrong = 0;
    for (name, rule) in RULES {
        let findings = rule(&house);
        println!("{} {name}", if findings.is_empty() { "ok " } else { "NOT" });
        for finding in &findings {
            println!("      {finding}");
        }
        wrong += findings.len();
    }
    wrong == 0
}

/// Whether SQL may stand in this file.
pub(crate) fn is_store(name: &str) -> bool {
    name.ends_with("/store.rs") || name.contains("/store/")
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn obey(name: &str) {
        let (_, rule) = RULES.iter().find(|(own, _)| *own == name).expect("a rule of this name");
        let findings = rule(&House::read());
        assert!(findings.is_empty(), "{name}:\n{}", findings.join("\n"));
    }

    /// One test a rule, so that a report names the rule that is broken.
    macro_rules! rules {
        ($($test:ident = $name:literal;)+) => {
            $(#[test] fn $test() { obey($name); })+
            #[test]
            fn every_rule_has_its_test() {
                let tested = [$($name),+];
                assert!(RULES.iter().map(|(name, _)| *name).eq(tested), "the tests below and the rules above differ");
            }
        };
    }

    rules! {
        arrows_follow_the_map = "crates import only what lies to their right on the map";
        no_path_to_the_mailboxes = "the console and the mandates have no path to the mailboxes";
        nothing_for_tests_is_released = "what exists for tests is absent from the release";
        nothing_is_compiled_twice = "the tests compile nothing of others a second time";
        files_have_headers = "every source file says what it is for";
        silence_has_a_reason = "lints are silenced one by one, with a reason";
        sql_is_in_stores = "SQL lives in store.rs";
        addresses_are_doors = "every address is a door of the table";
        sql_is_near_its_door = "the SQL of an act is four files from its door, at most";
        migrations_are_twins = "migrations are twins";
        templates_and_pages_match = "a page for each template, a template for each page";
        no_sentence_is_missing = "every sentence asked for is in the translation file";
        no_sentence_is_unused = "no sentence is kept that nobody says";
        french_is_typeset = "French is typeset: no-break spaces, curly apostrophes";
        only_the_product = "the repository speaks of the product alone";
    }
}
