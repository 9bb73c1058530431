//! The press: data in, a tagged and archivable PDF out.
//!
//! Composing takes milliseconds in release and much more without optimisation: call it from a blocking thread, never while a
//! write transaction is open. The engine remembers what it composed; that memory is emptied after each sheet, because it would
//! grow without end and because it holds names.

use std::fmt;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use maincourante_kernel::{Failure, Timestamp, calendar};
use ring::digest;
use serde_json::Value;
use typst::WorldExt;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::desk::{Desk, Shop, Template};
use crate::mandate::MandateDocument;
use crate::welcome::WelcomeSheet;

/// Two pages that bind and an easy one.
const MANDATE_PAGES: usize = 3;

/// Makes sheets. Cheap to clone; one serves the whole process.
#[derive(Clone)]
pub struct Press {
    shop: Arc<Shop>,
    standards: PdfStandards,
}

/// A finished document.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The file.
    pub pdf: Vec<u8>,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// How many pages it has.
    pub pages: usize,
}

impl Press {
    /// Reads faces, templates and the engine's library, once.
    pub fn new() -> Result<Self, Failure> {
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .map_err(|_| Failure::new("PDF/A-2a and PDF/UA-1 do not go together"))?;
        Ok(Self { shop: Arc::new(Shop::open()?), standards })
    }

    /// Prints a mandate: two pages and the easy one.
    ///
    /// Very long names get a tighter setting before they get another page.
    pub fn mandate(&self, document: &MandateDocument) -> Result<Sheet, Failure> {
        let mut data = document.data();
        let mut sheet = self.sheet(Template::Mandate, with_density(&mut data, false), document.made_at)?;
        if sheet.pages > MANDATE_PAGES {
            sheet = self.sheet(Template::Mandate, with_density(&mut data, true), document.made_at)?;
        }
        Ok(sheet)
    }

    /// Prints a welcome sheet: one page.
    pub fn welcome_sheet(&self, welcome: &WelcomeSheet) -> Result<Sheet, Failure> {
        self.sheet(Template::Welcome, &welcome.data(), welcome.made_at)
    }

    /// The first letter of `text` that no face can print, if any; a sheet shows `�` in its place.
    ///
    /// Forms ask this at the door: French civil status is written in the Latin alphabet, which is whole here.
    pub fn unprintable(&self, text: &str) -> Option<char> {
        crate::words::line(text).chars().find(|&letter| !self.shop.prints(letter))
    }

    fn sheet(&self, template: Template, data: &Value, made_at: Timestamp) -> Result<Sheet, Failure> {
        let mut data = data.clone();
        data["letters"] = self.shop.letters().into();
        let composed = self.compose(template, &data, made_at);
        comemo::evict(0);
        Ok(composed?)
    }

    fn compose(&self, template: Template, data: &Value, made_at: Timestamp) -> Result<Sheet, Refused> {
        let text: String = data.to_string().chars().map(|letter| if self.shop.prints(letter) { letter } else { '\u{fffd}' }).collect();
        let identity = format!("maincourante {template:?} {}", HEXLOWER.encode(&sha256(text.as_bytes())));
        let desk = Desk::new(self.shop.clone(), template, text);
        let document = typst::compile::<PagedDocument>(&desk).output.map_err(|found| Refused::from(&desk, &found))?;
        let options = PdfOptions {
            ident: Smart::Custom(identity),
            creator: Smart::Custom(Some("Maincourante".to_owned())),
            timestamp: datetime(made_at).map(typst_pdf::Timestamp::new_utc),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|found| Refused::from(&desk, &found))?;
        Ok(Sheet { sha256: sha256(&pdf), pages: document.pages().len(), pdf })
    }
}

fn with_density(data: &mut Value, tight: bool) -> &Value {
    data["tight"] = Value::Bool(tight);
    data
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut sum = [0; 32];
    sum.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    sum
}

/// The date that the file carries, in UTC.
fn datetime(instant: Timestamp) -> Option<Datetime> {
    let text = calendar::machine(instant);
    let mut parts = text.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u16>().ok());
    let year = i32::from(parts.next()??);
    let mut small = || parts.next().flatten().and_then(|part| u8::try_from(part).ok());
    Datetime::from_ymd_hms(year, small()?, small()?, small()?, small()?, small()?)
}

/// The engine refused a sheet. Only places are told: a message may quote the data.
struct Refused {
    places: Vec<String>,
    #[cfg(test)]
    messages: Vec<String>,
}

impl Refused {
    fn from(desk: &Desk, found: &[SourceDiagnostic]) -> Self {
        Self {
            places: found.iter().map(|one| desk.place(one.span.id(), desk.range(one.span))).collect(),
            #[cfg(test)]
            messages: found.iter().map(|one| one.message.to_string()).collect(),
        }
    }
}

impl std::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "a sheet cannot be composed: {}", self.places.join(", "))
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl fmt::Debug for Sheet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sheet({} bytes, {} pages, {})", self.pdf.len(), self.pages, HEXLOWER.encode(&self.sha256[..4]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_sheet_tells_where_and_never_what() {
        let press = Press::new().unwrap();
        let data = serde_json::json!({ "template": "Lambert", "letters": press.shop.letters() });
        let refused = press.compose(Template::Welcome, &data, Timestamp::from_micros(0)).unwrap_err();
        assert_eq!(refused.to_string(), "a sheet cannot be composed: welcome.typ line 7");
        assert_eq!(format!("{refused:?}"), refused.to_string());
        assert!(!refused.messages.is_empty());
    }

    #[test]
    fn the_date_of_the_file_is_that_of_the_data() {
        let told = datetime(Timestamp::from_micros(1_795_181_520_000_000)).unwrap();
        assert_eq!(Some(told), Datetime::from_ymd_hms(2026, 11, 20, 13, 32, 0));
    }
}
