//! A file as an answer: under a type that is safe, under a name that any browser understands (RFC 6266), and allowed nothing.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::IntoResponse;
use futures_util::{Stream, TryStreamExt};
use maincourante_kernel::Failure;

use crate::Answer;

/// Should a browser open it in spite of its disposition, it opens in an origin of its own and may do nothing.
const NOTHING: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
/// A reader of PDF files built in the browser draws them with styles of its own.
const PDF: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// The bytes of a file: all here, or coming.
pub struct Content {
    size: usize,
    body: Body,
}

impl Content {
    /// So many bytes, that come piece by piece. Should they end before, the browser is told nothing but that the connection
    /// broke, and keeps no half file.
    pub fn coming(size: usize, pieces: impl Stream<Item = Result<Vec<u8>, Failure>> + Send + 'static) -> Self {
        let told = pieces.map_ok(Bytes::from).map_err(|failure| {
            tracing::error!(%failure, "a file was not given to its end");
            io::Error::other("a file was not given to its end")
        });
        Self { size, body: Body::from_stream(told) }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self { size: bytes.len(), body: bytes.into() }
    }
}

/// A file to keep: it is never shown in the page.
pub fn to_keep(name: &str, media: &'static str, content: impl Into<Content>) -> Answer {
    answer("attachment", name, media, NOTHING, content)
}

/// A picture, to be drawn in a page of ours.
pub fn picture_to_see(name: &str, media: &'static str, content: impl Into<Content>) -> Answer {
    answer("inline", name, media, NOTHING, content)
}

/// A PDF of ours, to read in the browser.
pub fn pdf_to_read(name: &str, bytes: Vec<u8>) -> Answer {
    answer("inline", name, "application/pdf", PDF, bytes)
}

fn answer(how: &str, name: &str, media: &'static str, policy: &'static str, content: impl Into<Content>) -> Answer {
    let Content { size, body } = content.into();
    let headers: [(HeaderName, HeaderValue); 4] = [
        (CONTENT_LENGTH, size.into()),
        (CONTENT_TYPE, HeaderValue::from_static(media)),
        (CONTENT_DISPOSITION, disposition(how, name).try_into().map_err(Failure::from)?),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
    ];
    Ok((headers, body).into_response())
}

/// The name twice (RFC 6266, section 4.3): in ASCII for old browsers, in UTF-8 (RFC 8187) for the others.
fn disposition(how: &str, name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.extend(format!("%{byte:02X}").chars());
        }
    }
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_header() {
        assert_eq!(disposition("attachment", "Relevé.pdf"), "attachment; filename=\"Relev_.pdf\"; filename*=UTF-8''Relev%C3%A9.pdf");
        let hostile = disposition("attachment", "a\"; filename=\"b.exe\r\nSet-Cookie: x=1");
        assert_eq!(hostile.matches('"').count(), 2);
        assert!(!hostile.contains(['\r', '\n']));
        assert!(HeaderValue::try_from(hostile).is_ok());
    }
}
