//! Reads the translation files: nested keys, and the sentence of each with its line.

use std::collections::BTreeMap;

use super::{House, relative};
use crate::source;

/// The sentences of one crate: key → line and text.
pub(super) type Sentences = BTreeMap<String, (usize, String)>;

/// Every crate that speaks.
pub(super) fn translations(house: &House) -> BTreeMap<String, Sentences> {
    let files = source::files(&house.root.join("crates"), &["/locales/fr.yml", "fr.yml"]);
    files
        .iter()
        .filter(|path| path.to_string_lossy().ends_with("/locales/fr.yml"))
        .filter_map(|path| {
            let home = relative(&house.root, path).split('/').nth(1)?.to_owned();
            Some((home, sentences(&std::fs::read_to_string(path).ok()?)))
        })
        .collect()
}

/// The few shapes of YAML that translation files use: nested keys, texts bare or quoted, texts folded over lines.
fn sentences(yaml: &str) -> Sentences {
    let mut found = Sentences::new();
    let mut path: Vec<(usize, String)> = Vec::new();
    let mut folded: Option<(usize, String)> = None;
    for (number, line) in yaml.lines().enumerate() {
        let depth = line.len() - line.trim_start().len();
        let words = line.trim();
        if let Some((owner, key)) = &folded {
            if words.is_empty() || depth > *owner {
                if let Some((_, text)) = found.get_mut(key) {
                    text.push_str(words);
                    text.push('\n');
                }
                continue;
            }
            folded = None;
        }
        if words.is_empty() || words.starts_with('#') {
            continue;
        }
        let Some((name, value)) = words.split_once(':') else { continue };
        while path.last().is_some_and(|(above, _)| *above >= depth) {
            path.pop();
        }
        path.push((depth, name.trim_matches(['"', '\'']).to_owned()));
        let key = path.iter().map(|(_, part)| part.as_str()).collect::<Vec<_>>().join(".");
        let value = value.trim();
        if value.is_empty() || key == "_version" {
            continue;
        }
        if value.starts_with(['|', '>']) {
            found.insert(key.clone(), (number + 1, String::new()));
            folded = Some((depth, key));
        } else {
            found.insert(key, (number + 1, scalar(value)));
        }
    }
    found
}

fn scalar(value: &str) -> String {
    if let Some((inner, _)) = value.strip_prefix('"').and_then(|rest| rest.rsplit_once('"')) {
        return unescaped(inner);
    }
    if let Some(inner) = value.strip_prefix('\'').and_then(|rest| rest.rsplit_once('\'')).map(|(inner, _)| inner) {
        return inner.replace("''", "'");
    }
    value.split(" #").next().unwrap_or(value).trim().to_owned()
}

/// The escapes of YAML's double quotes that a translator may use: `\n`, `\_` (no-break space), `\xA0`, `\u00A0`.
fn unescaped(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        kept.push_str(before);
        let (sign, length) = match after.chars().next() {
            Some('x') => (code(after.get(1..3)), 3),
            Some('u') => (code(after.get(1..5)), 5),
            Some('n') => ('\n', 1),
            Some('_') => ('\u{a0}', 1),
            Some(other) => (other, other.len_utf8()),
            None => ('\\', 0),
        };
        kept.push(sign);
        rest = after.get(length..).unwrap_or_default();
    }
    kept + rest
}

fn code(digits: Option<&str>) -> char {
    digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32).unwrap_or('\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translation_files_are_read() {
        let yaml = "# Words.\n_version: 1\nframe:\n  skip: Aller au contenu\n  call: \"Appelez\\u00a0:\"\n  space:\n    of: 'l''écran'\nlong: >\n  one\n  two\nlast: bare # why\n";
        let found = sentences(yaml);
        let text = |key: &str| found[key].1.as_str();
        assert_eq!(found.len(), 5);
        assert_eq!(
            (text("frame.skip"), text("frame.call"), text("frame.space.of"), text("last")),
            ("Aller au contenu", "Appelez\u{a0}:", "l'écran", "bare")
        );
        assert_eq!((text("long"), found["frame.call"].0), ("one\ntwo\n", 5));
    }
}
