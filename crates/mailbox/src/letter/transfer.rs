//! Base64 and quoted-printable (RFC 2045, sections 6.7 and 6.8), taking what is sound out of what is damaged, piece by piece:
//! however the encoded bytes are cut, the same come out.

/// A line of quoted-printable has 76 characters; of a longer one than this, the beginning is read before its end has come.
const LINE: usize = 64 * 1024;

/// How bytes are written in a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    Bare,
    Base64,
    QuotedPrintable,
}

/// Decoded bytes, and whether something in them could not be read.
pub(crate) struct Transferred {
    pub bytes: Vec<u8>,
    pub damaged: bool,
}

impl Encoding {
    /// By its name in a head.
    pub(crate) fn of(name: &[u8]) -> Self {
        match name.to_ascii_lowercase().as_slice() {
            b"base64" => Self::Base64,
            b"quoted-printable" => Self::QuotedPrintable,
            _ => Self::Bare,
        }
    }

    /// The bytes behind these.
    pub(crate) fn decode(self, encoded: &[u8]) -> Transferred {
        let mut decoder = self.decoder();
        let mut bytes = Vec::with_capacity(if self == Self::Base64 { encoded.len() / 4 * 3 } else { encoded.len() });
        decoder.take(encoded, &mut bytes);
        let damaged = decoder.end(&mut bytes);
        Transferred { bytes, damaged }
    }

    pub(crate) fn decoder(self) -> Decoder {
        match self {
            Self::Bare => Decoder::Bare,
            Self::Base64 => Decoder::Base64(Base64::default()),
            Self::QuotedPrintable => Decoder::QuotedPrintable(QuotedPrintable::default()),
        }
    }
}

/// What is being decoded.
pub(crate) enum Decoder {
    Bare,
    Base64(Base64),
    QuotedPrintable(QuotedPrintable),
}

impl Decoder {
    /// Some more encoded bytes; what is behind them, as far as it is known, is added.
    pub(crate) fn take(&mut self, encoded: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Bare => out.extend_from_slice(encoded),
            Self::Base64(decoder) => decoder.take(encoded, out),
            Self::QuotedPrintable(decoder) => decoder.take(encoded, out),
        }
    }

    /// There are no more: adds what was waiting, and tells whether something could not be read.
    pub(crate) fn end(self, out: &mut Vec<u8>) -> bool {
        match self {
            Self::Bare => false,
            Self::Base64(decoder) => decoder.damaged || decoder.bits == 6,
            Self::QuotedPrintable(mut decoder) => {
                decoder.line(out);
                decoder.damaged
            }
        }
    }
}

/// Padding in the middle (two encodings put end to end) is taken in stride.
#[derive(Default)]
pub(crate) struct Base64 {
    held: u32,
    bits: u32,
    damaged: bool,
}

impl Base64 {
    fn take(&mut self, encoded: &[u8], out: &mut Vec<u8>) {
        for &byte in encoded {
            let value = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                b'=' => {
                    (self.held, self.bits) = (0, 0);
                    continue;
                }
                b'\r' | b'\n' | b' ' | b'\t' => continue,
                _ => {
                    self.damaged = true;
                    continue;
                }
            };
            self.held = (self.held << 6) | u32::from(value);
            self.bits += 6;
            if self.bits >= 8 {
                self.bits -= 8;
                out.push((self.held >> self.bits).to_le_bytes()[0]);
                self.held &= (1 << self.bits) - 1;
            }
        }
    }
}

/// An equals sign that announces nothing is kept as it is.
#[derive(Default)]
pub(crate) struct QuotedPrintable {
    /// The line of which the end has not come.
    line: Vec<u8>,
    damaged: bool,
}

impl QuotedPrintable {
    fn take(&mut self, mut encoded: &[u8], out: &mut Vec<u8>) {
        while !encoded.is_empty() {
            let room = LINE - self.line.len();
            let end = encoded.iter().take(room).position(|&byte| byte == b'\n').map_or(room.min(encoded.len()), |end| end + 1);
            let (piece, rest) = encoded.split_at(end);
            self.line.extend_from_slice(piece);
            encoded = rest;
            if self.line.ends_with(b"\n") {
                self.line(out);
            } else if self.line.len() == LINE {
                // Not in the middle of what an equals sign announces.
                let kept = self.line.iter().rev().take(2).position(|&byte| byte == b'=').map_or(0, |back| back + 1);
                let tail = self.line.split_off(LINE - kept);
                let line = std::mem::replace(&mut self.line, tail);
                self.plain(&line, out);
            }
        }
    }

    /// The line that was read, with its end if it has one.
    fn line(&mut self, out: &mut Vec<u8>) {
        let line = std::mem::take(&mut self.line);
        let ended = line.ends_with(b"\n");
        let content = line.trim_ascii_end();
        let (content, soft) = match content.strip_suffix(b"=") {
            Some(content) => (content, true),
            // Blanks at a line's end were added on the way (rule 3), but those of the last line may be meant.
            None if ended => (content, false),
            None => (line.as_slice(), true),
        };
        self.plain(content, out);
        if !soft {
            out.extend_from_slice(b"\r\n");
        }
    }

    fn plain(&mut self, content: &[u8], out: &mut Vec<u8>) {
        let mut at = 0;
        while let Some(&byte) = content.get(at) {
            match (byte, content.get(at + 1).copied().and_then(hex), content.get(at + 2).copied().and_then(hex)) {
                (b'=', Some(high), Some(low)) => {
                    out.push(high * 16 + low);
                    at += 3;
                }
                (byte, _, _) => {
                    self.damaged |= byte == b'=';
                    out.push(byte);
                    at += 1;
                }
            }
        }
    }
}

/// The value of a hexadecimal digit.
pub(crate) fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn damaged_encodings_give_what_is_sound() {
        let read = Encoding::Base64.decode(b"SGVs\r\nbG8g!!!d29ybGQ=\r\nIQ==");
        assert_eq!((read.bytes.as_slice(), read.damaged), (&b"Hello world!"[..], true));
        let read = Encoding::QuotedPrintable.decode(b"caf=C3=A9  \r\nsuite=\r\n et =ZZ fin");
        assert_eq!((read.bytes.as_slice(), read.damaged), ("café\r\nsuite et =ZZ fin".as_bytes(), true));
        assert!(!Encoding::QuotedPrintable.decode(b"sain=\n").damaged);
        assert_eq!(Encoding::QuotedPrintable.decode(b"=").bytes, b"");
    }

    proptest! {
        #[test]
        fn base64_gives_back_what_was_encoded(bytes: Vec<u8>) {
            let read = Encoding::Base64.decode(data_encoding::BASE64_MIME.encode(&bytes).as_bytes());
            prop_assert_eq!(read.bytes, bytes);
            prop_assert!(!read.damaged);
        }
    }
}
