//! What a letter carries, in our words: what it is, how heavy, and whether to be careful.

use maincourante_mailbox::letter::{Attachment, Kind, Raster};
use rust_i18n::t;

/// Something that a letter carries, ready to be told.
pub(crate) struct Parcel {
    pub index: usize,
    pub name: String,
    /// "Document PDF, petit fichier".
    pub what: String,
    /// It may do harm.
    pub careful: bool,
    /// How it is drawn, when it is a picture that can be.
    pub raster: Option<Raster>,
}

const SMALL: usize = 1024 * 1024;
const BIG: usize = 5 * 1024 * 1024;

impl From<Attachment> for Parcel {
    fn from(attachment: Attachment) -> Self {
        Self {
            index: attachment.index,
            what: what(attachment.kind, attachment.size),
            careful: matches!(attachment.kind, Kind::Other | Kind::Archive),
            raster: attachment.raster,
            name: attachment.name,
        }
    }
}

/// "Document PDF, petit fichier".
pub(crate) fn what(kind: Kind, size: usize) -> String {
    let size = match size {
        0..SMALL => t!("parcel.size.small"),
        SMALL..BIG => t!("parcel.size.medium"),
        BIG.. => t!("parcel.size.big"),
    };
    t!("parcel.what", kind = t!(self::kind(kind)), size = size).into_owned()
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Pdf => "parcel.kind.pdf",
        Kind::Picture => "parcel.kind.picture",
        Kind::Text => "parcel.kind.text",
        Kind::Sheet => "parcel.kind.sheet",
        Kind::Slides => "parcel.kind.slides",
        Kind::Event => "parcel.kind.event",
        Kind::Card => "parcel.kind.card",
        Kind::Sound => "parcel.kind.sound",
        Kind::Film => "parcel.kind.film",
        Kind::Archive => "parcel.kind.archive",
        Kind::Letter => "parcel.kind.letter",
        Kind::Other => "parcel.kind.other",
    }
}
