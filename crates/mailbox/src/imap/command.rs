//! What we say to a server. An argument is one of three things, and none can end a line that we did not end:
//! a word of ours (`raw`), a text (`text`: quoted, or a literal when it holds anything unusual), bytes (`literal`).

use std::fmt::Display;

use crate::leaving::Leaving;

/// A command, without its tag.
pub(crate) struct Command {
    /// Its words, for a message about it: it holds no argument.
    pub name: &'static str,
    pub pieces: Vec<Piece>,
    /// An argument was refused: the command must not leave.
    pub refused: bool,
}

/// Bytes of a line, or bytes announced by their number.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Piece {
    Line(Vec<u8>),
    Literal(Vec<u8>),
    /// As many bytes, which are given as they are read.
    Coming(u64),
}

/// A quoted string longer than this becomes a literal: servers bound their lines.
const LONGEST_QUOTED: usize = 1000;

impl Command {
    /// A command of these words.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, pieces: vec![Piece::Line(name.as_bytes().to_vec())], refused: false }
    }

    /// Words of ours: numbers, sets, item names. Anything that could end the line, or is not ASCII, is refused.
    #[must_use]
    pub(crate) fn raw(mut self, words: impl Display) -> Self {
        let words = format!("{words}");
        self.refused |= words.bytes().any(|byte| !(b' '..=b'~').contains(&byte));
        self.push(words.as_bytes());
        self
    }

    /// A text that may come from anywhere.
    #[must_use]
    pub(crate) fn text(mut self, text: &[u8]) -> Self {
        if text.len() > LONGEST_QUOTED || text.iter().any(|&byte| !(b' '..=b'~').contains(&byte)) {
            return self.literal(text);
        }
        let mut quoted = vec![b'"'];
        for &byte in text {
            if matches!(byte, b'"' | b'\\') {
                quoted.push(b'\\');
            }
            quoted.push(byte);
        }
        quoted.push(b'"');
        self.push(&quoted);
        self
    }

    /// Bytes as they are. The number zero is the one byte that no literal may hold (RFC 9051, section 4.3).
    #[must_use]
    pub(crate) fn literal(mut self, bytes: &[u8]) -> Self {
        self.refused |= bytes.contains(&0);
        self.push(b"");
        self.pieces.push(Piece::Literal(bytes.to_vec()));
        self
    }

    /// A letter, which comes piece by piece.
    #[must_use]
    pub(crate) fn letter(mut self, letter: &Leaving) -> Self {
        self.refused |= !letter.is_text();
        self.push(b"");
        self.pieces.push(Piece::Coming(letter.size()));
        self
    }

    fn push(&mut self, words: &[u8]) {
        match self.pieces.last_mut() {
            Some(Piece::Line(line)) => {
                line.push(b' ');
                line.extend_from_slice(words);
            }
            Some(Piece::Literal(_) | Piece::Coming(_)) | None => self.pieces.push(Piece::Line([b" ", words].concat())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imap_codec::CommandCodec;
    use imap_codec::decode::Decoder;
    use imap_codec::imap_types::command::CommandBody;
    use imap_codec::imap_types::search::SearchKey;
    use proptest::prelude::*;

    fn line(command: &Command) -> Vec<u8> {
        let mut out = b"a ".to_vec();
        for piece in &command.pieces {
            match piece {
                Piece::Line(line) => out.extend_from_slice(line),
                Piece::Literal(bytes) => {
                    out.extend_from_slice(format!("{{{}+}}\r\n", bytes.len()).as_bytes());
                    out.extend_from_slice(bytes);
                }
                Piece::Coming(_) => panic!("no letter here"),
            }
        }
        [out, b"\r\n".to_vec()].concat()
    }

    #[test]
    fn a_line_cannot_be_broken() {
        assert!(Command::new("SELECT").raw("x\r\nb LOGOUT").refused);
        assert!(Command::new("SELECT").raw("é").refused);
        assert!(Command::new("SELECT").literal(b"\0").refused);
        let safe = Command::new("SELECT").text(b"x\r\nb LOGOUT").raw("y");
        assert_eq!(line(&safe), b"a SELECT {11+}\r\nx\r\nb LOGOUT y\r\n");
        assert_eq!(line(&Command::new("SELECT").text(b"a\"b\\")), b"a SELECT \"a\\\"b\\\\\"\r\n");
    }

    proptest! {
        /// What another reading of the standard understands of a text is what we were given.
        #[test]
        fn a_text_is_understood_as_it_was_given(text in prop::collection::vec(1_u8..=127, 0..200)) {
            let command = Command::new("SEARCH HEADER").raw("Message-ID").text(&text);
            prop_assert!(!command.refused);
            let bytes = line(&command);
            let (rest, read) = CommandCodec::default().decode(&bytes).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
            prop_assert!(rest.is_empty());
            let CommandBody::Search { criteria, .. } = read.body else { return Err(TestCaseError::fail("not a search")) };
            let Some(SearchKey::Header(_, value)) = criteria.into_iter().next() else { return Err(TestCaseError::fail("not a header")) };
            prop_assert_eq!(value.as_ref(), text.as_slice());
        }
    }
}
