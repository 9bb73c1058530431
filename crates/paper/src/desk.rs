//! All that a template can see: itself, the faces in the program, and `/data.json`. Anything else is refused.
//!
//! File identifiers come from a global table that never shrinks (65,535 entries for the life of the process), hence the constant paths.

use std::sync::Arc;

use maincourante_kernel::Failure;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// Faces, in the program: a sheet is the same on a machine that has no font.
static FACES: [&[u8]; 4] = [
    include_bytes!("../fonts/AtkinsonHyperlegible-Regular.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegible-Bold.ttf"),
    include_bytes!("../fonts/OpenSans-Regular.ttf"),
    include_bytes!("../fonts/OpenSans-Bold.ttf"),
];

/// What every sheet shares, and the mandate.
const HOUSE: &str = include_str!("../../../templates/paper/house.typ");
const MANDATE: &str = include_str!("../../../templates/paper/mandate.typ");

/// SHA-256 of what a mandate is composed from, data left out.
pub(crate) fn mandate_sources_sha256() -> [u8; 32] {
    crate::press::sha256([HOUSE, MANDATE].concat().as_bytes())
}

/// Which sheet is composed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Template {
    Mandate,
    Welcome,
}

/// What is read once and serves every sheet.
pub(crate) struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    faces: Vec<Font>,
    house: Source,
    mandate: Source,
    welcome: Source,
    data: FileId,
    letters: String,
}

impl Shop {
    pub(crate) fn open() -> Result<Self, Failure> {
        let faces: Vec<Font> = FACES.iter().flat_map(|face| Font::iter(Bytes::new(*face))).collect();
        if faces.len() != FACES.len() {
            return Err(Failure::new("a face of the program cannot be read"));
        }
        let source = |path, text: &str| Ok::<_, Failure>(Source::new(at(path)?, text.to_owned()));
        Ok(Self {
            letters: letters(&faces[..2]),
            library: LazyHash::new(Library::builder().build()),
            book: LazyHash::new(FontBook::from_fonts(&faces)),
            faces,
            house: source("/house.typ", HOUSE)?,
            mandate: source("/mandate.typ", MANDATE)?,
            welcome: source("/welcome.typ", include_str!("../../../templates/paper/welcome.typ"))?,
            data: at("/data.json")?,
        })
    }

    /// Whether a face has this letter.
    pub(crate) fn prints(&self, letter: char) -> bool {
        self.faces.iter().any(|face| face.info().coverage.contains(u32::from(letter)))
    }

    /// What the first face prints by itself, as a class of characters.
    pub(crate) fn letters(&self) -> &str {
        &self.letters
    }

    pub(crate) fn source_of(&self, template: Template) -> &Source {
        match template {
            Template::Mandate => &self.mandate,
            Template::Welcome => &self.welcome,
        }
    }

    fn sources(&self) -> [&Source; 3] {
        [&self.house, &self.mandate, &self.welcome]
    }
}

/// The characters that every one of `faces` has whole, but for digits and combining marks.
///
/// The engine would otherwise build `ễ` of an `ê` and a tilde when a face lacks it, and name the shared `ê` twice in the file:
/// some readers then lose the rest of the line. A letter that is not whole in the first face is taken from the second.
fn letters(faces: &[Font]) -> String {
    let whole = |letter: &u32| faces.iter().all(|face| face.info().coverage.contains(*letter));
    let wanted = |letter: &u32| !(0x30..=0x39).contains(letter) && !(0x300..=0x36f).contains(letter);
    let mut class = String::from("[");
    for letter in faces[0].info().coverage.iter().filter(whole).filter(wanted) {
        class.extend(["\\u{", &format!("{letter:x}"), "}"]);
    }
    class + "]"
}

fn at(path: &'static str) -> Result<FileId, Failure> {
    let path = VirtualPath::new(path).map_err(|_| Failure::new("a template has an impossible path"))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

/// One sheet being composed.
pub(crate) struct Desk {
    shop: Arc<Shop>,
    template: Template,
    data: Bytes,
}

impl Desk {
    pub(crate) fn new(shop: Arc<Shop>, template: Template, data: String) -> Self {
        Self { shop, template, data: Bytes::from_string(data) }
    }

    /// Where a diagnostic points: template and line. Its message is left out: it may quote a name.
    pub(crate) fn place(&self, id: Option<FileId>, range: Option<std::ops::Range<usize>>) -> String {
        let source = id.and_then(|id| self.shop.sources().into_iter().find(|source| source.id() == id));
        let line = source.zip(range).and_then(|(source, range)| source.lines().byte_to_line(range.start));
        match (source, line) {
            (Some(source), Some(line)) => format!("{} line {}", source.id().vpath().get_without_slash(), line + 1),
            _ => format!("{:?}", self.template),
        }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.book
    }

    fn main(&self) -> FileId {
        self.shop.source_of(self.template).id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.shop.sources().into_iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shop.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.faces.get(index).cloned()
    }

    /// A sheet does not know what day it is: dates are data.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_reaches_nothing_but_itself_and_its_data() {
        let desk = Desk::new(Arc::new(Shop::open().unwrap()), Template::Mandate, "{}".to_owned());
        assert_eq!(desk.file(at("/data.json").unwrap()).unwrap().as_slice(), b"{}");
        for path in ["/etc/passwd", "/data.json/x", "/mandate.typ", "/other.json"] {
            assert_eq!(desk.file(at(path).unwrap()), Err(FileError::AccessDenied), "{path}");
        }
        for path in ["/other.typ", "/data.json"] {
            assert!(matches!(desk.source(at(path).unwrap()), Err(FileError::AccessDenied)), "{path}");
        }
        let package = RootedPath::new(VirtualRoot::Package("@preview/cades:0.3.1".parse().unwrap()), VirtualPath::new("/lib.typ").unwrap());
        assert!(matches!(desk.source(FileId::new(package)), Err(FileError::AccessDenied)));
        assert!(desk.today(None).is_none());
    }
}
