//! What is committed speaks of the product: no path of the machine it was written on, no address of a registry.

use super::{Findings, House};
use crate::host;

/// In two halves, so that this file does not accuse itself.
const FOREIGN: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    ("../sha", "red"),
    ("mock", "ups"),
    ("registry.npm", "js.org"),
    ("static.crates", ".io"),
    ("index.crates", ".io"),
    ("deb.debian", ".org"),
    ("files.python", "hosted.org"),
];

pub(super) fn foreign(house: &House) -> Findings {
    // What git knows, and what it would take: a file is judged before it is committed.
    let listed = host::quietly(
        host::command("git", &["-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(&house.root),
    );
    let listed = match listed {
        Ok(listed) => listed,
        Err(sentence) => return vec![sentence],
    };
    let mut findings = Findings::new();
    for name in listed.lines() {
        let Ok(text) = std::fs::read_to_string(house.root.join(name)) else { continue };
        findings.extend(in_text(name, &text));
    }
    findings
}

fn in_text(name: &str, text: &str) -> Findings {
    let words: Vec<String> = FOREIGN.iter().map(|(first, second)| format!("{first}{second}")).collect();
    let mut findings = Findings::new();
    for (number, line) in text.lines().enumerate() {
        findings.extend(words.iter().filter(|word| line.contains(word.as_str())).map(|word| format!("{name}:{}: «{word}»", number + 1)));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_this_machine_is_found() {
        let text = format!("fine\nsee {}{}main", FOREIGN[0].0, FOREIGN[0].1);
        assert_eq!(in_text("a.md", &text).len(), 1);
        assert_eq!(in_text("a.md", "a network / a work of art").len(), 0);
    }
}
