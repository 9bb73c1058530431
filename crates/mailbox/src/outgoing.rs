//! A letter that a person writes: to whom, about what, what it says. Parsed at the door, made into bytes once.
//!
//! `From:` is the person's own name and address and nothing else: no field of a form reaches it. `Date` comes from the
//! clock, `Message-ID` from the letter's own id, so that the same letter made twice is the same letter.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox as Named, MultiPart, SinglePart};
use maincourante_identity::Own;
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::{Failure, Timestamp};
use serde::{Deserialize, Serialize};

use crate::LetterId;
use crate::letter::{self, Thread};

/// More recipients than a person writes to at once.
const MOST_RECIPIENTS: usize = 20;
/// A subject longer than this is refused.
pub const LONGEST_SUBJECT: usize = 200;
/// A text longer than this, in bytes, is refused.
pub const LONGEST_TEXT: usize = 200 * 1024;

/// A letter to send.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Outgoing {
    to: Vec<MailAddress>,
    subject: String,
    text: String,
    in_reply_to: Thread,
}

crate::veil::veiled!(Outgoing);

/// Why a letter cannot be sent as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadLetter {
    /// It is for nobody.
    NoRecipient,
    /// It is for too many at once.
    TooManyRecipients,
    /// Its subject is too long.
    SubjectTooLong,
    /// It says nothing.
    NoText,
    /// It says too much.
    TextTooLong,
}

impl Outgoing {
    /// A letter, if it can be sent. A letter that answers another names it by its [`Thread`]; any other has an empty one.
    pub fn new(mut to: Vec<MailAddress>, subject: &str, text: &str, in_reply_to: Thread) -> Result<Self, BadLetter> {
        let mut known = Vec::new();
        to.retain(|address| {
            !known.contains(&address.folded()) && {
                known.push(address.folded());
                true
            }
        });
        let subject = letter::one_line(subject);
        let text = letter::own_lines(text);
        if to.is_empty() {
            return Err(BadLetter::NoRecipient);
        }
        if to.len() > MOST_RECIPIENTS {
            return Err(BadLetter::TooManyRecipients);
        }
        if subject.chars().count() > LONGEST_SUBJECT {
            return Err(BadLetter::SubjectTooLong);
        }
        if text.trim().is_empty() {
            return Err(BadLetter::NoText);
        }
        if text.len() > LONGEST_TEXT {
            return Err(BadLetter::TextTooLong);
        }
        Ok(Self { to, subject, text, in_reply_to })
    }

    /// To whom.
    pub fn to(&self) -> &[MailAddress] {
        &self.to
    }

    /// About what.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Which letter it answers.
    pub fn in_reply_to(&self) -> &Thread {
        &self.in_reply_to
    }

    /// The finished letter, and the envelope it travels in. Of a letter that carries files, the part without them: they come
    /// after, when it leaves ([`crate::leaving`]).
    pub(crate) fn finish(&self, own: &Own, id: LetterId, now: Timestamp, carries: Carries) -> Result<(Envelope, Vec<u8>), Failure> {
        let sent = UNIX_EPOCH + Duration::from_secs(u64::try_from(now.seconds()).unwrap_or(0));
        let mut builder = Message::builder()
            .from(Named::new(Some(own.name()), own.address().as_str().parse()?))
            .subject(self.subject.as_str())
            .date(sent)
            .message_id(Some(message_id(id, own.address())));
        for address in &self.to {
            builder = builder.to(Named::new(None, address.as_str().parse()?));
        }
        if let Some(last) = self.in_reply_to.last() {
            builder = builder.in_reply_to(last.to_owned()).references(self.in_reply_to.to_string());
        }
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(self.text.replace('\n', "\r\n"));
        let envelope = Envelope { from: own.address().to_string(), to: self.to.iter().map(MailAddress::to_string).collect() };
        let letter = match carries {
            Carries::Nothing => builder.singlepart(text)?,
            Carries::Files => builder.multipart(MultiPart::mixed().boundary(boundary(id)).singlepart(text))?,
        };
        Ok((envelope, letter.formatted()))
    }

    /// The letter behind finished bytes of ours, to be written anew.
    pub(crate) fn reopen(envelope: &Envelope, bytes: &[u8]) -> Result<Self, Failure> {
        let own = letter::own(bytes);
        Ok(Self { to: envelope.recipients()?, subject: own.subject, text: own.text, in_reply_to: own.in_reply_to })
    }
}

/// Whether files come after the text of a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Carries {
    Nothing,
    Files,
}

/// What stands between the parts of a letter that carries files: of its id alone.
pub(crate) fn boundary(id: LetterId) -> String {
    format!("maincourante-{}", id.uuid().simple())
}

/// The name of a letter for the rest of the world: of its id alone, for any copy of it to be known as the same.
pub(crate) fn message_id(id: LetterId, from: &MailAddress) -> String {
    format!("<{}@{}>", id.uuid().simple(), from.domain())
}

/// Who a letter comes from and who must get it, for the mail servers: fixed when it is consigned.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Envelope {
    from: String,
    to: Vec<String>,
}

impl Envelope {
    /// Of a letter from one address to another.
    pub(crate) fn between(from: &MailAddress, to: &MailAddress) -> Self {
        Self { from: from.to_string(), to: vec![to.to_string()] }
    }

    pub(crate) fn sender(&self) -> Result<MailAddress, Failure> {
        address(&self.from)
    }

    pub(crate) fn recipients(&self) -> Result<Vec<MailAddress>, Failure> {
        self.to.iter().map(|text| address(text)).collect()
    }

    /// The same, for these recipients only.
    pub(crate) fn only_to(&self, to: &[MailAddress]) -> Self {
        Self { from: self.from.clone(), to: to.iter().map(MailAddress::to_string).collect() }
    }
}

fn address(text: &str) -> Result<MailAddress, Failure> {
    text.parse().map_err(|_| Failure::new("an address of an envelope does not parse"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(all: &[&str]) -> Vec<MailAddress> {
        all.iter().map(|one| one.parse().unwrap()).collect()
    }

    #[test]
    fn what_cannot_be_sent_is_refused_with_its_reason() {
        let new = |to: Vec<MailAddress>, subject: &str, text: &str| {
            Outgoing::new(to, subject, text, Thread::default()).map(|letter| letter.to.len())
        };
        assert_eq!(new(to(&["a@b.fr", "A@b.fr", "c@d.fr"]), "x", "y"), Ok(2));
        assert_eq!(new(Vec::new(), "x", "y"), Err(BadLetter::NoRecipient));
        let many = (0..=MOST_RECIPIENTS).map(|n| format!("a{n}@b.fr").parse().unwrap()).collect();
        assert_eq!(new(many, "x", "y"), Err(BadLetter::TooManyRecipients));
        assert_eq!(new(to(&["a@b.fr"]), &"é".repeat(LONGEST_SUBJECT), "y"), Ok(1));
        assert_eq!(new(to(&["a@b.fr"]), &"é".repeat(LONGEST_SUBJECT + 1), "y"), Err(BadLetter::SubjectTooLong));
        assert_eq!(new(to(&["a@b.fr"]), "x", " \r\n\u{200b}"), Err(BadLetter::NoText));
        assert_eq!(new(to(&["a@b.fr"]), "x", &"y".repeat(LONGEST_TEXT + 1)), Err(BadLetter::TextTooLong));
        let letter = Outgoing::new(to(&["a@b.fr"]), "x\r\nBcc: c@d.fr", "y\u{0}\r\nz", Thread::default()).unwrap();
        assert_eq!((letter.subject(), letter.text()), ("x Bcc: c@d.fr", "y\nz"));
    }
}
