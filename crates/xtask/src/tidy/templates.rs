//! A page names its template, and a template is named by a page or by another template.

use std::collections::BTreeSet;

use super::{Findings, House, relative};
use crate::source::{self, Kind, Token};

/// Templates that nobody shows, and pages whose template is not there. Templates for paper are Typst's and paper's own.
pub(super) fn pages(house: &House) -> Findings {
    let folder = house.root.join("templates");
    let there: BTreeSet<String> = source::files(&folder, &[".html", ".txt"]).iter().map(|path| relative(&folder, path)).collect();
    let mut findings = Findings::new();
    let mut named = BTreeSet::new();
    for file in &house.sources {
        for (line, path) in declared(&file.tokens) {
            if !there.contains(path) {
                findings.push(file.at(line, &format!("its template {path} is not there")));
            }
            named.insert(path.to_owned());
        }
    }
    for path in &there {
        let text = std::fs::read_to_string(folder.join(path)).unwrap_or_default();
        for used in inserted(&text) {
            if !there.contains(used) {
                findings.push(format!("templates/{path}: {used} is not there"));
            }
            named.insert(used.to_owned());
        }
    }
    findings.extend(there.difference(&named).map(|path| format!("templates/{path}: no page shows it")));
    findings
}

/// The paths of `#[template(path = "…")]`.
fn declared(tokens: &[Token]) -> Vec<(usize, &str)> {
    let path = |window: &[Token]| match (&window[0].kind, &window[1].kind, &window[2].kind) {
        (Kind::Word(word), Kind::Sign('='), Kind::Text(_)) => word == "path",
        _ => false,
    };
    let shows = |at: usize| tokens[at.saturating_sub(6)..at].iter().any(|token| token.is_word("template"));
    let windows = tokens.windows(3).enumerate().filter(|(at, window)| path(window) && shows(*at));
    windows.filter_map(|(_, window)| window[2].text().map(|text| (window[2].line, text))).collect()
}

/// What a template extends, includes or imports.
fn inserted(text: &str) -> Vec<&str> {
    let tags = text.split("{%").skip(1).filter_map(|rest| rest.split("%}").next());
    tags.filter_map(|tag| {
        let words = tag.trim_start_matches(['-', '+', '~']).trim();
        let rest = ["extends ", "include ", "import "].iter().find_map(|verb| words.strip_prefix(verb))?;
        rest.trim().strip_prefix('"')?.split('"').next()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_templates_are_read() {
        let tokens =
            source::tokens("#[derive(Template)]\n#[template(path = \"usager/a.html\")]\nstruct Page;\n#[path = \"elsewhere.rs\"] mod m;");
        assert_eq!(declared(&tokens), [(2, "usager/a.html")]);
        assert_eq!(
            inserted("{% extends \"shell/base.html\" %}{%- include \"x.html\" -%}{% import \"m.html\" as ui %}{{ \"no.html\" }}"),
            ["shell/base.html", "x.html", "m.html"]
        );
    }

    #[test]
    fn a_page_without_its_template_is_found() {
        let house = House::of(&[("crates/x/src/page.rs", "//! A page.\n#[template(path = \"gone.html\")]\nstruct Page;")]);
        assert_eq!(pages(&house), ["crates/x/src/page.rs:2: its template gone.html is not there"]);
    }
}
