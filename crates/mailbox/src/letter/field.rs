//! The head of a letter or of a part: field names and unfolded values (RFC 5322, section 2.2).
//!
//! Bounded: a head of megabytes is an attack, and its tail is not looked at.

/// Beyond this, what is left of a head is ignored.
pub(crate) const HEAD: usize = 256 * 1024;
/// More fields than any honest letter has.
const MOST: usize = 1000;

/// The fields of a head, in order.
pub(crate) struct Fields<'a> {
    all: Vec<(&'a [u8], Vec<u8>)>,
}

impl<'a> Fields<'a> {
    /// Reads a head; a line that is neither a field nor the continuation of one is skipped.
    pub(crate) fn parse(head: &'a [u8]) -> Self {
        let mut all: Vec<(&[u8], Vec<u8>)> = Vec::new();
        for line in head[..head.len().min(HEAD)].split(|&byte| byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                if let Some((_, value)) = all.last_mut() {
                    value.extend_from_slice(line);
                }
            } else if let Some((name, value)) = field(line) {
                if all.len() == MOST {
                    break;
                }
                all.push((name, value.to_vec()));
            }
        }
        Self { all }
    }

    /// The value of the first field of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.each(name).next()
    }

    /// The values of every field of this name.
    pub(crate) fn each(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.all.iter().filter(move |(found, _)| found.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value.trim_ascii())
    }
}

/// Parts the head from the body. A text that does not begin with a field has no head: all of it is body.
pub(crate) fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    // The separator of old mailbox files.
    let bytes = match (bytes.starts_with(b"From "), bytes.iter().position(|&byte| byte == b'\n')) {
        (true, Some(end)) => &bytes[end + 1..],
        _ => bytes,
    };
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    if let blank @ (b"" | b"\r") = first {
        return (&[], bytes.get(blank.len() + 1..).unwrap_or_default());
    }
    if field(first).is_none() {
        return (&[], bytes);
    }
    let mut at = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            return (&bytes[..at], &bytes[at + line.len()..]);
        }
        at += line.len();
    }
    (bytes, &[])
}

/// The name and the value that a line begins, if it is the first of a field.
pub(crate) fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().take(128).position(|&byte| byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    let sound = !name.is_empty() && name.iter().all(|&byte| byte.is_ascii_graphic());
    sound.then(|| (name, &line[colon + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_and_broken_heads_are_read() {
        let (head, body) = split(b"From x@y Mon\nSubject: a\r\n b\r\nnonsense line\nTO : c\r\n\r\nbody");
        let fields = Fields::parse(head);
        assert_eq!(fields.get("subject"), Some(&b"a b"[..]));
        assert_eq!(fields.get("To"), Some(&b"c"[..]));
        assert_eq!(body, b"body");
    }

    #[test]
    fn a_text_without_head_is_all_body() {
        assert_eq!(split(b"Bonjour\nca va\n\nfin").1, b"Bonjour\nca va\n\nfin");
        assert_eq!(split(b"\r\nabc"), (&b""[..], &b"abc"[..]));
        assert_eq!(split(b""), (&b""[..], &b""[..]));
        assert_eq!(split(b"\n"), (&b""[..], &b""[..]));
        assert_eq!(split(b"A: b").0, b"A: b");
    }
}
