//! A letter that the service itself writes, to someone who works there: it goes by the same relay as the letters of people, from
//! an address that is nobody's mailbox. Nothing is kept of it here: the job that hands it over has what it needs to make it again.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox as Named, SinglePart};
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::{Failure, Secret};
use uuid::Uuid;

use crate::outgoing::{Envelope, message_id};
use crate::relay::HandOver;
use crate::{LetterId, Mailbox, letter, store};

/// The local part of the service's own address: a reserved word, which no person can have.
const LOCAL: &str = "ne-pas-repondre";

/// A letter of the service.
pub struct Notice<'a> {
    /// Its identity: the same one made twice is one letter.
    pub id: Uuid,
    /// What the service calls itself, and the domain it writes from.
    pub from: (&'a str, &'a str),
    /// To whom.
    pub to: &'a MailAddress,
    /// About what.
    pub subject: &'a str,
    /// What it says. It may hold a link that opens something: it goes into no log.
    pub text: &'a Secret<String>,
}

/// Hands a letter of the service to the relay. Harmless if run twice: the same `Message-ID`.
///
/// # Errors
/// When the base refuses, or the letter cannot be written.
pub async fn hand_over(mailbox: &Mailbox, notice: &Notice<'_>) -> Result<HandOver, Failure> {
    let kernel = &mailbox.kernel;
    let (name, domain) = notice.from;
    let sender: MailAddress = format!("{LOCAL}@{domain}").parse().map_err(|_| Failure::new("the service's domain makes no address"))?;
    let mut tx = kernel.db.write().await?;
    // The submission credential may send for the addresses that the base says, and for no other.
    store::allow_sender(&mut tx, sender.as_str()).await?;
    tx.commit().await?;
    let id = LetterId::from(notice.id);
    let sent = UNIX_EPOCH + Duration::from_secs(u64::try_from(kernel.now().seconds()).unwrap_or(0));
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(notice.text.reveal().replace('\n', "\r\n"));
    let bytes = Message::builder()
        .from(Named::new(Some(name.to_owned()), sender.as_str().parse()?))
        .to(Named::new(None, notice.to.as_str().parse()?))
        .subject(letter::one_line(notice.subject))
        .date(sent)
        .message_id(Some(message_id(id, &sender)))
        // No machine answers it (RFC 3834, section 5).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .singlepart(text)?
        .formatted();
    mailbox.relay.hand_over(kernel, id, &Envelope::between(&sender, notice.to), &bytes.into()).await
}
