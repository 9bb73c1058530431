//! Cuts a Rust source into words, signs and literals, as the compiler would read them.

use std::iter::Peekable;
use std::str::CharIndices;

use super::{Kind, Token};

/// A source, read from its beginning.
pub(super) struct Reader<'a> {
    source: &'a str,
    chars: Peekable<CharIndices<'a>>,
    line: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, chars: source.char_indices().peekable(), line: 1 }
    }

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

impl Iterator for Reader<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.next_token()
    }
}
