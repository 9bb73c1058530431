//! The shape of a letter: its parts and the parts of its parts (RFC 2045, RFC 2046).
//!
//! Ours rather than a library's, because it must be bounded: a few megabytes of parts nested in one another
//! exhaust the stack of parsers that keep every level. Here a letter has at most [`PARTS`] parts, [`DEPTH`] deep; what
//! lies beyond is said and not read. A letter inside the letter is an attachment, and is not opened.

use std::ops::Range;

use super::field::{self, Fields};
use super::parameter::Parameters;
use super::scan::Scan;
use super::transfer::{Encoding, Transferred};
use super::words;

/// The most parts that are looked at.
pub(crate) const PARTS: usize = 200;
/// The deepest part that is looked at.
pub(crate) const DEPTH: usize = 50;

/// A part of a letter.
pub(crate) enum Part {
    /// Something to show or to keep.
    Leaf(Leaf),
    /// Parts held together.
    Multi { kind: Multi, parts: Vec<Part> },
}

/// Why parts are held together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Multi {
    /// One after the other.
    Mixed,
    /// The same thing in several forms, the best one last.
    Alternative,
    /// A page and what it shows.
    Related,
}

/// A part that holds no other.
pub(crate) struct Leaf {
    /// Its rank among the leaves of the letter: its name for the rest of the house.
    pub index: usize,
    /// Its type, such as `text/plain`.
    pub content: Parameters,
    /// `inline`, `attachment`, or nothing.
    pub disposition: Parameters,
    /// By which name a page of the letter may refer to it.
    pub content_id: Option<String>,
    /// How its bytes are written.
    pub encoding: Encoding,
    /// Where in the letter its bytes are.
    pub at: Range<usize>,
}

impl Part {
    /// The leaf of this index.
    pub(crate) fn leaf(&self, index: usize) -> Option<&Leaf> {
        match self {
            Self::Leaf(leaf) => (leaf.index == index).then_some(leaf),
            Self::Multi { parts, .. } => parts.iter().find_map(|part| part.leaf(index)),
        }
    }
}

impl Leaf {
    /// What a head says of what begins at `body`; its rank and its end are not known yet.
    pub(crate) fn new(fields: &Fields<'_>, content: Parameters, body: usize) -> Self {
        Self {
            index: 0,
            content,
            disposition: fields.get("content-disposition").map(Parameters::parse).unwrap_or_default(),
            content_id: fields.get("content-id").map(|id| words::decode(id).trim_matches(['<', '>', ' ']).to_owned()),
            encoding: Encoding::of(fields.get("content-transfer-encoding").unwrap_or_default()),
            at: body..body,
        }
    }

    /// Its bytes, decoded out of those of the letter, and whether they were damaged.
    pub(crate) fn decode(&self, letter: &[u8]) -> Transferred {
        self.encoding.decode(&letter[self.at.clone()])
    }

    /// The file name that the letter gives it.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.disposition.get("filename").or_else(|| self.content.get("name"))
    }
}

/// A letter taken apart.
pub(crate) struct Shape<'a> {
    pub fields: Fields<'a>,
    pub root: Part,
    /// The bytes of the letter, in which its parts are.
    pub letter: &'a [u8],
    /// Parts were left aside: too many, or too deep.
    pub too_many: bool,
    /// The letter says it has parts and one cannot find them.
    pub broken: bool,
}

/// Takes a letter apart.
pub(crate) fn read(letter: &[u8]) -> Shape<'_> {
    let mut scan = Scan::new();
    scan.take(letter);
    scan.end();
    let (too_many, broken) = (scan.too_many, scan.broken);
    Shape { fields: Fields::parse(field::split(letter).0), root: scan.into_root(), letter, too_many, broken }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(shape: &Shape<'_>) -> String {
        draw(&shape.root, shape.letter)
    }

    fn draw(part: &Part, letter: &[u8]) -> String {
        match part {
            Part::Leaf(leaf) => {
                format!("{}:{}:{}", leaf.index, leaf.content.word, String::from_utf8_lossy(&letter[leaf.at.clone()]).trim())
            }
            Part::Multi { parts, .. } => format!("[{}]", parts.iter().map(|part| draw(part, letter)).collect::<Vec<_>>().join(" ")),
        }
    }

    #[test]
    fn parts_are_found_in_order() {
        let letter =
            b"Content-Type: multipart/mixed; boundary=\"a b\"\n\npreamble\n--a b\nContent-Type: multipart/alternative; boundary=c\n\n\
            --c\n\nun\n--c  \r\nContent-Type: text/html\n\ndeux\n--c--\nnoise\n--a b\nContent-Type: image/png\n\ntrois\n--a b--\nepilogue";
        let shape = read(letter);
        assert_eq!(sketch(&shape), "[[0:text/plain:un 1:text/html:deux] 2:image/png:trois]");
        assert!(!shape.too_many && !shape.broken);
    }

    #[test]
    fn broken_shapes_are_shown_as_text() {
        for letter in ["Content-Type: multipart/mixed\n\n--x\n\nabc", "Content-Type: multipart/mixed; boundary=y\n\n--x\n\nabc"] {
            let shape = read(letter.as_bytes());
            assert_eq!(sketch(&shape), "0:text/plain:--x\n\nabc");
            assert!(shape.broken);
        }
        assert_eq!(sketch(&read(b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nabc")), "[0:text/plain:abc]", "cut short");
        assert_eq!(sketch(&read(b"Content-Type: nonsense\n\nabc")), "0:text/plain:abc");
        assert_eq!(sketch(&read(b"")), "0:text/plain:");
    }

    #[test]
    fn a_letter_of_a_million_parts_or_levels_is_bounded() {
        let wide = ["Content-Type: multipart/mixed; boundary=x\n\n", &"--x\n\na\n".repeat(1_000_000)].concat();
        let shape = read(wide.as_bytes());
        let Part::Multi { parts, .. } = &shape.root else { panic!("parts") };
        assert!(parts.len() < PARTS && shape.too_many);

        let deep = "Content-Type: multipart/mixed; boundary=x\n\n--x\n".repeat(100_000);
        assert!(read(deep.as_bytes()).too_many);
        let letters = "Content-Type: message/rfc822\n\n".repeat(200_000);
        assert_eq!(sketch(&read(letters.as_bytes())).split(':').nth(1), Some("message/rfc822"));
    }
}
