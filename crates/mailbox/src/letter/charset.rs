//! Bytes to text. What a letter declares is a hint: half of the broken letters lie about it.
//!
//! Declared UTF-8 (or nothing) that is not: windows-1252, in which every byte has a meaning.
//! Declared Latin-1 that is valid UTF-8 with accents: UTF-8, for such a Latin-1 text is never written by chance.

use std::borrow::Cow;

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, WINDOWS_1252};

/// A text, and whether the letter lied about how it is written.
pub(crate) struct Decoded {
    pub text: String,
    pub mislabelled: bool,
}

/// The text of `bytes`, declared as `label` or as nothing.
pub(crate) fn decode(bytes: &[u8], label: Option<&str>) -> Decoded {
    let declared = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let good = |text: Cow<'_, str>| Decoded { text: text.into_owned(), mislabelled: false };
    let mended = |text: Cow<'_, str>| Decoded { text: text.into_owned(), mislabelled: true };
    let bare = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let utf8 = std::str::from_utf8(bare).ok();

    match (declared, utf8) {
        (None, Some(text)) => good(text.into()),
        (Some(encoding), Some(text)) if encoding == UTF_8 => good(text.into()),
        (Some(encoding), Some(text)) if encoding == WINDOWS_1252 && !text.is_ascii() => mended(text.into()),
        (Some(encoding), _) if encoding != UTF_8 && encoding != REPLACEMENT => {
            let (text, failed) = encoding.decode_without_bom_handling(bytes);
            match (failed, utf8) {
                (false, _) => good(text),
                (true, Some(text)) => mended(text.into()),
                (true, None) => mended(text),
            }
        }
        (Some(_), Some(text)) => mended(text.into()),
        (Some(_) | None, None) => mended(WINDOWS_1252.decode_without_bom_handling(bytes).0),
    }
}

/// The charset that an HTML page gives itself in its first kilobyte (`<meta charset=…>` or its older form).
pub(crate) fn declared_in_html(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let meta = head.find("<meta")?;
    let at = meta + head[meta..].find("charset=")? + "charset=".len();
    let value = head[at..].trim_start_matches(['"', '\'', ' ']);
    let end = value.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(value.len());
    (end > 0).then(|| value[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], label: Option<&str>) -> (String, bool) {
        let decoded = decode(bytes, label);
        (decoded.text, decoded.mislabelled)
    }

    #[test]
    fn a_letter_that_lies_about_its_charset_is_read_anyway() {
        assert_eq!(read("été".as_bytes(), None), ("été".into(), false));
        assert_eq!(read(b"\xe9t\xe9 \x80", Some("utf-8")), ("été €".into(), true));
        assert_eq!(read(b"\xe9t\xe9", None), ("été".into(), true));
        assert_eq!(read("été".as_bytes(), Some("iso-8859-1")), ("été".into(), true));
        assert_eq!(read(b"\xe9t\xe9", Some(" ISO-8859-1 ")), ("été".into(), false));
        assert_eq!(read(b"\xa4", Some("iso-8859-15")), ("€".into(), false));
        assert_eq!(read(b"abc", Some("x-unheard-of")), ("abc".into(), false));
        assert_eq!(read(b"abc", Some("iso-2022-kr")), ("abc".into(), true));
    }

    #[test]
    fn a_page_says_its_own_charset() {
        assert_eq!(declared_in_html(b"<META http-equiv=x content='text/html; charset=ISO-8859-1'>").as_deref(), Some("iso-8859-1"));
        assert_eq!(declared_in_html(b"<meta charset=\"utf-8\">").as_deref(), Some("utf-8"));
        assert_eq!(declared_in_html(b"charset=utf-8"), None);
    }
}
