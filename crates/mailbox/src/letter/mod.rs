//! A letter, made safe to show: pure code that never fails. A broken letter gives a poorer view and a list of remarks.
//!
//! Bytes go in; a [`SafeView`] comes out, in which every string is cleaned, the body is a closed tree of our own, pictures
//! from elsewhere are withheld, and attachments have safe names. Standards: RFC 5322, 2045–2047, 2231, 3676; and what is
//! seen in the wild. Limits: 30 MB, 200 parts, 50 deep; 512 elements deep in HTML; 1 MB of text.

mod address;
mod attachment;
mod charset;
mod clean;
mod field;
mod href;
mod html;
mod mime;
mod parameter;
mod pick;
mod plain;
mod scan;
#[cfg(test)]
mod tests;
mod thread;
mod transfer;
pub mod tree;
mod words;

pub use address::Sender;
pub(crate) use attachment::describe;
pub use attachment::{Attachment, Kind};
pub use maincourante_kernel::raster::Raster;
pub(crate) use mime::Leaf;
pub(crate) use pick::is_body;
pub(crate) use scan::Scan;
pub use thread::Thread;
pub(crate) use transfer::Decoder;

use maincourante_kernel::{Timestamp, raster};

use field::Fields;
use tree::Block;

/// Bytes beyond this are not looked at.
pub const LARGEST: usize = 30 * 1024 * 1024;
/// Text beyond this is not shown.
pub const TEXT: usize = 1024 * 1024;

/// What a letter says of itself in a list.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Heading {
    /// Who says they wrote; `None` when nobody does.
    pub from: Option<Sender>,
    /// To whom.
    pub to: Vec<Sender>,
    /// About what; may be empty.
    pub subject: String,
    /// When, as the sender's clock says.
    pub date: Option<Timestamp>,
}

/// A letter that can be shown.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct SafeView {
    /// Who says they wrote; `None` when nobody does.
    pub from: Option<Sender>,
    /// Where the sender wants replies, when it is not where the letter comes from.
    pub reply_to: Option<Sender>,
    /// To whom.
    pub to: Vec<Sender>,
    /// Who else reads it.
    pub copied_to: Vec<Sender>,
    /// When, as the sender's clock says.
    pub date: Option<Timestamp>,
    /// About what; may be empty.
    pub subject: String,
    /// What it says.
    pub body: Vec<Block>,
    /// What it carries.
    pub attachments: Vec<Attachment>,
    /// The letter's own pictures, which its page shows where they stand: a logo as often as a family photograph. They are
    /// asked for like attachments.
    pub pictures: Vec<Attachment>,
    /// What the reader should know of how it was read.
    pub remarks: Vec<Remark>,
    /// Which conversation it belongs to.
    pub thread: Thread,
}

/// Something the reader should know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Remark {
    /// There is no sender, or their address cannot be read.
    UnreadableSender,
    /// Several people say they wrote it.
    SeveralSenders,
    /// Pictures from elsewhere are not shown: asking for them would tell the sender who reads, when and where.
    ImagesWithheld(usize),
    /// Words that the sender had hidden are not shown.
    HiddenText,
    /// Links that may not be followed are shown as words.
    DeadLinks(usize),
    /// Some of it was damaged on its way, or is not written as it declares.
    Damaged,
    /// It has nothing to read.
    Empty,
    /// It is longer than what is shown.
    Cut,
    /// It has more parts, or deeper ones, than are looked at.
    TooManyParts,
}

crate::veil::veiled!(Heading, SafeView);

/// Reads the head of a letter, for a list.
pub fn heading(head: &[u8]) -> Heading {
    heading_of(&Fields::parse(field::split(head).0))
}

/// Reads a letter.
///
/// ```
/// let view = maincourante_mailbox::letter::read(b"From: jo@exemple.fr\nSubject: secret\n\nBonjour");
/// assert_eq!((view.subject.as_str(), format!("{view:?}").as_str()), ("secret", "SafeView(…)"));
/// ```
pub fn read(bytes: &[u8]) -> SafeView {
    let whole = &bytes[..bytes.len().min(LARGEST)];
    let shape = mime::read(whole);
    let Heading { from, to, subject, date } = heading_of(&shape.fields);
    let mut remarks = Vec::new();
    if from.as_ref().is_none_or(|sender| sender.address.is_none()) {
        remarks.push(Remark::UnreadableSender);
    }
    if shape.fields.each("from").map(address::list).map(|list| list.len()).sum::<usize>() > 1 {
        remarks.push(Remark::SeveralSenders);
    }
    let content = pick::read(&shape);
    let reply_to = shape.fields.get("reply-to").map(address::list).unwrap_or_default().into_iter().find(|sender| sender.address.is_some());
    let same = |reply: &Sender| from.as_ref().is_some_and(|from| reply.address == from.address);
    let said = [
        (content.images > 0).then_some(Remark::ImagesWithheld(content.images)),
        content.hidden.then_some(Remark::HiddenText),
        (content.dead_links > 0).then_some(Remark::DeadLinks(content.dead_links)),
        (content.damaged || shape.broken).then_some(Remark::Damaged),
        content.blocks.is_empty().then_some(Remark::Empty),
        (content.cut || bytes.len() > LARGEST).then_some(Remark::Cut),
        shape.too_many.then_some(Remark::TooManyParts),
    ];
    remarks.extend(said.into_iter().flatten());
    SafeView {
        reply_to: reply_to.filter(|reply| !same(reply)),
        copied_to: shape.fields.each("cc").flat_map(address::list).collect(),
        thread: Thread::of(shape.fields.get("message-id"), shape.fields.get("references").or(shape.fields.get("in-reply-to"))),
        from,
        to,
        date,
        subject,
        body: content.blocks,
        attachments: content.attachments,
        pictures: content.pictures,
        remarks,
    }
}

/// The bytes of what a letter carries, by the index that [`read`] gave it, for whoever holds the whole letter.
pub fn attachment(bytes: &[u8], index: usize) -> Option<Vec<u8>> {
    let shape = mime::read(&bytes[..bytes.len().min(LARGEST)]);
    Some(shape.root.leaf(index).filter(|leaf| !is_body(leaf))?.decode(shape.letter).bytes)
}

/// What a person writes as a subject: on one line, cleaned, never cut.
pub(crate) fn one_line(text: &str) -> String {
    clean::line(text)
}

/// What a person writes as a text: cleaned, with our line ends.
pub(crate) fn own_lines(text: &str) -> String {
    clean::text(text).trim_end().to_owned()
}

/// A letter that we wrote ourselves, taken back into its pieces.
pub(crate) struct OwnLetter {
    pub subject: String,
    pub text: String,
    pub in_reply_to: Thread,
}

/// Takes a letter of ours back into its pieces.
pub(crate) fn own(bytes: &[u8]) -> OwnLetter {
    let shape = mime::read(bytes);
    let text = shape.root.leaf(0).map(|leaf| leaf.decode(shape.letter).bytes).unwrap_or_default();
    OwnLetter {
        subject: shape.fields.get("subject").map(subject).unwrap_or_default(),
        text: own_lines(&charset::decode(&text, None).text),
        in_reply_to: Thread::of(None, shape.fields.get("references")),
    }
}

fn heading_of(fields: &Fields<'_>) -> Heading {
    // The first address of the first `From`; that there are others is a remark.
    let from = fields.get("from").map(address::list).unwrap_or_default().into_iter().next();
    Heading {
        from,
        to: fields.each("to").flat_map(address::list).collect(),
        subject: fields.get("subject").map(subject).unwrap_or_default(),
        date: fields.get("date").and_then(date),
    }
}

fn subject(value: &[u8]) -> String {
    clean::line_up_to(&words::decode(&value[..value.len().min(16 * 1024)]), 300)
}

fn date(value: &[u8]) -> Option<Timestamp> {
    static PARSER: jiff::fmt::rfc2822::DateTimeParser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let instant = PARSER.parse_timestamp(std::str::from_utf8(value).ok()?.get(..value.len().min(200))?).ok()?;
    Some(Timestamp::from_micros(instant.as_microsecond()))
}
