//! Base64 and quoted-printable (RFC 2045, sections 6.7 and 6.8), taking what is sound out of what is damaged.

/// Decoded bytes, and whether something in them could not be read.
pub(crate) struct Transferred {
    pub bytes: Vec<u8>,
    pub damaged: bool,
}

/// The bytes behind base64; padding in the middle (two encodings put end to end) is taken in stride.
pub(crate) fn base64(encoded: &[u8]) -> Transferred {
    let mut bytes = Vec::with_capacity(encoded.len() / 4 * 3);
    let (mut held, mut bits, mut damaged) = (0_u32, 0_u32, false);
    for &byte in encoded {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (held, bits) = (0, 0);
                continue;
            }
            b'\r' | b'\n' | b' ' | b'\t' => continue,
            _ => {
                damaged = true;
                continue;
            }
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits).to_le_bytes()[0]);
            held &= (1 << bits) - 1;
        }
    }
    Transferred { bytes, damaged: damaged || bits == 6 }
}

/// The bytes behind quoted-printable; an equals sign that announces nothing is kept as it is.
pub(crate) fn quoted_printable(encoded: &[u8]) -> Transferred {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut damaged = false;
    for line in encoded.split_inclusive(|&byte| byte == b'\n') {
        let ended = line.ends_with(b"\n");
        let content = line.trim_ascii_end();
        let (content, soft) = match content.strip_suffix(b"=") {
            Some(content) => (content, true),
            // Blanks at a line's end were added on the way (rule 3), but those of the last line may be meant.
            None if ended => (content, false),
            None => (line, true),
        };
        let mut at = 0;
        while let Some(&byte) = content.get(at) {
            match (byte, content.get(at + 1).copied().and_then(hex), content.get(at + 2).copied().and_then(hex)) {
                (b'=', Some(high), Some(low)) => {
                    bytes.push(high * 16 + low);
                    at += 3;
                }
                (byte, _, _) => {
                    damaged |= byte == b'=';
                    bytes.push(byte);
                    at += 1;
                }
            }
        }
        if !soft {
            bytes.extend_from_slice(b"\r\n");
        }
    }
    Transferred { bytes, damaged }
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
        let read = base64(b"SGVs\r\nbG8g!!!d29ybGQ=\r\nIQ==");
        assert_eq!((read.bytes.as_slice(), read.damaged), (&b"Hello world!"[..], true));
        let read = quoted_printable(b"caf=C3=A9  \r\nsuite=\r\n et =ZZ fin");
        assert_eq!((read.bytes.as_slice(), read.damaged), ("café\r\nsuite et =ZZ fin".as_bytes(), true));
        assert!(!quoted_printable(b"sain=\n").damaged);
        assert_eq!(quoted_printable(b"=").bytes, b"");
    }

    proptest! {
        #[test]
        fn base64_gives_back_what_was_encoded(bytes: Vec<u8>) {
            let read = base64(data_encoding::BASE64_MIME.encode(&bytes).as_bytes());
            prop_assert_eq!(read.bytes, bytes);
            prop_assert!(!read.damaged);
        }
    }
}
