//! What a letter carries: a name that is safe on any computer, and a type from a short list.
//!
//! The name is the sender's: no path, no control, no direction override, nothing a file system reserves. Its extension is
//! kept, for it is what a computer will open the file with, and the type is taken from it first. What is not on the list
//! is bytes: a page never serves HTML, SVG, XML or a script under its own type.

use super::clean;
use super::raster::Raster;

/// A name longer than this is cut, before its extension.
const LONGEST: usize = 100;
/// What is called nothing.
const NAMELESS: &str = "document";

/// Something that a letter carries.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Attachment {
    /// Its rank in the letter: what to ask for it by.
    pub index: usize,
    /// A file name that is safe to propose.
    pub name: String,
    /// A type that is safe to serve, always as a download.
    pub media: &'static str,
    /// What it is, in a word.
    pub kind: Kind,
    /// How many bytes it has.
    pub size: usize,
    /// How a page may draw it, when it is a picture that a browser may be given.
    pub raster: Option<Raster>,
}

crate::veil::veiled!(Attachment);

/// What a file is, in a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A PDF.
    Pdf,
    /// A photograph or a drawing.
    Picture,
    /// A text, formatted or not.
    Text,
    /// A sheet of figures.
    Sheet,
    /// Slides.
    Slides,
    /// A date to keep.
    Event,
    /// Someone's address.
    Card,
    /// Sound.
    Sound,
    /// A film.
    Film,
    /// Several files in one.
    Archive,
    /// Another letter.
    Letter,
    /// Anything else: to be mistrusted.
    Other,
}

const BYTES: &str = "application/octet-stream";

/// Extensions, the type served for them, and what they are. The first extension of a type is the one it is given.
const KNOWN: &[(&str, &str, Kind)] = &[
    ("pdf", "application/pdf", Kind::Pdf),
    ("jpg", "image/jpeg", Kind::Picture),
    ("jpeg", "image/jpeg", Kind::Picture),
    ("png", "image/png", Kind::Picture),
    ("gif", "image/gif", Kind::Picture),
    ("webp", "image/webp", Kind::Picture),
    ("heic", "image/heic", Kind::Picture),
    ("tif", "image/tiff", Kind::Picture),
    ("tiff", "image/tiff", Kind::Picture),
    ("txt", "text/plain", Kind::Text),
    ("odt", "application/vnd.oasis.opendocument.text", Kind::Text),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Kind::Text),
    ("doc", "application/msword", Kind::Text),
    ("rtf", "application/rtf", Kind::Text),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet", Kind::Sheet),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Kind::Sheet),
    ("xls", "application/vnd.ms-excel", Kind::Sheet),
    ("csv", "text/csv", Kind::Sheet),
    ("odp", "application/vnd.oasis.opendocument.presentation", Kind::Slides),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", Kind::Slides),
    ("ppt", "application/vnd.ms-powerpoint", Kind::Slides),
    ("ics", "text/calendar", Kind::Event),
    ("vcf", "text/vcard", Kind::Card),
    ("mp3", "audio/mpeg", Kind::Sound),
    ("m4a", "audio/mp4", Kind::Sound),
    ("ogg", "audio/ogg", Kind::Sound),
    ("wav", "audio/wav", Kind::Sound),
    ("mp4", "video/mp4", Kind::Film),
    ("mov", "video/quicktime", Kind::Film),
    ("zip", "application/zip", Kind::Archive),
    ("eml", BYTES, Kind::Letter),
];

/// The safe name and type of what the letter calls `name` and declares as `declared`.
pub(crate) fn describe(name: Option<&str>, declared: &str) -> (String, &'static str, Kind) {
    let name = safe_name(name.unwrap_or_default());
    let by_extension = extension(&name).and_then(|extension| KNOWN.iter().find(|(known, _, _)| *known == extension));
    if let Some((_, media, kind)) = by_extension {
        return (name, media, *kind);
    }
    if !name.is_empty() && extension(&name).is_some() {
        // An extension that is not ours rules: `facture.html` declared as a PDF is no PDF.
        return (name, BYTES, Kind::Other);
    }
    let declared = if declared == "message/rfc822" { "eml" } else { declared };
    let stem = if name.is_empty() { NAMELESS } else { &name };
    match KNOWN.iter().find(|(extension, media, _)| *extension == declared || (*media == declared && *media != BYTES)) {
        Some((extension, media, kind)) => (format!("{stem}.{extension}"), media, *kind),
        None => (stem.to_owned(), BYTES, Kind::Other),
    }
}

fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    let sound = !stem.is_empty() && (1..=8).contains(&extension.len()) && extension.chars().all(|c| c.is_ascii_alphanumeric());
    sound.then(|| extension.to_ascii_lowercase())
}

fn safe_name(written: &str) -> String {
    let last = clean::line(written);
    let last = last.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().map(|c| if "<>:\"|?*%".contains(c) { '_' } else { c }).collect();
    let bare = name.trim().strip_prefix('.').filter(|bare| KNOWN.iter().any(|(known, _, _)| bare.eq_ignore_ascii_case(known)));
    if let Some(extension) = bare {
        return format!("{NAMELESS}.{extension}");
    }
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, tail) = match extension(name) {
        Some(extension) => name.split_at(name.len() - extension.len() - 1),
        None => (name, ""),
    };
    let stem: String = stem.trim_end_matches(|c: char| c == '.' || c.is_whitespace()).chars().take(LONGEST).collect();
    let reserved = if is_reserved(&stem) { "_" } else { "" };
    format!("{reserved}{stem}{tail}")
}

/// Names that some file systems keep for devices, whatever their extension.
fn is_reserved(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let port = |prefix| {
        first.strip_prefix(prefix).is_some_and(|rest: &str| rest.chars().count() == 1 && rest.chars().all(|c| "0123456789¹²³".contains(c)))
    };
    matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || port("COM") || port("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(written: &str) -> String {
        describe(Some(written), BYTES).0
    }

    #[test]
    fn names_are_safe_anywhere_and_keep_their_extension() {
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name("C:\\Users\\x\\Relevé de compte.PDF"), "Relevé de compte.PDF");
        assert_eq!(name("facture\u{202e}fdp.exe"), "facturefdp.exe", "the override is gone, the truth is seen");
        assert_eq!(name("a\r\nSet-Cookie: x.pdf"), "a Set-Cookie_ x.pdf");
        assert_eq!(name("con.txt"), "_con.txt");
        assert_eq!(name("COM1"), "_COM1");
        assert_eq!(name(".htaccess"), "htaccess");
        assert_eq!(name("a.pdf. . "), "a.pdf");
        assert_eq!(name("photo.jpg   .exe"), "photo.jpg.exe");
        assert_eq!(name(".."), "document");
        assert_eq!(name(" .pdf"), "document.pdf", "an extension alone stays one");
        assert_eq!(name(&format!("{}.pdf", "é".repeat(300))), format!("{}.pdf", "é".repeat(LONGEST)));
    }

    #[test]
    fn the_extension_rules_over_what_is_declared() {
        let media = |name, declared| describe(name, declared).1;
        assert_eq!(media(Some("a.pdf"), BYTES), "application/pdf");
        assert_eq!(media(Some("a.html"), "application/pdf"), BYTES);
        assert_eq!(media(Some("a.svg"), "image/svg+xml"), BYTES);
        assert_eq!(describe(Some("photo"), "image/jpeg"), ("photo.jpg".into(), "image/jpeg", Kind::Picture));
        assert_eq!(describe(None, "message/rfc822"), ("document.eml".into(), BYTES, Kind::Letter));
        assert_eq!(describe(None, "text/html"), ("document".into(), BYTES, Kind::Other));
    }
}
