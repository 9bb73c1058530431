//! What a server says, cut into tokens (RFC 9051, section 9).
//!
//! One cutter for every response: nothing is understood here, so nothing unknown is an error. Bounded: lists nest at
//! most [`DEPTH`] deep, and the reader that feeds it caps the bytes.

/// Lists nested deeper are nonsense.
const DEPTH: usize = 64;

/// A word, a text, a list, or nothing.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Token {
    Nil,
    /// A bare word, such as `12`, `\Seen` or `BODY[HEADER.FIELDS (TO)]<0>`.
    Atom(Vec<u8>),
    /// A quoted string or a literal.
    Text(Vec<u8>),
    List(Vec<Token>),
}

impl Token {
    /// Whether it is this word, in any case.
    pub(crate) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Atom(atom) if atom.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Its number, if it is one.
    pub(crate) fn number(&self) -> Option<u64> {
        match self {
            Self::Atom(atom) => std::str::from_utf8(atom).ok()?.parse().ok(),
            Self::Nil | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// Its bytes, if it is a word or a text.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Atom(bytes) | Self::Text(bytes) => Some(bytes),
            Self::Nil | Self::List(_) => None,
        }
    }

    /// What it holds, if it is a list.
    pub(crate) fn list(&self) -> Option<&[Token]> {
        match self {
            Self::List(list) => Some(list),
            Self::Nil | Self::Atom(_) | Self::Text(_) => None,
        }
    }
}

/// Why bytes are not tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Nonsense(pub &'static str);

/// Cuts a response whose literals stand inline. It has no line end.
pub(crate) fn tokens(bytes: &[u8]) -> Result<Vec<Token>, Nonsense> {
    let mut cutter = Cutter { rest: bytes };
    let mut all = Vec::new();
    loop {
        cutter.skip_blanks();
        if cutter.rest.is_empty() {
            return Ok(all);
        }
        all.push(cutter.token(0)?);
    }
}

/// Cuts a response code, `[UIDVALIDITY 7] text`: what is between the brackets, if there are any.
pub(crate) fn code(text: &[u8]) -> Result<Vec<Token>, Nonsense> {
    let Some(inner) = text.strip_prefix(b"[") else { return Ok(Vec::new()) };
    let end = closing_bracket(inner).ok_or(Nonsense("a response code is not closed"))?;
    tokens(&inner[..end])
}

/// Where the bracket opened just before `inner` closes: quoted strings may hold one.
fn closing_bracket(inner: &[u8]) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    inner.iter().position(|&byte| {
        let ends = byte == b']' && !quoted;
        if byte == b'"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && byte == b'\\' && !escaped;
        ends
    })
}

struct Cutter<'a> {
    rest: &'a [u8],
}

impl Cutter<'_> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    /// Calls itself for what is in a list: at most `DEPTH` times.
    fn token(&mut self, depth: usize) -> Result<Token, Nonsense> {
        match self.rest {
            [b'(', tail @ ..] => {
                self.rest = tail;
                self.list(depth + 1)
            }
            [b'"', tail @ ..] => {
                self.rest = tail;
                self.quoted()
            }
            [b'{', ..] | [b'~', b'{', ..] => self.literal(),
            [b')', ..] => Err(Nonsense("a list closes that was not open")),
            _ => self.atom(),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Token, Nonsense> {
        if depth > DEPTH {
            return Err(Nonsense("lists are nested too deep"));
        }
        let mut all = Vec::new();
        loop {
            self.skip_blanks();
            match self.rest {
                [] => return Err(Nonsense("a list is not closed")),
                [b')', tail @ ..] => {
                    self.rest = tail;
                    return Ok(Token::List(all));
                }
                _ => all.push(self.token(depth)?),
            }
        }
    }

    fn quoted(&mut self) -> Result<Token, Nonsense> {
        let mut text = Vec::new();
        loop {
            match self.rest {
                [b'"', tail @ ..] => {
                    self.rest = tail;
                    return Ok(Token::Text(text));
                }
                [b'\\', byte, tail @ ..] | [byte, tail @ ..] => {
                    text.push(*byte);
                    self.rest = tail;
                }
                [] => return Err(Nonsense("a quoted string is not closed")),
            }
        }
    }

    fn literal(&mut self) -> Result<Token, Nonsense> {
        let end = self.rest.iter().position(|&byte| byte == b'\n').ok_or(Nonsense("a literal is announced badly"))?;
        let length = announced(self.rest[..end].trim_ascii_end()).ok_or(Nonsense("a literal is announced badly"))?;
        let (text, tail) = self.rest[end + 1..].split_at_checked(length).ok_or(Nonsense("a literal is cut short"))?;
        self.rest = tail;
        Ok(Token::Text(text.to_vec()))
    }

    fn atom(&mut self) -> Result<Token, Nonsense> {
        let mut at = 0;
        while let Some(&byte) = self.rest.get(at) {
            match byte {
                b' ' | b'(' | b')' | b'"' | b'\r' | b'\n' | b'\t' => break,
                b'[' => at += 1 + closing_bracket(&self.rest[at + 1..]).ok_or(Nonsense("a bracket is not closed"))?,
                _ => {}
            }
            at += 1;
        }
        let (atom, tail) = self.rest.split_at(at);
        self.rest = tail;
        match atom {
            // A control character that no rule allows: passing over it would be guessing.
            [] => Err(Nonsense("a word is empty")),
            _ if atom.eq_ignore_ascii_case(b"NIL") => Ok(Token::Nil),
            _ => Ok(Token::Atom(atom.to_vec())),
        }
    }
}

/// The length that a line announces at its end: `… {12}`, `… ~{12}`.
pub(crate) fn announced(line: &[u8]) -> Option<usize> {
    let inner = line.strip_suffix(b"}")?;
    let open = inner.iter().rposition(|&byte| byte == b'{')?;
    let digits = &inner[open + 1..];
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn atom(text: &str) -> Token {
        Token::Atom(text.into())
    }

    fn text(text: &str) -> Token {
        Token::Text(text.into())
    }

    #[test]
    fn responses_are_cut() {
        let read =
            tokens(b"12 FETCH (UID 7 FLAGS (\\Seen $x) BODY[HEADER.FIELDS (\"A]B\" TO)]<0> {3}\r\na)b X nil Y \"q\\\"\\\\ \" Z ~{1}\r\n()");
        let flags = Token::List(vec![atom("\\Seen"), atom("$x")]);
        let inner = vec![
            atom("UID"),
            atom("7"),
            atom("FLAGS"),
            flags,
            atom("BODY[HEADER.FIELDS (\"A]B\" TO)]<0>"),
            text("a)b"),
            atom("X"),
            Token::Nil,
            atom("Y"),
            text("q\"\\ "),
            atom("Z"),
            text("("),
        ];
        assert_eq!(read, Ok(vec![atom("12"), atom("FETCH"), Token::List(inner)]));
        assert_eq!(code(b"[UIDVALIDITY 7] ok"), Ok(vec![atom("UIDVALIDITY"), atom("7")]));
        assert_eq!(code(b"no code]"), Ok(vec![]));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["(", ")", "(a", "\"a", "{3}\r\nab", "{x}\r\na", "a[b", "{99999999999999999999}\r\n", "{1}", "[A"] {
            assert!(tokens(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(code(b"[A").is_err());
        assert!(tokens(&b"(".repeat(1_000_000)).is_err());
        assert!(tokens(&[b"(".repeat(DEPTH), b")".repeat(DEPTH)].concat()).is_ok());
    }

    proptest! {
        #[test]
        fn any_bytes_are_cut_or_refused(bytes: Vec<u8>, shape in "[()\\[\\]{}\"\\\\ a1\r\n]{0,60}") {
            let _ = tokens(&bytes);
            let _ = tokens(shape.as_bytes());
            let _ = code(&bytes);
            let _ = announced(&bytes);
        }
    }
}
