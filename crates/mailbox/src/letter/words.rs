//! Encoded words (RFC 2047): `=?utf-8?Q?caf=C3=A9?=`.
//!
//! Neighbours in the same charset are joined before they are decoded: many programs cut a letter in two between them.
//! What is not a well-formed word is kept as it stands.

use super::charset;
use super::transfer::{Encoding, hex};

/// No word is longer than this (the standard says 75; some programs write a whole subject in one).
const LONGEST: usize = 2048;

/// The text of a header value in which encoded words and raw bytes may be mixed.
pub(crate) fn decode(value: &[u8]) -> String {
    let mut out = String::new();
    let mut run: Option<Run> = None;
    let mut rest = value;
    while !rest.is_empty() {
        let start = find(rest, b"=?").unwrap_or(rest.len());
        let (plain, tail) = rest.split_at(start);
        let word = word(tail);
        // Blanks between two words are not text (section 6.2).
        let joins = word.is_some() && run.is_some() && plain.trim_ascii().is_empty();
        if !joins {
            flush(&mut run, &mut out);
            out.push_str(&charset::decode(plain, None).text);
        }
        match word {
            Some((word, length)) => {
                match &mut run {
                    Some(current) if current.charset.eq_ignore_ascii_case(&word.charset) => current.bytes.extend_from_slice(&word.bytes),
                    _ => {
                        flush(&mut run, &mut out);
                        run = Some(word);
                    }
                }
                rest = &tail[length..];
            }
            None if tail.is_empty() => rest = tail,
            None => {
                flush(&mut run, &mut out);
                out.push_str("=?");
                rest = &tail[2..];
            }
        }
    }
    flush(&mut run, &mut out);
    out
}

struct Run {
    charset: String,
    bytes: Vec<u8>,
}

fn flush(run: &mut Option<Run>, out: &mut String) {
    if let Some(run) = run.take() {
        out.push_str(&charset::decode(&run.bytes, Some(&run.charset)).text);
    }
}

/// The word at the start of `tail`, and its length.
fn word(tail: &[u8]) -> Option<(Run, usize)> {
    let inner = tail.strip_prefix(b"=?")?;
    let inner = &inner[..inner.len().min(LONGEST)];
    let charset_end = inner.iter().take(60).position(|&byte| byte == b'?')?;
    let (&[encoding, b'?'], text) = inner.get(charset_end + 1..)?.split_first_chunk::<2>()? else { return None };
    let text_end = find(text, b"?=")?;
    let text = &text[..text_end];
    let bytes = match encoding {
        b'B' | b'b' => Encoding::Base64.decode(text).bytes,
        b'Q' | b'q' => q(text),
        _ => return None,
    };
    let charset = std::str::from_utf8(&inner[..charset_end]).ok()?;
    // RFC 2231, section 5: a language may follow the charset.
    let charset = charset.split('*').next().unwrap_or(charset).to_owned();
    Some((Run { charset, bytes }, 2 + charset_end + 3 + text_end + 2))
}

fn q(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (byte, text.get(at + 1).copied().and_then(hex), text.get(at + 2).copied().and_then(hex)) {
            (b'=', Some(high), Some(low)) => {
                bytes.push(high * 16 + low);
                at += 2;
            }
            (b'_', _, _) => bytes.push(b' '),
            (byte, _, _) => bytes.push(byte),
        }
        at += 1;
    }
    bytes
}

/// Where `needle` begins in `hay`.
pub(crate) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_decoded_and_joined() {
        let read = |text: &str| decode(text.as_bytes());
        assert_eq!(read("=?utf-8?Q?Caf=C3=A9_cr=C3=A8me?="), "Café crème");
        assert_eq!(read("Re: =?ISO-8859-1?B?6XTp?= fini"), "Re: été fini");
        assert_eq!(read("=?utf-8?Q?caf=C3?=\r\n =?UTF-8?Q?=A9?="), "café", "a letter cut in two");
        assert_eq!(read("=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?="), "aé");
        assert_eq!(read("=?utf-8*fr?Q?a?="), "a");
        assert_eq!(read("a =?utf-8?X?b?= c"), "a =?utf-8?X?b?= c");
        assert_eq!(read("=?utf-8?Q?sans fin"), "=?utf-8?Q?sans fin");
        assert_eq!(decode(b"d\xe9j\xe0"), "déjà", "raw bytes of another age");
    }
}
