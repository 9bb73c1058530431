//! Where things stand: headers on files, SQL in stores, migrations in pairs.

use std::collections::BTreeSet;

use super::{Findings, House, Source, is_store};

/// Every file opens with a sentence.
pub(super) fn headers(house: &House) -> Findings {
    let bare = |file: &&Source| !file.text.starts_with("//! ") && !file.name.contains("/tests/compile_fail/");
    house.sources.iter().filter(bare).map(|file| file.at(1, "opens without saying what it is for (//! …)")).collect()
}

/// SQL in a `store.rs`, in `store/`, or in the plumbing of the kernel. Tests may tamper with rows as an intruder would.
pub(super) fn sql(house: &House) -> Findings {
    let mut findings = Findings::new();
    for file in &house.sources {
        if is_store(&file.name) || file.name.starts_with("crates/kernel/src/db/") || file.home == "xtask" {
            continue;
        }
        let texts = file.code().iter().filter_map(|token| token.text().map(|text| (token.line, text)));
        findings.extend(texts.filter(|(_, text)| is_sql(text)).map(|(line, _)| file.at(line, "SQL outside store.rs")));
    }
    findings
}

fn is_sql(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["select", .., _] => words.contains(&"from"),
        ["insert", "into", ..]
        | ["delete", "from", ..]
        | ["update", _, "set", ..]
        | ["create" | "drop" | "alter", "table" | "view" | "index" | "trigger", ..] => true,
        ["with", _, "as", next, ..] => next.starts_with('('),
        _ => false,
    }
}

/// A lint is silenced on one item by `expect`, which complains when it is no longer needed, and says why.
pub(super) fn silence(house: &House) -> Findings {
    let mut findings = Findings::new();
    for file in &house.sources {
        for (at, window) in file.tokens.windows(3).enumerate() {
            let opens = window[0].is_sign('[') && window[2].is_sign('(') && at > 0;
            if opens && window[1].is_word("allow") {
                findings.push(file.at(window[1].line, "a lint is silenced by `expect` with a reason, not by `allow`"));
            }
            if opens && window[1].is_word("expect") {
                let end = file.tokens[at..].iter().position(|token| token.is_sign(']')).map_or(file.tokens.len(), |end| at + end);
                if !file.tokens[at..end].iter().any(|token| token.is_word("reason")) {
                    findings.push(file.at(window[1].line, "a lint is silenced without a reason"));
                }
            }
        }
    }
    findings
}

/// A route is added by `Doors` alone, so that the table of doors tells them all.
pub(super) fn doors(house: &House) -> Findings {
    let mut findings = Findings::new();
    for file in house.sources.iter().filter(|file| file.name != "crates/shell/src/doors.rs" && file.home != "xtask") {
        for window in file.code().windows(3) {
            let adds = window[1].is_word("route") || window[1].is_word("route_service") || window[1].is_word("nest_service");
            if window[0].is_sign('.') && adds && window[2].is_sign('(') {
                findings.push(file.at(window[1].line, "an address that the table of doors does not tell: declare it with Doors"));
            }
        }
    }
    findings
}

/// The two folders hold the same names, and no number serves twice.
pub(super) fn twins(house: &House) -> Findings {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = std::fs::read_dir(house.root.join("migrations").join(engine));
        folder
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|kind| kind == "sql"))
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    };
    pairs(&names("sqlite"), &names("postgres"))
}

fn pairs(sqlite: &BTreeSet<String>, postgres: &BTreeSet<String>) -> Findings {
    if sqlite.is_empty() {
        return vec!["migrations/sqlite: no migration was found".into()];
    }
    let mut findings: Findings =
        sqlite.symmetric_difference(postgres).map(|name| format!("migrations/*/{name}: its twin is missing")).collect();
    let mut numbers = BTreeSet::new();
    for name in sqlite {
        let number = name.split('_').next().unwrap_or_default();
        if number.len() != 4 || !numbers.insert(number) {
            findings.push(format!("migrations/*/{name}: its number is not of its own"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_and_a_file_without_header_are_found() {
        let house = House::of(&[
            (
                "crates/x/src/page.rs",
                "//! A page.\nfn f() { q(\"select a\n from b\"); q(\"Select from the list\") }\n#[cfg(test)]\nmod tests { const S: &str = \"delete from b\"; }",
            ),
            ("crates/x/src/store.rs", "//! SQL.\nconst S: &str = \"select a from b\";"),
            ("crates/x/src/bare.rs", "fn f() {}"),
        ]);
        assert_eq!(sql(&house), ["crates/x/src/page.rs:2: SQL outside store.rs", "crates/x/src/page.rs:3: SQL outside store.rs"]);
        assert_eq!(headers(&house).len(), 1);
        assert!(is_sql("update job set a = 1") && !is_sql("Update your phone") && is_sql("create table x (a)"));
    }

    #[test]
    fn an_address_outside_the_table_of_doors_is_found() {
        let source = "//! Pages.\nfn f() { Router::new().route(\"/x\", get(x)); self.route; Doors::of(S).get(\"/y\", y) }\n\
                      #[cfg(test)]\nmod tests { fn f() { r.route(\"/z\", z) } }";
        let files = [("crates/x/src/lib.rs", source), ("crates/shell/src/doors.rs", source)];
        assert_eq!(doors(&House::of(&files)).len(), 1, "{:?}", doors(&House::of(&files)));
    }

    #[test]
    fn a_lint_silenced_without_reason_is_found() {
        let source = "//! A file.\n#[expect(dead_code, reason = \"soon\")]\nfn f() {}\n#[expect(dead_code)]\nfn g() {}\n#![allow(dead_code)]\nfn h() { x.expect(\"y\") }";
        let found = silence(&House::of(&[("crates/x/src/lib.rs", source)]));
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn a_migration_without_its_twin_is_found() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(pairs(&set(&["0001_a.sql", "0002_b.sql"]), &set(&["0001_a.sql"])).len(), 1);
        assert_eq!(pairs(&set(&["0001_a.sql", "0001_b.sql"]), &set(&["0001_a.sql", "0001_b.sql"])).len(), 1);
        assert_eq!(pairs(&set(&["0001_a.sql"]), &set(&["0001_a.sql"])).len(), 0);
    }
}
