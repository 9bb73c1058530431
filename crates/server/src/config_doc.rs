//! `docs/configuration.md`, kept true: what it says of each field is the comment of that field in `config.rs`, and its
//! example is a configuration that the program accepts.
//!
//! A page that differs is written anew, and the test fails: read it, and commit it with the change that made it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::config::Config;

/// Above, the page is written by people; below, by this file.
const MARK: &str = "<!-- Below, written from the comments of crates/server/src/config.rs by its test. -->\n";

/// A struct or an enum of the configuration.
#[derive(Default)]
struct Shape {
    all_optional: bool,
    members: Vec<Member>,
}

/// A field, or a variant.
struct Member {
    name: String,
    kind: String,
    comment: String,
    optional: bool,
}

#[test]
fn the_page_says_what_the_comments_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let page = std::fs::read_to_string(&path).expect("docs/configuration.md");
    let (by_people, _) = page.split_once(MARK).expect("the page has its mark");
    let example = by_people.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the page has an example");
    accept(example);
    let fields = fields(&shapes(include_str!("config.rs")), &defaults(&left_out(example)));
    assert!(fields.contains("| `keys.vault` |"), "the reader of comments is blind: {fields}");

    let anew = format!("{by_people}{MARK}{fields}");
    if anew != page {
        std::fs::write(&path, anew).expect("docs/configuration.md is written");
        panic!("docs/configuration.md differed and was written anew: read it, and commit it");
    }
}

/// The example, read and judged as the program does with a file.
fn accept(example: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("maincourante.toml");
    std::fs::write(&file, example).expect("the example is written");
    Config::read(&file).expect("the program accepts the example");
}

/// The example without the one word that it must say and that has a value of its own: not judged.
fn left_out(example: &str) -> Config {
    let (before, after) = example.split_once("training = true\n").expect("the example is of a sandbox: there is no other gateway");
    toml::from_str(&format!("{before}{after}")).expect("the example is read")
}

/// What a field is when the file does not say: the example leaves out all that may be.
fn defaults(config: &Config) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("service.training", config.service.training.to_string()),
        ("web.listen", config.web.listen.to_string()),
        ("web.proxies", format!("{:?}", config.web.proxies)),
        ("database.file", "either this".to_owned()),
        ("database.postgres_url_file", "or this".to_owned()),
        ("journal.every_minutes", config.journal.every_minutes.to_string()),
        ("mail.imap.tls", config.mail.imap.tls.to_string()),
        ("mail.submission.tls", config.mail.submission.tls.to_string()),
        ("mail.undo_seconds", config.mail.undo_seconds.to_string()),
    ])
}

fn fields(shapes: &BTreeMap<String, Shape>, defaults: &BTreeMap<&str, String>) -> String {
    let mut page = String::new();
    for section in &shapes["Config"].members {
        writeln!(page, "\n## `[{}]`\n\n{}\n\n| field | if left out | what it is |\n| --- | --- | --- |", section.name, section.comment)
            .expect("a text");
        rows(&mut page, shapes, defaults, &section.name, &section.kind);
    }
    page
}

fn rows(page: &mut String, shapes: &BTreeMap<String, Shape>, defaults: &BTreeMap<&str, String>, path: &str, kind: &str) {
    let shape = &shapes[kind];
    for member in &shape.members {
        let name = format!("{path}.{}", member.name);
        match shapes.get(&member.kind) {
            Some(inner) if !inner.members.iter().all(|variant| variant.kind.is_empty()) => {
                rows(page, shapes, defaults, &name, &member.kind);
            }
            choices => {
                let left_out = match (shape.all_optional || member.optional, defaults.get(name.as_str())) {
                    (false, _) => "required",
                    (true, default) => default.unwrap_or_else(|| panic!("what is {name} when it is left out?")),
                };
                let variants = choices.into_iter().flat_map(|shape| &shape.members);
                let comment = variants.fold(member.comment.clone(), |all, one| all + &format!(" `{}`: {}", snake(&one.name), one.comment));
                writeln!(page, "| `{name}` | {left_out} | {comment} |").expect("a text");
            }
        }
    }
}

/// The word of a variant in the file: `HttpGateway` is `http_gateway`.
fn snake(name: &str) -> String {
    let word = |(at, letter): (usize, char)| if letter.is_uppercase() && at > 0 { format!("_{letter}") } else { letter.to_string() };
    name.char_indices().map(word).collect::<String>().to_lowercase()
}

/// The structs and enums of a source that serde reads, as far as the layout of `config.rs` goes.
fn shapes(source: &str) -> BTreeMap<String, Shape> {
    let mut shapes = BTreeMap::new();
    let mut open: Option<(String, Shape)> = None;
    let (mut comment, mut attributes) = (Vec::new(), String::new());
    for line in source.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("/// ") {
            comment.push(words);
            continue;
        }
        if line.starts_with("#[") {
            attributes += line;
            continue;
        }
        let said = comment.join(" ");
        let may_be_left_out = attributes.contains("default");
        let name = line.strip_prefix("pub(crate) struct ").or_else(|| line.strip_prefix("pub(crate) enum "));
        match (&mut open, name.and_then(|rest| rest.strip_suffix(" {"))) {
            (None, Some(name)) if attributes.contains("Deserialize") => {
                open = Some((name.to_owned(), Shape { all_optional: may_be_left_out, members: Vec::new() }));
            }
            (Some(_), _) if line == "}" => shapes.extend(open.take()),
            (Some((_, shape)), _) => {
                let member = line.trim_start_matches("pub ").trim_end_matches(',');
                let (name, kind) = member.split_once(": ").unwrap_or((member, ""));
                let optional = may_be_left_out || kind.starts_with("Option<");
                shape.members.push(Member { name: name.to_owned(), kind: kind.to_owned(), comment: said, optional });
            }
            (None, _) => {}
        }
        comment.clear();
        attributes.clear();
    }
    shapes
}
