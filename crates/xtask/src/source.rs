//! Reads Rust sources just enough for the rules of the house: words, signs and text literals, each with its line.
//!
//! Not a parser: comments are skipped, and so are lifetimes and numbers. Code kept for tests is recognised by the
//! attribute `#[cfg(test)]`: in this house the tests of a file are its last part.

use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::str::CharIndices;

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
    let mut reader = Reader { source, chars: source.char_indices().peekable(), line: 1 };
    let mut found = Vec::new();
    while let Some(token) = reader.next_token() {
        found.push(token);
    }
    found
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

struct Reader<'a> {
    source: &'a str,
    chars: Peekable<CharIndices<'a>>,
    line: usize,
}

impl Reader<'_> {
    fn bump(&mut self) -> Option<(usize, char)> {
        let next = self.chars.next();
        if let Some((_, '\n')) = next {
            self.line += 1;
        }
        next
    }

    fn rest(&mut self) -> &str {
        let at = self.chars.peek().map_or(self.source.len(), |(at, _)| *at);
        &self.source[at..]
    }

    fn next_token(&mut self) -> Option<Token> {
        loop {
            let line = self.line;
            let (at, sign) = self.bump()?;
            let kind = match sign {
                '/' if self.rest().starts_with('/') => {
                    while self.chars.peek().is_some_and(|(_, next)| *next != '\n') {
                        self.bump();
                    }
                    continue;
                }
                '/' if self.rest().starts_with('*') => {
                    self.skip_block_comment();
                    continue;
                }
                '"' => Kind::Text(self.quoted()),
                'r' | 'b' | 'c' if self.opens_text() => Kind::Text(self.prefixed(sign)),
                '\'' => {
                    self.skip_character_or_lifetime();
                    continue;
                }
                sign if sign.is_alphabetic() || sign == '_' => Kind::Word(self.word(at)),
                sign if sign.is_ascii_digit() => {
                    self.word(at);
                    continue;
                }
                sign if sign.is_whitespace() => continue,
                sign => Kind::Sign(sign),
            };
            return Some(Token { line, kind });
        }
    }

    fn word(&mut self, start: usize) -> String {
        while self.chars.peek().is_some_and(|(_, next)| next.is_alphanumeric() || *next == '_') {
            self.bump();
        }
        let end = self.chars.peek().map_or(self.source.len(), |(at, _)| *at);
        self.source[start..end].to_owned()
    }

    /// After `r`, `b` or `c`: whether a text follows (`r"`, `r#"`, `b"`, `br#"`).
    fn opens_text(&mut self) -> bool {
        let rest = self.rest();
        rest.strip_prefix('r').unwrap_or(rest).trim_start_matches('#').starts_with('"')
    }

    fn prefixed(&mut self, first: char) -> String {
        let raw = first == 'r' || self.rest().starts_with('r');
        while self.chars.peek().is_some_and(|(_, next)| *next == 'r') {
            self.bump();
        }
        let mut hashes = 0;
        while self.chars.peek().is_some_and(|(_, next)| *next == '#') {
            self.bump();
            hashes += 1;
        }
        self.bump();
        if !raw {
            return self.quoted();
        }
        let close = format!("\"{}", "#".repeat(hashes));
        let mut text = String::new();
        while !self.rest().starts_with(&close) {
            let Some((_, sign)) = self.bump() else { break };
            text.push(sign);
        }
        for _ in 0..close.len() {
            self.bump();
        }
        text
    }

    /// After the opening quote, up to the closing one, escapes undone.
    fn quoted(&mut self) -> String {
        let mut text = String::new();
        while let Some((_, sign)) = self.bump() {
            match sign {
                '"' => break,
                '\\' => match self.bump() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, 'u')) => text.push(self.unicode()),
                    Some((_, '\n')) => {
                        while self.chars.peek().is_some_and(|(_, next)| next.is_whitespace()) {
                            self.bump();
                        }
                    }
                    Some((_, other)) => text.push(other),
                    None => break,
                },
                sign => text.push(sign),
            }
        }
        text
    }

    /// After `\u`: `{a0}`.
    fn unicode(&mut self) -> char {
        let mut digits = String::new();
        while let Some((_, sign)) = self.bump() {
            match sign {
                '{' => {}
                '}' => break,
                sign => digits.push(sign),
            }
        }
        u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            if self.rest().starts_with("*/") {
                self.bump();
                self.bump();
                if depth <= 1 {
                    return;
                }
                depth -= 1;
            } else if self.rest().starts_with("/*") {
                self.bump();
                self.bump();
                depth += 1;
            } else {
                depth = depth.max(1);
                if self.bump().is_none() {
                    return;
                }
            }
        }
    }

    /// After a single quote: `'a'`, `'\''` or the lifetime `'a`.
    fn skip_character_or_lifetime(&mut self) {
        let rest = self.rest();
        let mut ahead = rest.chars();
        match (ahead.next(), ahead.next()) {
            (Some('\\'), _) => {
                self.bump();
                self.bump();
                while self.bump().is_some_and(|(_, sign)| sign != '\'') {}
            }
            (Some(_), Some('\'')) => {
                self.bump();
                self.bump();
            }
            _ => {}
        }
    }
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
