//! Reads Rust sources just enough for the rules of the house: words, signs and text literals, each with its line.
//!
//! Not a parser: comments are skipped, and so are lifetimes and numbers. Code kept for tests is recognised by the
//! attribute `#[cfg(test)]`: in this house the tests of a file are its last part.

mod reader;

use std::path::{Path, PathBuf};

use reader::Reader;

/// One piece of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Word(String),
    Text(String),
    Sign(char),
}

impl Token {
    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(own) if own == word)
    }

    pub(crate) fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            Kind::Word(_) | Kind::Sign(_) => None,
        }
    }
}

/// The pieces of a source.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    Reader::new(source).collect()
}

/// The pieces that are not tests: up to the first `#[cfg(test)]` on a module.
pub(crate) fn without_tests(tokens: &[Token]) -> &[Token] {
    let is_test_module = |window: &[Token]| {
        window[0].is_sign('#')
            && window[2].is_word("cfg")
            && window[4].is_word("test")
            && window[7].is_word("mod")
            && !window[9].is_sign(';')
    };
    let end = tokens.windows(10).position(is_test_module).unwrap_or(tokens.len());
    &tokens[..end]
}

/// Every file under `folder` whose name ends with one of `kinds`, sorted.
pub(crate) fn files(folder: &Path, kinds: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && name != "node_modules" {
            found.extend(files(&path, kinds));
        } else if kinds.iter().any(|kind| name.ends_with(kind)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// One call of a macro: where, and its arguments cut at the commas of the first level.
pub(crate) struct Call<'a> {
    pub(crate) line: usize,
    pub(crate) arguments: Vec<&'a [Token]>,
}

/// Every call of one of these macros.
pub(crate) fn calls<'a>(tokens: &'a [Token], names: &[&str]) -> Vec<Call<'a>> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Kind::Word(name) = &token.kind else { continue };
        let opens = tokens.get(at + 1).is_some_and(|next| next.is_sign('!')) && tokens.get(at + 2).is_some_and(|next| next.is_sign('('));
        if opens && names.contains(&name.as_str()) {
            found.push(Call { line: token.line, arguments: arguments(&tokens[at + 3..]) });
        }
    }
    found
}

/// Cuts what follows an opening parenthesis into arguments, up to its closing one.
fn arguments(tokens: &[Token]) -> Vec<&[Token]> {
    let mut cut = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']' | '}') if depth == 0 => {
                if at > start {
                    cut.push(&tokens[start..at]);
                }
                return cut;
            }
            Kind::Sign(')' | ']' | '}') => depth -= 1,
            Kind::Sign(',') if depth == 0 => {
                cut.push(&tokens[start..at]);
                start = at + 1;
            }
            Kind::Sign(_) | Kind::Word(_) | Kind::Text(_) => {}
        }
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        tokens(source).iter().filter_map(Token::text).map(str::to_owned).collect()
    }

    #[test]
    fn literals_are_read_as_the_compiler_reads_them() {
        assert_eq!(texts(r#"let a = "one \"two\" \u{e9}\n"; // "not this""#), ["one \"two\" é\n"]);
        assert_eq!(
            texts("r\"raw \\n\" r#\"with \"quotes\"\"# b\"bytes\" br\"raw bytes\""),
            ["raw \\n", "with \"quotes\"", "bytes", "raw bytes"]
        );
        assert_eq!(texts("/* \"no\" /* \"nested\" */ */ 'x' '\"' '\\'' &'a str \"yes\""), ["yes"]);
        assert_eq!(texts("\"joined \\\n      line\""), ["joined line"]);
    }

    #[test]
    fn a_call_gives_its_arguments_and_the_line_where_it_stands() {
        let tokens = tokens("fn f() {\n  fetch_one!(tx, (i64, Vec<u8>), \"select $1\", a.b(c, d))\n}");
        let calls = calls(&tokens, &["fetch_one"]);
        assert_eq!(calls.len(), 1);
        assert_eq!((calls[0].line, calls[0].arguments.len()), (2, 4));
        assert_eq!(calls[0].arguments[2][0].text(), Some("select $1"));
    }

    #[test]
    fn the_tests_of_a_file_are_left_out() {
        let all = tokens("fn f() { \"code\" }\n#[cfg(test)]\nmod tests { fn g() { \"test\" } }");
        let kept: Vec<_> = without_tests(&all).iter().filter_map(Token::text).collect();
        assert_eq!(kept, ["code"]);
    }
}
