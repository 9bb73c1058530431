//! The shape of a letter: its parts and the parts of its parts (RFC 2045, RFC 2046).
//!
//! Ours rather than a library's, because it must be bounded: a few megabytes of parts nested in one another
//! exhaust the stack of parsers that keep every level. Here a letter has at most [`PARTS`] parts, [`DEPTH`] deep; what
//! lies beyond is said and not read. A letter inside the letter is an attachment, and is not opened.

use super::field::{self, Fields};
use super::parameter::Parameters;
use super::{transfer, words};

/// The most parts that are looked at.
pub(crate) const PARTS: usize = 200;
/// The deepest part that is looked at.
pub(crate) const DEPTH: usize = 50;

/// A part of a letter.
pub(crate) enum Part<'a> {
    /// Something to show or to keep.
    Leaf(Leaf<'a>),
    /// Parts held together.
    Multi { kind: Multi, parts: Vec<Part<'a>> },
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
pub(crate) struct Leaf<'a> {
    /// Its rank among the leaves of the letter: its name for the rest of the house.
    pub index: usize,
    /// Its type, such as `text/plain`.
    pub content: Parameters,
    /// `inline`, `attachment`, or nothing.
    pub disposition: Parameters,
    /// By which name a page of the letter may refer to it.
    pub content_id: Option<String>,
    encoding: Encoding,
    body: &'a [u8],
}

#[derive(Clone, Copy)]
enum Encoding {
    Bare,
    Base64,
    QuotedPrintable,
}

impl Leaf<'_> {
    /// Its bytes, decoded, and whether they were damaged.
    pub(crate) fn decode(&self) -> transfer::Transferred {
        match self.encoding {
            Encoding::Bare => transfer::Transferred { bytes: self.body.to_vec(), damaged: false },
            Encoding::Base64 => transfer::base64(self.body),
            Encoding::QuotedPrintable => transfer::quoted_printable(self.body),
        }
    }

    /// The file name that the letter gives it.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.disposition.get("filename").or_else(|| self.content.get("name"))
    }
}

/// A letter taken apart.
pub(crate) struct Shape<'a> {
    pub fields: Fields<'a>,
    pub root: Part<'a>,
    /// Parts were left aside: too many, or too deep.
    pub too_many: bool,
    /// The letter says it has parts and one cannot find them.
    pub broken: bool,
}

/// Takes a letter apart.
pub(crate) fn read(bytes: &[u8]) -> Shape<'_> {
    let (head, body) = field::split(bytes);
    let fields = Fields::parse(head);
    let mut walk = Walk { leaves: 0, parts: 0, too_many: false, broken: false };
    let root = walk.part(&fields, body, "text/plain", 0);
    Shape { fields, root, too_many: walk.too_many, broken: walk.broken }
}

struct Walk {
    leaves: usize,
    parts: usize,
    too_many: bool,
    broken: bool,
}

impl Walk {
    /// Calls itself for the parts of a part: at most `DEPTH` times.
    fn part<'a>(&mut self, fields: &Fields<'_>, body: &'a [u8], default: &str, depth: usize) -> Part<'a> {
        self.parts += 1;
        let mut content = fields.get("content-type").map(Parameters::parse).unwrap_or_default();
        if !content.word.contains('/') {
            default.clone_into(&mut content.word);
        }
        if let Some(subtype) = content.word.strip_prefix("multipart/") {
            let kind = match subtype {
                "alternative" => Multi::Alternative,
                "related" => Multi::Related,
                _ => Multi::Mixed,
            };
            let default = if subtype == "digest" { "message/rfc822" } else { "text/plain" };
            let bodies = content.get("boundary").map(|boundary| cut(body, boundary.as_bytes())).unwrap_or_default();
            if depth < DEPTH && !bodies.is_empty() {
                return Part::Multi { kind, parts: self.parts(&bodies, default, depth) };
            }
            // No boundary, or one that is never used: what is there is shown as text.
            self.broken |= depth < DEPTH;
            self.too_many |= depth >= DEPTH;
            "text/plain".clone_into(&mut content.word);
        }
        self.leaf(fields, content, body)
    }

    fn parts<'a>(&mut self, bodies: &[&'a [u8]], default: &str, depth: usize) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        for bytes in bodies {
            if self.parts >= PARTS {
                self.too_many = true;
                break;
            }
            let (head, body) = field::split(bytes);
            parts.push(self.part(&Fields::parse(head), body, default, depth + 1));
        }
        parts
    }

    fn leaf<'a>(&mut self, fields: &Fields<'_>, content: Parameters, body: &'a [u8]) -> Part<'a> {
        let index = self.leaves;
        self.leaves += 1;
        let encoding = fields.get("content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
        Part::Leaf(Leaf {
            index,
            content,
            disposition: fields.get("content-disposition").map(Parameters::parse).unwrap_or_default(),
            content_id: fields.get("content-id").map(|id| words::decode(id).trim_matches(['<', '>', ' ']).to_owned()),
            encoding: match encoding.as_slice() {
                b"base64" => Encoding::Base64,
                b"quoted-printable" => Encoding::QuotedPrintable,
                _ => Encoding::Bare,
            },
            body,
        })
    }
}

/// The bodies between the delimiter lines; what stands before the first one and after the last one is not a part.
fn cut<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    if boundary.is_empty() {
        return parts;
    }
    let (mut start, mut at) = (None, 0);
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        if let Some(tail) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)) {
            let last = tail.starts_with(b"--");
            if last || tail.trim_ascii().is_empty() {
                if let Some(start) = start {
                    parts.push(without_line_end(&body[start..at]));
                }
                if last || parts.len() > PARTS {
                    return parts;
                }
                start = Some(at + line.len());
            }
        }
        at += line.len();
    }
    // Cut short: the last part goes as far as the letter.
    if let Some(start) = start {
        parts.push(&body[start..]);
    }
    parts
}

/// The line end before a delimiter belongs to the delimiter (RFC 2046, section 5.1.1).
fn without_line_end(part: &[u8]) -> &[u8] {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    part.strip_suffix(b"\r").unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(part: &Part<'_>) -> String {
        match part {
            Part::Leaf(leaf) => format!("{}:{}:{}", leaf.index, leaf.content.word, String::from_utf8_lossy(leaf.body).trim()),
            Part::Multi { parts, .. } => format!("[{}]", parts.iter().map(sketch).collect::<Vec<_>>().join(" ")),
        }
    }

    #[test]
    fn parts_are_found_in_order() {
        let letter =
            b"Content-Type: multipart/mixed; boundary=\"a b\"\n\npreamble\n--a b\nContent-Type: multipart/alternative; boundary=c\n\n\
            --c\n\nun\n--c  \r\nContent-Type: text/html\n\ndeux\n--c--\nnoise\n--a b\nContent-Type: image/png\n\ntrois\n--a b--\nepilogue";
        let shape = read(letter);
        assert_eq!(sketch(&shape.root), "[[0:text/plain:un 1:text/html:deux] 2:image/png:trois]");
        assert!(!shape.too_many && !shape.broken);
    }

    #[test]
    fn broken_shapes_are_shown_as_text() {
        for letter in ["Content-Type: multipart/mixed\n\n--x\n\nabc", "Content-Type: multipart/mixed; boundary=y\n\n--x\n\nabc"] {
            let shape = read(letter.as_bytes());
            assert_eq!(sketch(&shape.root), "0:text/plain:--x\n\nabc");
            assert!(shape.broken);
        }
        assert_eq!(sketch(&read(b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nabc").root), "[0:text/plain:abc]", "cut short");
        assert_eq!(sketch(&read(b"Content-Type: nonsense\n\nabc").root), "0:text/plain:abc");
        assert_eq!(sketch(&read(b"").root), "0:text/plain:");
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
        assert_eq!(sketch(&read(letters.as_bytes()).root).split(':').nth(1), Some("message/rfc822"));
    }
}
