//! Pictures that a browser may draw: PNG, JPEG, GIF and WebP, told by their own first bytes, never by what a letter says
//! of them. A few kilobytes can declare a picture that fills the memory of a computer: sizes are read and bounded.

/// What a picture says of itself stands within its first bytes, this many of them; what comes later is not looked at.
pub const BEGINNING: usize = 1024 * 1024;
/// More bytes than this are not drawn in a page.
const HEAVIEST: usize = 12 * 1024 * 1024;
/// Longer or higher than any photograph.
const LONGEST: u32 = 16_000;
/// More points than the finest telephone takes.
const LARGEST: u64 = 64_000_000;

/// A picture that a browser may draw.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Raster {
    /// Its type, as its bytes say.
    pub media: &'static str,
    /// In points.
    pub width: u32,
    /// In points.
    pub height: u32,
}

/// What these bytes draw; nothing when they are no such picture, or too large a one.
pub fn of(bytes: &[u8]) -> Option<Raster> {
    of_beginning(bytes, bytes.len())
}

/// What a file of `size` bytes draws, of which these are the first, [`BEGINNING`] of them or all.
pub fn of_beginning(bytes: &[u8], size: usize) -> Option<Raster> {
    let bytes = &bytes[..bytes.len().min(BEGINNING)];
    let (media, (width, height)) = match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => ("image/png", png(bytes)?),
        [0xff, 0xd8, 0xff, ..] => ("image/jpeg", jpeg(bytes)?),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => ("image/gif", (u32::from(little(bytes, 6)?), u32::from(little(bytes, 8)?))),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => ("image/webp", webp(bytes)?),
        _ => return None,
    };
    let sound = (1..=LONGEST).contains(&width) && (1..=LONGEST).contains(&height) && u64::from(width) * u64::from(height) <= LARGEST;
    (sound && size <= HEAVIEST).then_some(Raster { media, width, height })
}

/// The first chunk is `IHDR` (PNG, section 11.2.2).
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let long = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    (bytes.get(12..16)? == b"IHDR").then_some((long(16)?, long(20)?))
}

/// Segment after segment, up to the one that begins a frame (ITU T.81, section B.2.2).
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let (&[mark, kind], next) = bytes.get(at..)?.split_first_chunk()?;
        match kind {
            _ if mark != 0xff => return None,
            // A filling byte.
            0xff => at += 1,
            // Tables of codes have the marks between those of frames.
            0xc0..=0xcf if !matches!(kind, 0xc4 | 0xc8 | 0xcc) => return Some((big(next, 5)?.into(), big(next, 3)?.into())),
            // Nothing that a picture could begin after.
            0xd8..=0xda => return None,
            0x01 | 0xd0..=0xd7 => at += 2,
            _ => at += 2 + usize::from(big(next, 0)?).max(2),
        }
    }
}

/// Lossy, lossless or extended, as the first chunk says (RFC 9649).
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let three = |at: usize| Some(u32::from(little(bytes, at)?) | u32::from(*bytes.get(at + 2)?) << 16);
    match bytes.get(12..16)? {
        b"VP8 " => (bytes.get(23..26)? == [0x9d, 0x01, 0x2a])
            .then_some((u32::from(little(bytes, 26)? & 0x3fff), u32::from(little(bytes, 28)? & 0x3fff))),
        b"VP8L" => {
            let sizes = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            (bytes.get(20)? == &0x2f).then_some(((sizes & 0x3fff) + 1, (sizes >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((three(24)? + 1, three(27)? + 1)),
        _ => None,
    }
}

fn big(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn little(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes(), b"\x08\x06\0\0\0"].concat()
    }

    #[test]
    fn pictures_are_told_by_their_bytes() {
        let said = |bytes: &[u8]| of(bytes).map(|raster| (raster.media, raster.width, raster.height));
        assert_eq!(said(&png(640, 480)), Some(("image/png", 640, 480)));
        assert_eq!(said(b"GIF89a\x20\x03\x58\x02\0\0\0"), Some(("image/gif", 800, 600)));
        // Exif, then a table of codes, a filling byte, then the frame.
        let jpeg = b"\xff\xd8\xff\xe1\0\x06Exif\xff\xc4\0\x03\0\xff\xff\xc2\0\x11\x08\x0b\xb8\x0f\xa0\x03";
        assert_eq!(said(jpeg), Some(("image/jpeg", 4000, 3000)));
        assert_eq!(said(b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01"), Some(("image/webp", 640, 480)));
        assert_eq!(said(b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0"), Some(("image/webp", 640, 480)));
        assert_eq!(said(b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\x10\0\0\0\x7f\x02\0\xdf\x01\0"), Some(("image/webp", 640, 480)));
    }

    #[test]
    fn what_is_no_picture_or_too_large_a_one_is_not_drawn() {
        for bytes in [
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice(),
            b"<!doctype html>",
            b"%PDF-1.4",
            b"BM\0\0",
            b"",
            b"\xff\xd8\xff\xda",
            b"\xff\xd8\xff\xe0\0\0",
            b"GIF89a",
        ] {
            assert_eq!(of(bytes), None, "{bytes:?}");
        }
        for (width, height) in [(0, 10), (10, 0), (100_000, 1), (12_000, 12_000)] {
            assert_eq!(of(&png(width, height)), None, "{width} {height}");
        }
        let heavy = [png(10, 10), vec![0; HEAVIEST]].concat();
        assert_eq!(of(&heavy), None);
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(head in 0..5_usize, bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let heads = [b"".as_slice(), b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"RIFF\0\0\0\0WEBPVP8X"];
            if let Some(raster) = of(&[heads[head], &bytes].concat()) {
                prop_assert!(raster.width > 0 && raster.height > 0);
            }
        }
    }
}
