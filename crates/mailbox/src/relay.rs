//! How a letter leaves: handed to a mail server, delivered here (demo), or kept in memory (tests).
//!
//! The server's credential may send for local addresses and read nothing. Each way answers in one of four words, for
//! "it did not leave" and "one cannot know" are not the same: the second may have left, and is never taken back.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use maincourante_kernel::{Failure, Kernel};

use crate::leaving::Leaving;
use crate::maildir::{Delivery, Maildir};
use crate::outgoing::Envelope;
use crate::smtp::Smtp;
use crate::{LetterId, departed};

/// Where letters go.
pub(crate) enum Relay {
    Smtp(Smtp),
    Local { domain: String, maildir: Maildir },
    Memory(MemoryRelay),
}

/// What became of a letter that was handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandOver {
    /// It is the server's now.
    Accepted,
    /// It will never be taken.
    Refused(Refusal),
    /// It was not taken this time.
    NotYet,
    /// Nobody is there to take it.
    Away,
    /// The line broke when it may have been taken.
    Unsure,
}

/// Why a letter will never be taken, as a person can understand it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// There is nobody at that address.
    NoSuchAddress,
    /// Their mailbox is full.
    MailboxFull,
    /// The letter is too heavy.
    TooLarge,
    /// Their server wants none of it.
    Rejected,
    /// Nothing took it for days.
    NoAnswer,
}

impl Refusal {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NoSuchAddress => "no_such_address",
            Self::MailboxFull => "mailbox_full",
            Self::TooLarge => "too_large",
            Self::Rejected => "rejected",
            Self::NoAnswer => "no_answer",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "no_such_address" => Self::NoSuchAddress,
            "mailbox_full" => Self::MailboxFull,
            "too_large" => Self::TooLarge,
            "no_answer" => Self::NoAnswer,
            _ => Self::Rejected,
        }
    }
}

impl Relay {
    pub(crate) async fn hand_over(
        &self,
        kernel: &Kernel,
        id: LetterId,
        envelope: &Envelope,
        letter: &Leaving,
    ) -> Result<HandOver, Failure> {
        match self {
            Self::Smtp(smtp) => smtp.hand_over(kernel, envelope, letter).await,
            Self::Local { domain, maildir } => local(kernel, domain, maildir, id, envelope, letter).await,
            Self::Memory(memory) => Ok(memory.hand_over(letter.whole(kernel).await?)),
        }
    }
}

/// Nobody is written to before everybody is known: a letter is taken whole or not at all.
async fn local(
    kernel: &Kernel,
    domain: &str,
    maildir: &Maildir,
    id: LetterId,
    envelope: &Envelope,
    letter: &Leaving,
) -> Result<HandOver, Failure> {
    let (here, elsewhere): (Vec<_>, Vec<_>) = envelope.recipients()?.into_iter().partition(|address| address.domain() == domain);
    for address in &here {
        if !maildir.has(address).await? {
            return Ok(HandOver::Refused(Refusal::NoSuchAddress));
        }
    }
    for address in &here {
        let letter = maildir.beside(address, &mut letter.pieces(kernel), kernel.now()).await?;
        if maildir.deliver(address, &id.uuid().simple().to_string(), letter, kernel.now()).await? == Delivery::NoSuchBox {
            return Ok(HandOver::NotYet);
        }
    }
    if !elsewhere.is_empty() {
        departed::keep(kernel, id, &envelope.only_to(&elsewhere), &letter.whole(kernel).await?).await?;
    }
    Ok(HandOver::Accepted)
}

/// A relay that keeps what it is given, and answers as it is told.
#[derive(Clone, Default)]
pub struct MemoryRelay {
    inner: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    answers: VecDeque<HandOver>,
    taken: Vec<Vec<u8>>,
}

impl MemoryRelay {
    /// What the next hand-overs are answered with; then letters are accepted again.
    pub fn answers(&self, answers: impl IntoIterator<Item = HandOver>) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).answers.extend(answers);
    }

    /// The letters that were taken, in order.
    pub fn taken(&self) -> Vec<Vec<u8>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).taken.clone()
    }

    fn hand_over(&self, letter: Vec<u8>) -> HandOver {
        let mut memory = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = memory.answers.pop_front().unwrap_or(HandOver::Accepted);
        if matches!(answer, HandOver::Accepted | HandOver::Unsure) {
            memory.taken.push(letter);
        }
        answer
    }
}
