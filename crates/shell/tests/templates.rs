//! What is true of every template of the house, whoever wrote it.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every page template, with its path; letters and papers for printing are not pages.
fn pages(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("the templates are there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "html") {
            found.push((path.clone(), fs::read_to_string(&path).expect("a template")));
        }
    }
}

#[test]
fn every_form_that_posts_carries_its_token() {
    let mut all = Vec::new();
    pages(&root().join("templates"), &mut all);
    let mut forms = 0;
    for (path, text) in all {
        for form in text.split("<form").skip(1) {
            let (head, rest) = form.split_once('>').expect("a form has a head");
            if !head.contains("post") || head.contains("/affichage") {
                continue;
            }
            forms += 1;
            let body = rest.split("</form>").next().unwrap_or_default();
            assert!(body.contains("shell.token()"), "{}: no token in <form{head}>", path.display());
        }
    }
    assert!(forms > 0, "there are forms");
}

#[test]
fn no_template_holds_what_the_policy_of_the_page_refuses() {
    let mut all = Vec::new();
    pages(&root().join("templates"), &mut all);
    for (path, text) in all {
        for refused in [" style=", "<style", " onclick=", "<script>", "javascript:", "|safe"] {
            assert!(!text.contains(refused), "{}: {refused}", path.display());
        }
    }
}

#[test]
fn every_sentence_that_the_frame_names_is_translated() {
    let mut sources = Vec::new();
    pages(&root().join("templates/shell"), &mut sources);
    let folders = ["crates/shell/src", "crates/shell/src/frame"].map(|folder| fs::read_dir(root().join(folder)).expect("the sources"));
    for entry in folders.into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            sources.push((path.clone(), fs::read_to_string(&path).expect("a source")));
        }
    }
    let mut keys = 0;
    for (path, text) in sources {
        for key in named(&text) {
            // Shown in a comment as an example of another crate's words.
            if ["menu.", "sign_in."].iter().any(|elsewhere| key.starts_with(elsewhere)) {
                continue;
            }
            keys += 1;
            let said = maincourante_shell::say(key);
            assert!(!said.is_empty() && !said.ends_with(key), "{}: {key} is not in fr.yml", path.display());
        }
    }
    assert!(keys > 30, "keys are found: {keys}");
}

#[test]
fn french_typography_holds_in_the_words_of_the_frame() {
    let words = fs::read_to_string(root().join("crates/shell/locales/fr.yml")).expect("the words");
    for line in words.lines().filter(|line| !line.starts_with('#')) {
        let said = line.split_once(": ").map_or("", |(_, said)| said);
        for (at, sign) in said.char_indices().filter(|(_, c)| ":;?!»".contains(*c)) {
            assert!(said[..at].ends_with('\u{a0}'), "no non-breaking space before {sign} in: {line}");
        }
        assert!(!said.contains('\''), "a straight apostrophe in: {line}");
    }
}

/// The keys in `say("…")` and `t!("…")`; `format!("…")` is no translation.
fn named(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    for call in ["say(\"", "t!(\""] {
        for (at, _) in text.match_indices(call) {
            if !text[..at].ends_with(char::is_alphanumeric) {
                keys.extend(text[at + call.len()..].split('"').next());
            }
        }
    }
    keys
}
