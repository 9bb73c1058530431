//! A letter taken apart as it comes, piece by piece: only heads and the line being read are held, whatever it weighs.
//!
//! A delimiter belongs to the outermost of the open multiparts that know it (RFC 2046, section 5.1.2), and ends what is
//! inside. However a letter is cut into pieces, the same parts are found: a line longer than [`LINE`] delimits nothing.

use std::ops::Range;

use super::field::{self, Fields, HEAD};
use super::mime::{DEPTH, Leaf, Multi, PARTS, Part};
use super::parameter::Parameters;

/// A longer line is no delimiter: a boundary has 70 characters (RFC 2046, section 5.1.1).
const LINE: usize = 16 * 1024;

/// A letter of which some has come.
pub(crate) struct Scan {
    /// Where the line being read begins, from the beginning of the letter.
    at: usize,
    /// What came of it.
    line: Vec<u8>,
    /// Whether it is the beginning of a line, and not what follows in one that is too long.
    begins: bool,
    /// How the line before it ended.
    ending: Ending,
    /// The multiparts that are open, the outermost first.
    levels: Vec<Level>,
    place: Place,
    leaves: usize,
    parts: usize,
    root: Option<Part>,
    /// Parts were left aside: too many, or too deep.
    pub too_many: bool,
    /// The letter says it has parts and one cannot find them.
    pub broken: bool,
}

/// Where in the letter one is.
enum Place {
    /// In the head of a part.
    Head {
        head: Vec<u8>,
        /// A field has begun.
        started: bool,
        /// Where the separator of old mailbox files is, if there was one.
        separator: Option<usize>,
    },
    /// In a part that holds no other; its range is not known to its end.
    Leaf(Leaf),
    /// Before the first part of a multipart, after its last one, or in one too many.
    Between,
}

/// A multipart that is open.
struct Level {
    boundary: Vec<u8>,
    kind: Multi,
    /// What its parts are that do not say.
    default: &'static str,
    /// What it is should its boundary never be used.
    otherwise: Leaf,
    parts: Vec<Part>,
    /// A part of it was found.
    used: bool,
    /// Its last delimiter was found.
    ended: bool,
}

/// The end of a line, which belongs to the delimiter that follows (RFC 2046, section 5.1.1).
#[derive(Clone, Copy, Default)]
struct Ending {
    length: usize,
    /// Whether what came last was a return, in a line that is too long.
    returned: bool,
}

impl Ending {
    fn of(line: &[u8], before: Self) -> Self {
        let length = match line {
            [.., b'\r', b'\n'] => 2,
            [b'\n'] => 1 + usize::from(before.returned),
            [.., b'\n'] => 1,
            _ => 0,
        };
        Self { length, returned: line.ends_with(b"\r") }
    }
}

impl Scan {
    pub(crate) fn new() -> Self {
        Self {
            at: 0,
            line: Vec::new(),
            begins: true,
            ending: Ending::default(),
            levels: Vec::new(),
            place: Place::head(),
            leaves: 0,
            parts: 1,
            root: None,
            too_many: false,
            broken: false,
        }
    }

    /// Some more of the letter.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.line.len() >= LINE {
                self.line_came();
            }
        }
    }

    /// There is no more of it: its parts.
    pub(crate) fn end(&mut self) -> Option<&Part> {
        if self.root.is_none() {
            if !self.line.is_empty() {
                self.line_came();
            }
            self.close(0, self.at);
        }
        self.root.as_ref()
    }

    /// Its parts, to keep; asked for at the end.
    pub(crate) fn into_root(mut self) -> Part {
        self.end();
        // The end closes the root, whatever came.
        self.root.unwrap_or_else(|| Part::Multi { kind: Multi::Mixed, parts: Vec::new() })
    }

    /// The leaf of this index, once all of it has come.
    pub(crate) fn leaf(&self, index: usize) -> Option<&Leaf> {
        let mut parts = self.levels.iter().flat_map(|level| &level.parts).chain(&self.root);
        parts.find_map(|part| part.leaf(index))
    }

    fn line_came(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        let begins = std::mem::replace(&mut self.begins, line.ends_with(b"\n"));
        if !(begins && line.len() <= LINE && self.delimits(&line)) {
            self.within(&line, begins);
        }
        self.at += line.len();
        self.ending = Ending::of(&line, self.ending);
        line.clear();
        self.line = line;
    }

    /// Whether a line ends a part; if it does, it is ended, and the next one begins.
    fn delimits(&mut self, line: &[u8]) -> bool {
        let Some(named) = line.strip_prefix(b"--") else { return false };
        let hit = self.levels.iter().enumerate().filter(|(_, level)| !level.ended).find_map(|(depth, level)| {
            let tail = named.strip_prefix(level.boundary.as_slice())?;
            let last = tail.starts_with(b"--");
            (last || tail.trim_ascii().is_empty()).then_some((depth, last))
        });
        let Some((depth, last)) = hit else { return false };
        self.close(depth + 1, self.at - self.ending.length);
        self.place = Place::Between;
        let level = &mut self.levels[depth];
        level.ended = last;
        if !last {
            level.used = true;
            if self.parts < PARTS {
                self.parts += 1;
                self.place = Place::head();
            } else {
                self.too_many = true;
                level.ended = true;
            }
        }
        true
    }

    /// A line of a part.
    fn within(&mut self, line: &[u8], begins: bool) {
        let Place::Head { head, started, separator } = &mut self.place else { return };
        if !*started && separator.is_none() && line.starts_with(b"From ") && line.ends_with(b"\n") {
            *separator = Some(self.at);
            return;
        }
        if begins && matches!(line, b"\n" | b"\r\n") {
            self.enter(self.at + line.len());
        } else if !*started && field::field(line).is_none() {
            self.enter(self.at);
        } else {
            *started = true;
            head.extend_from_slice(&line[..line.len().min(HEAD.saturating_sub(head.len()))]);
        }
    }

    /// The head of a part is over; its body begins here.
    fn enter(&mut self, body: usize) {
        let Place::Head { head, .. } = std::mem::replace(&mut self.place, Place::Between) else { return };
        let fields = Fields::parse(&head);
        let mut content = fields.get("content-type").map(Parameters::parse).unwrap_or_default();
        if !content.word.contains('/') {
            self.levels.last().map_or("text/plain", |level| level.default).clone_into(&mut content.word);
        }
        let multi = content.word.strip_prefix("multipart/").map(|subtype| match subtype {
            "alternative" => (Multi::Alternative, "text/plain"),
            "related" => (Multi::Related, "text/plain"),
            "digest" => (Multi::Mixed, "message/rfc822"),
            _ => (Multi::Mixed, "text/plain"),
        });
        let Some((kind, default)) = multi else {
            self.place = Place::Leaf(Leaf::new(&fields, content, body));
            return;
        };
        let boundary = content.get("boundary").map(|boundary| boundary.as_bytes().to_vec()).filter(|boundary| !boundary.is_empty());
        // What has no boundary, or is too deep, is shown as text.
        "text/plain".clone_into(&mut content.word);
        let otherwise = Leaf::new(&fields, content, body);
        match boundary {
            Some(boundary) if self.levels.len() < DEPTH => {
                self.levels.push(Level { boundary, kind, default, otherwise, parts: Vec::new(), used: false, ended: false });
            }
            boundary => {
                self.too_many |= self.levels.len() >= DEPTH;
                self.broken |= boundary.is_none() && self.levels.len() < DEPTH;
                self.place = Place::Leaf(otherwise);
            }
        }
    }

    /// What is being read ends here, and with it every level from this one on.
    fn close(&mut self, level: usize, end: usize) {
        if let Place::Head { started, separator, .. } = self.place {
            // A line alone separates nothing: it is the body.
            self.enter(separator.filter(|_| !started).unwrap_or(end));
        }
        if let Place::Leaf(leaf) = std::mem::replace(&mut self.place, Place::Between) {
            self.close_leaf(leaf, end);
        }
        while self.levels.len() > level {
            let Some(Level { kind, otherwise, parts, used, .. }) = self.levels.pop() else { return };
            if used {
                self.push(Part::Multi { kind, parts });
            } else {
                self.broken = true;
                self.close_leaf(otherwise, end);
            }
        }
    }

    fn close_leaf(&mut self, mut leaf: Leaf, end: usize) {
        leaf.index = self.leaves;
        leaf.at = Range { start: leaf.at.start, end: end.max(leaf.at.start) };
        self.leaves += 1;
        self.push(Part::Leaf(leaf));
    }

    fn push(&mut self, part: Part) {
        match self.levels.last_mut() {
            Some(level) => level.parts.push(part),
            None => self.root = Some(part),
        }
    }
}

impl Place {
    fn head() -> Self {
        Self::Head { head: Vec::new(), started: false, separator: None }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sketch(part: &Part) -> String {
        match part {
            Part::Leaf(leaf) => format!("{}:{}:{:?}:{:?}", leaf.index, leaf.content.word, leaf.encoding, leaf.at),
            Part::Multi { parts, .. } => format!("[{}]", parts.iter().map(sketch).collect::<Vec<_>>().join(" ")),
        }
    }

    /// Lines of which letters are made, sound and broken.
    fn lines() -> impl Strategy<Value = Vec<u8>> {
        let line = prop_oneof![
            Just("Content-Type: multipart/mixed; boundary=a\n".to_owned()),
            Just("Content-Type: multipart/alternative; boundary=\"a b\"\r\n".to_owned()),
            Just("Content-Type: multipart/related; boundary=ab\n".to_owned()),
            Just("Content-Type: multipart/digest; boundary=c\r\n".to_owned()),
            Just("Content-Type: text/html\r\n".to_owned()),
            Just("Content-Transfer-Encoding: base64\n".to_owned()),
            Just("From x@y Mon\n".to_owned()),
            "--(a|b|ab|a b|c)(--)?[ ]{0,2}\r?\n?",
            "[ -~]{0,9}\r?\n",
            Just("\n".to_owned()),
            Just("\r\n".to_owned()),
            Just("x".repeat(LINE - 1)),
            Just(format!("--a{}\n", " ".repeat(LINE - 4))),
        ];
        prop::collection::vec(line, 0..40).prop_map(|lines| lines.concat().into_bytes())
    }

    proptest! {
        #[test]
        fn however_a_letter_comes_its_parts_are_the_same(letter in lines(), cuts in prop::collection::vec(1_usize..40, 1..9)) {
            let mut whole = Scan::new();
            whole.take(&letter);
            let whole = sketch(whole.end().unwrap());
            let (mut scan, mut rest, mut cuts) = (Scan::new(), letter.as_slice(), cuts.into_iter().cycle());
            while !rest.is_empty() {
                let (piece, tail) = rest.split_at(cuts.next().unwrap().min(rest.len()));
                scan.take(piece);
                rest = tail;
            }
            prop_assert_eq!(sketch(scan.end().unwrap()), whole);
        }
    }

    #[test]
    fn a_leaf_is_known_as_soon_as_what_follows_it_begins() {
        let mut scan = Scan::new();
        scan.take(b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\nun\r\n--");
        assert!(scan.leaf(0).is_none());
        scan.take(b"a\n\ndeux");
        assert_eq!(scan.leaf(0).unwrap().at, 48..50);
        assert!(scan.leaf(1).is_none());
        scan.end();
        assert_eq!(scan.leaf(1).unwrap().at, 57..61);
    }
}
