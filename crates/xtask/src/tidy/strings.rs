//! The sentences of the pages: each is in a translation file, each is said somewhere, each is typeset in French.
//!
//! A crate speaks through `t!("key")` in its sources; templates through `say("key")`, either of a named crate
//! (`maincourante_shell::say`) or of the crate whose folder they are in. A key built with `format!` is a pattern:
//! `format!("act.{name}")` says every key of that shape.

use super::translations::translations;
use super::{Findings, House, Source, relative};
use crate::source::{self, Call, Token};

/// Someone who asks for a sentence.
struct Asked {
    place: String,
    home: String,
    key: String,
}

pub(super) fn missing(house: &House) -> Findings {
    let spoken = translations(house);
    let mut findings = Findings::new();
    for asked in asked(house) {
        let known = spoken.get(&asked.home).is_some_and(|sentences| sentences.keys().any(|key| fits(&asked.key, key)));
        if !known {
            findings.push(format!("{}: «{}» is not in crates/{}/locales/fr.yml", asked.place, asked.key, asked.home));
        }
    }
    findings
}

pub(super) fn unused(house: &House) -> Findings {
    let said = texts(house);
    let mut findings = Findings::new();
    for (home, sentences) in translations(house) {
        for (key, (line, _)) in sentences {
            let is_said = said.iter().any(|(place, text)| (place.is_empty() || *place == home) && fits(text, &key));
            if !is_said {
                findings.push(format!("crates/{home}/locales/fr.yml:{line}: nobody says «{key}»"));
            }
        }
    }
    findings
}

/// The alphabet of text messages (GSM 03.38) has neither no-break space nor curly apostrophe: one would double the price.
const WITHOUT_TYPE: &str = "sms";

pub(super) fn typography(house: &House) -> Findings {
    let mut findings = Findings::new();
    for (home, sentences) in translations(house).into_iter().filter(|(home, _)| home != WITHOUT_TYPE) {
        for (key, (line, text)) in sentences {
            findings.extend(faults(&text).into_iter().map(|fault| format!("crates/{home}/locales/fr.yml:{line}: {key}: {fault}")));
        }
    }
    findings
}

/// What a French typesetter would correct.
fn faults(text: &str) -> Vec<&'static str> {
    let mut faults = Vec::new();
    // `%{name}` is a place to fill, not a percentage.
    let text = &text.replace("%{", "{");
    if [" ?", " !", " :", " ;", " »", " %"].iter().any(|pair| text.contains(pair)) {
        faults.push("a plain space before ? ! : ; » or %");
    }
    if text.contains("« ") {
        faults.push("a plain space after «");
    }
    let signs: Vec<char> = text.chars().collect();
    let glued = signs.windows(2).any(|pair| matches!(pair[1], '?' | '!' | '»' | ';') && pair[0].is_alphanumeric());
    if glued {
        faults.push("no space before ? ! ; or »");
    }
    if signs.windows(2).any(|pair| pair[0] == '«' && pair[1] != '\u{a0}' && pair[1] != '\u{202f}' && pair[1] != ' ') {
        faults.push("no space after «");
    }
    if text.contains('\'') {
        faults.push("a straight apostrophe");
    }
    if text.contains("...") {
        faults.push("three dots for …");
    }
    faults
}

/// Whether a text, maybe with `{…}` in it, is this key.
fn fits(pattern: &str, key: &str) -> bool {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, next)) = after.split_once('}') else { break };
        parts.push(before);
        rest = next;
    }
    if parts.is_empty() {
        return pattern == key;
    }
    // A pattern of holes alone would say everything.
    if parts.iter().all(|part| part.is_empty()) && rest.is_empty() {
        return false;
    }
    let Some(mut left) = key.strip_prefix(parts[0]) else { return false };
    for part in parts.iter().skip(1).chain(std::iter::once(&rest)) {
        if part.is_empty() {
            left = "";
            continue;
        }
        let Some(at) = left.rfind(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.is_empty() || rest.is_empty()
}

/// Who asks, in sources (`t!`) and in templates (`say`).
fn asked(house: &House) -> Vec<Asked> {
    let mut all = Vec::new();
    for file in house.sources.iter().filter(|file| file.home != "xtask") {
        let calls = source::calls(file.code(), &["t"]);
        all.extend(calls.iter().filter_map(|call| {
            key_of(call).map(|key| Asked { place: format!("{}:{}", file.name, call.line), home: file.home.clone(), key })
        }));
        all.extend(spoken_words(&file.name, &file.home, file.code()));
    }
    for (name, home, tokens) in templates(house) {
        all.extend(spoken_words(&name, &home, &tokens));
    }
    all
}

/// The key of `t!("key", …)` or `t!(format!("pattern"))`.
fn key_of(call: &Call<'_>) -> Option<String> {
    let first = call.arguments.first()?;
    match first {
        [only] => only.text().map(str::to_owned),
        [name, sign, open, text, ..] if name.is_word("format") && sign.is_sign('!') && open.is_sign('(') => text.text().map(str::to_owned),
        _ => None,
    }
}

/// `say("key")`: of the crate named before it, else of one's own.
fn spoken_words(name: &str, home: &str, tokens: &[Token]) -> Vec<Asked> {
    let mut all = Vec::new();
    for (at, window) in tokens.windows(3).enumerate() {
        let Some(key) = window[2].text() else { continue };
        let verb = ["say", "say_with", "say_count"].iter().any(|verb| window[0].is_word(verb));
        if !verb || !window[1].is_sign('(') || !is_key(key) {
            continue;
        }
        let of = at.checked_sub(3).and_then(|before| match &tokens[before].kind {
            source::Kind::Word(word) => word.strip_prefix("maincourante_").map(str::to_owned),
            source::Kind::Text(_) | source::Kind::Sign(_) => None,
        });
        let home = of.unwrap_or_else(|| home.to_owned());
        all.push(Asked { place: format!("{name}:{}", window[2].line), home, key: key.to_owned() });
    }
    all
}

/// Others than we have a `say`: a key is words and dots.
fn is_key(text: &str) -> bool {
    text.contains('.') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._{}".contains(&byte))
}

/// Every text of the sources of a crate (its place is the crate), and of the templates (they may speak for any).
fn texts(house: &House) -> Vec<(String, String)> {
    let of_source = |file: &Source| -> Vec<(String, String)> {
        file.code().iter().filter_map(|token| token.text().map(|text| (file.home.clone(), text.to_owned()))).collect()
    };
    let mut all: Vec<(String, String)> = house.sources.iter().filter(|file| file.home != "xtask").flat_map(of_source).collect();
    for (_, _, tokens) in templates(house) {
        all.extend(tokens.iter().filter_map(|token| token.text().map(|text| (String::new(), text.to_owned()))));
    }
    // A crate may say the words of another: `maincourante_shell::say("field.new")`.
    for asked in house.sources.iter().filter(|file| file.home != "xtask").flat_map(|file| spoken_words(&file.name, &file.home, file.code()))
    {
        all.push((asked.home, asked.key));
    }
    all
}

/// The expressions of each template, and the crate its folder belongs to.
fn templates(house: &House) -> Vec<(String, String, Vec<Token>)> {
    let folder = house.root.join("templates");
    source::files(&folder, &[".html", ".txt"])
        .iter()
        .filter_map(|path| {
            let name = relative(&house.root, path);
            let home = match name.split('/').nth(1)? {
                "public" | "usager" => "usager",
                other => other,
            };
            let text = std::fs::read_to_string(path).ok()?;
            Some((name.clone(), home.to_owned(), source::tokens(&expressions(&text))))
        })
        .collect()
}

/// What is between `{{ }}` and `{% %}`, on the same lines as in the template.
fn expressions(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{']) {
        let (before, from) = rest.split_at(at);
        kept.extend(before.chars().filter(|sign| *sign == '\n'));
        let close = match from.get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            _ => {
                rest = &from[1..];
                continue;
            }
        };
        let Some(end) = from.find(close) else { break };
        kept.push_str(&from[2..end]);
        kept.push(' ');
        rest = &from[end + 2..];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_says_the_keys_of_its_shape() {
        assert!(fits("act.{name}", "act.signed") && fits("broken.{key}.title", "broken.away.title") && fits("a.b", "a.b"));
        assert!(
            !fits("act.{name}", "fact.signed")
                && !fits("broken.{key}.title", "broken.away.first")
                && !fits("a.b", "a.b.c")
                && !fits("{}", "a")
        );
    }

    #[test]
    fn french_is_looked_at_closely() {
        assert!(faults("Besoin d’aide\u{a0}? Oui. L’heure\u{a0}: 8\u{a0}h\u{a0}30. «\u{a0}Mot\u{a0}»").is_empty());
        for bad in ["Besoin ?", "Besoin?", "« Mot\u{a0}»", "«Mot\u{a0}»", "l'aide", "attendez...", "50 %"] {
            assert_eq!(faults(bad).len(), 1, "{bad}: {:?}", faults(bad));
        }
    }

    #[test]
    fn whoever_asks_is_heard() {
        let template =
            expressions("<p>{ {{ maincourante_shell::say(\"frame.skip\") }}\n{% if x %}{{ crate::say(\"open.title\") }}{% endif %}</p>");
        let asked = spoken_words("templates/usager/open.html", "usager", &source::tokens(&template));
        let heard: Vec<_> = asked.iter().map(|asked| (asked.home.as_str(), asked.key.as_str())).collect();
        assert_eq!(heard, [("shell", "frame.skip"), ("usager", "open.title")]);
        assert!(asked[1].place.ends_with(":2"));
    }
}
