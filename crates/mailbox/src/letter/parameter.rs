//! `Content-Type` and `Content-Disposition`: a word and its parameters (RFC 2045, section 5.1; RFC 2231 for
//! long and accented ones, whose pieces are joined before they are decoded).

use super::transfer::hex;
use super::{charset, words};

/// More parameters than any honest field has.
const MOST: usize = 64;

/// A word in lower case, and its parameters.
#[derive(Default)]
pub(crate) struct Parameters {
    pub word: String,
    values: Vec<(String, String)>,
}

impl Parameters {
    /// Reads a field; nonsense is skipped.
    pub(crate) fn parse(value: &[u8]) -> Self {
        let mut pieces = split(value).into_iter();
        let word = pieces.next().map(|piece| String::from_utf8_lossy(&piece.name).trim().to_ascii_lowercase()).unwrap_or_default();
        let mut groups: Vec<(String, Vec<Segment>)> = Vec::new();
        for piece in pieces {
            let Some(mut text) = piece.value else { continue };
            if !piece.quoted {
                text.truncate(text.trim_ascii_end().len());
            }
            let name = String::from_utf8_lossy(piece.name.trim_ascii()).to_ascii_lowercase();
            let (base, segment) = segment(&name, text);
            match groups.iter_mut().find(|(found, _)| found == base) {
                Some((_, segments)) => segments.push(segment),
                None => groups.push((base.to_owned(), vec![segment])),
            }
        }
        Self { word, values: groups.into_iter().map(|(name, segments)| (name, join(segments))).collect() }
    }

    /// The value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Piece {
    name: Vec<u8>,
    value: Option<Vec<u8>>,
    /// Blanks inside quotes are meant, others are not.
    quoted: bool,
}

struct Segment {
    order: u32,
    /// With a star at its end: percent-encoded, the first one announcing its charset.
    extended: bool,
    bytes: Vec<u8>,
}

/// Cuts at semicolons and equals signs, minding quotes and dropping comments.
fn split(value: &[u8]) -> Vec<Piece> {
    let mut pieces = vec![Piece::default()];
    let (mut quoted, mut depth) = (false, 0_usize);
    let mut bytes = value.iter().copied();
    while let Some(byte) = bytes.next() {
        let full = pieces.len() == MOST;
        let Some(piece) = pieces.last_mut() else { break };
        let in_name = piece.value.is_none();
        let target = piece.value.as_mut().unwrap_or(&mut piece.name);
        match byte {
            b'\\' if quoted => target.extend(bytes.next()),
            byte if quoted && byte != b'"' => target.push(byte),
            b'"' if depth == 0 => {
                quoted = !quoted;
                piece.quoted = true;
            }
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            b';' if full => break,
            b';' => pieces.push(Piece::default()),
            b'=' if in_name => (piece.value, piece.quoted) = (Some(Vec::new()), false),
            b' ' | b'\t' | b'\r' | b'\n' if target.is_empty() || piece.quoted => {}
            byte => target.push(byte),
        }
    }
    pieces
}

/// `filename*2*` is the third, extended segment of `filename`.
fn segment(name: &str, bytes: Vec<u8>) -> (&str, Segment) {
    let (name, extended) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
    match name.rsplit_once('*').and_then(|(base, order)| Some((base, order.parse().ok()?))) {
        Some((base, order)) => (base, Segment { order, extended, bytes }),
        None => (name, Segment { order: 0, extended, bytes }),
    }
}

fn join(mut segments: Vec<Segment>) -> String {
    segments.sort_by_key(|segment| segment.order);
    if !segments.iter().any(|segment| segment.extended) {
        // Encoded words do not belong in a parameter; half of the programs put them there.
        return words::decode(&segments.iter().flat_map(|segment| &segment.bytes).copied().collect::<Vec<_>>());
    }
    let (mut label, mut bytes) = (None, Vec::new());
    for (at, segment) in segments.iter().enumerate() {
        let mut text = segment.bytes.as_slice();
        if at == 0 && segment.extended {
            let mut parts = text.splitn(3, |&byte| byte == b'\'');
            if let (Some(charset), Some(_language), Some(rest)) = (parts.next(), parts.next(), parts.next()) {
                label = Some(String::from_utf8_lossy(charset).into_owned());
                text = rest;
            }
        }
        if segment.extended { percent(text, &mut bytes) } else { bytes.extend_from_slice(text) }
    }
    charset::decode(&bytes, label.as_deref()).text
}

fn percent(text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (byte, text.get(at + 1).copied().and_then(hex), text.get(at + 2).copied().and_then(hex)) {
            (b'%', Some(high), Some(low)) => {
                out.push(high * 16 + low);
                at += 3;
            }
            (byte, _, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(value: &str) -> Option<String> {
        Parameters::parse(value.as_bytes()).get("name").map(str::to_owned)
    }

    #[test]
    fn parameters_as_programs_write_them() {
        let read = Parameters::parse(b"Text/HTML (page); charset=\"utf-8\"; boundary=a;;x");
        assert_eq!((read.word.as_str(), read.get("charset"), read.get("boundary")), ("text/html", Some("utf-8"), Some("a")));
        assert_eq!(name("a/b; name=\"un; deux \\\"trois\\\".pdf\"").as_deref(), Some("un; deux \"trois\".pdf"));
        assert_eq!(name("a/b; NAME*=iso-8859-1'fr'%E9t%E9.pdf").as_deref(), Some("été.pdf"));
        assert_eq!(name("a/b; name*1*=%A9.pdf; name*0*=utf-8''caf%C3").as_deref(), Some("café.pdf"), "cut in a letter, out of order");
        assert_eq!(name("a/b; name*0=\"long \"; name*1=\"nom.pdf\"").as_deref(), Some("long nom.pdf"));
        assert_eq!(name("a/b; name = mon beau nom.pdf ; x=y").as_deref(), Some("mon beau nom.pdf"));
        assert_eq!(name("a/b; name=\"=?utf-8?Q?=C3=A9t=C3=A9.pdf?=\"").as_deref(), Some("été.pdf"));
        assert_eq!(name("a/b; name"), None);
        assert_eq!(Parameters::parse(b"").word, "");
    }
}
