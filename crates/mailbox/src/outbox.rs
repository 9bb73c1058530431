//! The outbox: a letter given to be sent is in the base before the page answers, leaves once the undo window has closed,
//! and is then put among the person's sent letters.
//!
//! Here a letter is given, taken back, looked at again; [`sending`] is what becomes of it by itself. With an `Own` in hand
//! the finished bytes and the fixed sender are consigned, sealed: whoever hands them over needs no `Own`.

use maincourante_identity::Own;
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::clock::{Span, days, hours};
use maincourante_kernel::limits::{self, Limit, Take};
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx, jobs};
use uuid::Uuid;

pub(crate) mod sending;

pub use self::sending::{SEND, Send, send};
use crate::attached::Attached;
use crate::joined::{self, Joined};
use crate::letter::{self, Attachment, SafeView};
use crate::outgoing::{Carries, Envelope, Outgoing};
use crate::relay::Refusal;
use crate::store::file;
use crate::store::{self, LetterRow};
use crate::{DraftId, LetterId, Mailbox, PAGE};

/// How long the words of a letter that was taken back are kept.
const KEEP_CANCELLED: Span = days(1);
/// How long the words of a letter that was refused are kept.
const KEEP_REFUSED: Span = days(30);

/// How many a person may write to, each letter counting once for each who receives it: more than anyone writes by hand,
/// less than is worth a stolen session.
const BOUNDS: [Limit; 2] =
    [Limit { bucket: "outbox.hour", most: 60, per: hours(1) }, Limit { bucket: "outbox.day", most: 200, per: days(1) }];

/// A letter that was given to be sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Consigned {
    /// Its name in the outbox.
    pub id: LetterId,
    /// When it leaves, unless it is taken back before.
    pub leaves_at: Timestamp,
}

/// The form that gives a letter: its mark, and the draft that the letter was, with the files joined to it.
#[derive(Clone, Copy)]
pub struct Form {
    /// The same form is one letter.
    pub key: Uuid,
    /// The draft, which is no more once the letter is given.
    pub draft: Option<DraftId>,
}

impl From<Uuid> for Form {
    fn from(key: Uuid) -> Self {
        Self { key, draft: None }
    }
}

/// The letter that this form gave, if it was sent before.
pub async fn already(mailbox: &Mailbox, own: &Own, form_key: Uuid) -> Result<Option<LetterId>, Failure> {
    let found = store::find_by_form(&mut mailbox.kernel.db.read().await?, own.usager(), form_key).await?;
    Ok(found.map(|(id, _)| id))
}

/// What giving a letter to be sent gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Consign {
    /// It is in the outbox.
    Given(Consigned),
    /// Too many letters for one person: it is not taken, and the transaction is to be dropped.
    TooMany {
        /// When it may be given again.
        wait: Span,
    },
}

/// A letter of the outbox, as a list shows it.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Waiting {
    /// Its name in the outbox.
    pub id: LetterId,
    /// To whom.
    pub to: Vec<MailAddress>,
    /// About what.
    pub subject: String,
    /// When it was given.
    pub consigned_at: Timestamp,
    /// What became of it.
    pub state: State,
}

crate::veil::veiled!(Waiting);

/// What became of a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It leaves then; it may be taken back.
    Waiting {
        /// When.
        leaves_at: Timestamp,
    },
    /// It should have left; it leaves as soon as it can. It may be taken back.
    Delayed,
    /// It is leaving, or may have left.
    Sending,
    /// It left.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// It will not leave.
    Refused {
        /// Since when.
        at: Timestamp,
        /// Why.
        why: Refusal,
    },
    /// It was taken back.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

/// What taking a letter back gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cancel {
    /// It will not leave; here it is, to be written anew.
    Done(Outgoing),
    /// It has left, or is leaving.
    TooLate,
    /// There is no such letter.
    Unknown,
}

/// Gives a letter to be sent. The same form sent twice is one letter: the first one.
pub async fn consign(mailbox: &Mailbox, tx: &mut Tx, own: &Own, outgoing: &Outgoing, form: impl Into<Form>) -> Result<Consign, Failure> {
    let Form { key: form_key, draft } = form.into();
    let Mailbox { kernel, undo, .. } = mailbox;
    let now = kernel.now();
    if let Some((id, leaves_at)) = store::find_by_form(tx, own.usager(), form_key).await? {
        return Ok(Consign::Given(Consigned { id, leaves_at }));
    }
    if let Some(wait) = too_many(kernel, tx, own, outgoing.to().len(), now).await? {
        return Ok(Consign::TooMany { wait });
    }
    let id = LetterId::new(&kernel.chance, now);
    let files = match draft {
        Some(draft) => file::of_draft(tx, own.usager(), draft).await?,
        None => Vec::new(),
    };
    let carries = if files.is_empty() { Carries::Nothing } else { Carries::Files };
    let (envelope, bytes) = outgoing.finish(own, id, now, carries)?;
    let new = store::NewLetter {
        id,
        usager: own.usager(),
        form_key,
        envelope: &seal(kernel, "outbox.envelope", id, &serde_json::to_vec(&envelope)?),
        letter: &seal(kernel, "outbox.letter", id, &bytes),
        consigned_at: now,
        not_before: now.plus(*undo),
    };
    if store::insert(tx, &new).await? {
        if let Some(draft) = draft {
            file::give(tx, own.usager(), draft, id).await?;
            store::draft::delete(tx, own.usager(), draft).await?;
        }
        jobs::enqueue(tx, SEND, &Send { letter: id }, new.not_before, &kernel.chance).await?;
        return Ok(Consign::Given(Consigned { id, leaves_at: new.not_before }));
    }
    // The same form, at the same instant.
    let first = store::find_by_form(tx, own.usager(), form_key).await?;
    let (id, leaves_at) = first.ok_or_else(|| Failure::new("a form was sent before and its letter is not there"))?;
    Ok(Consign::Given(Consigned { id, leaves_at }))
}

/// Counts those to whom a letter goes; gives how long to wait when they are too many.
async fn too_many(kernel: &Kernel, tx: &mut Tx, own: &Own, recipients: usize, now: Timestamp) -> Result<Option<Span>, Failure> {
    for limit in BOUNDS {
        for _ in 0..recipients {
            if let Take::Refused { wait } = limits::take(tx, limit, &own.usager().to_string(), &kernel.vault, now).await? {
                return Ok(Some(wait));
            }
        }
    }
    Ok(None)
}

/// Takes a letter back, as long as it surely did not leave.
pub async fn cancel(mailbox: &Mailbox, tx: &mut Tx, own: &Own, id: LetterId) -> Result<Cancel, Failure> {
    let now = mailbox.kernel.now();
    let Some(row) = store::find(tx, own.usager(), id).await? else { return Ok(Cancel::Unknown) };
    if row.cancelled_at.is_none() && !store::cancel(tx, own.usager(), id, now).await? {
        return Ok(Cancel::TooLate);
    }
    let (envelope, bytes) = open(&mailbox.kernel, &row)?;
    bytes.map_or(Ok(Cancel::TooLate), |bytes| Outgoing::reopen(&envelope, &bytes).map(Cancel::Done))
}

/// A letter that was refused or taken back is no longer wanted, or was written anew: its words go. False when there is none.
pub async fn discard(mailbox: &Mailbox, tx: &mut Tx, own: &Own, id: LetterId) -> Result<bool, Failure> {
    store::wipe(tx, own.usager(), id, mailbox.kernel.now()).await
}

/// A letter of this person's outbox, with what it says as long as that is kept here.
pub async fn find(mailbox: &Mailbox, own: &Own, id: LetterId) -> Result<Option<(Waiting, Option<SafeView>)>, Failure> {
    let mut tx = mailbox.kernel.db.read().await?;
    let row = store::find(&mut tx, own.usager(), id).await?;
    drop(tx);
    let Some(row) = row else { return Ok(None) };
    let (waiting, words) = waiting(&mailbox.kernel, &row)?;
    let Some(words) = words else { return Ok(Some((waiting, None))) };
    let mut view = letter::read(&words);
    for (at, file) in files_of(&mailbox.kernel, id).await?.into_iter().enumerate() {
        view.attachments.push(carried(&mailbox.kernel, file, at + 1).await?.attachment);
    }
    Ok(Some((waiting, Some(view))))
}

/// Something that a letter of this person's outbox carries. We wrote it: its text is the first part, then come its files.
pub async fn attachment(mailbox: &Mailbox, own: &Own, id: LetterId, index: usize) -> Result<Option<Attached>, Failure> {
    let files = files(mailbox, own, id).await?;
    match index.checked_sub(1).and_then(|at| files.into_iter().nth(at)) {
        Some(file) => carried(&mailbox.kernel, file, index).await.map(Some),
        None => Ok(None),
    }
}

async fn carried(kernel: &Kernel, Joined { id, name, media, size, .. }: Joined, index: usize) -> Result<Attached, Failure> {
    let (name, media, kind) = letter::describe(Some(&name), &media);
    let described = Attachment { index, name, media, kind, size: usize::try_from(size)?, raster: None };
    Ok(Attached::joined(id, described, &joined::beginning(kernel, id).await?))
}

/// What a letter of this person's outbox carries, as long as it is kept there.
pub async fn files(mailbox: &Mailbox, own: &Own, id: LetterId) -> Result<Vec<Joined>, Failure> {
    let mut tx = mailbox.kernel.db.read().await?;
    if store::find(&mut tx, own.usager(), id).await?.is_none() {
        return Ok(Vec::new());
    }
    drop(tx);
    files_of(&mailbox.kernel, id).await
}

async fn files_of(kernel: &Kernel, id: LetterId) -> Result<Vec<Joined>, Failure> {
    let rows = file::of_letter(&mut kernel.db.read().await?, id).await?;
    rows.iter().map(|row| joined::described(kernel, row)).collect()
}

/// A letter that was taken back or refused, to be written anew.
pub async fn reopen(mailbox: &Mailbox, own: &Own, id: LetterId) -> Result<Option<Outgoing>, Failure> {
    let mut tx = mailbox.kernel.db.read().await?;
    let row = store::find(&mut tx, own.usager(), id).await?;
    drop(tx);
    match row {
        Some(row) if row.cancelled_at.is_some() || row.refused_at.is_some() => {
            let (envelope, bytes) = open(&mailbox.kernel, &row)?;
            bytes.map(|bytes| Outgoing::reopen(&envelope, &bytes)).transpose()
        }
        Some(_) | None => Ok(None),
    }
}

/// What this person gave to be sent and is not yet among their sent letters, the newest first.
pub(crate) async fn list(kernel: &Kernel, own: &Own) -> Result<Vec<Waiting>, Failure> {
    let mut tx = kernel.db.read().await?;
    let rows = store::unfiled(&mut tx, own.usager()).await?;
    drop(tx);
    rows.iter().map(|row| waiting(kernel, row).map(|(waiting, _)| waiting)).collect()
}

/// A page of the letters that did not leave, the newest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pending {
    /// The letters of this page.
    pub letters: Vec<Waiting>,
    /// Whether older ones follow: the next page begins after the last of this one.
    pub older: bool,
}

/// What this person gave and that waits, leaves or was refused: the newest, or those given before this one.
pub async fn pending(mailbox: &Mailbox, own: &Own, after: Option<LetterId>) -> Result<Pending, Failure> {
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let mut tx = mailbox.kernel.db.read().await?;
    let mut rows = store::pending(&mut tx, own.usager(), after.unwrap_or(Uuid::max().into()), i64::from(PAGE) + 1).await?;
    drop(tx);
    let older = rows.len() > most;
    rows.truncate(most);
    let letters = rows.iter().map(|row| waiting(&mailbox.kernel, row).map(|(waiting, _)| waiting)).collect::<Result<_, _>>()?;
    Ok(Pending { letters, older })
}

/// How many letters of this person did not leave.
pub async fn count_pending(mailbox: &Mailbox, own: &Own) -> Result<i64, Failure> {
    store::count_pending(&mut mailbox.kernel.db.read().await?, own.usager()).await
}

/// Wipes the words of letters taken back or refused long ago.
pub(crate) async fn wipe_old(kernel: &Kernel) -> Result<(), Failure> {
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    store::wipe_old(&mut tx, now.minus(KEEP_CANCELLED), now.minus(KEEP_REFUSED)).await?;
    tx.commit().await
}

fn waiting(kernel: &Kernel, row: &LetterRow) -> Result<(Waiting, Option<Vec<u8>>), Failure> {
    let (envelope, bytes) = open(kernel, row)?;
    let subject = bytes.as_deref().map(|bytes| letter::heading(bytes).subject).unwrap_or_default();
    let waiting =
        Waiting { id: row.id, to: envelope.recipients()?, subject, consigned_at: row.consigned_at, state: row.state(kernel.now()) };
    Ok((waiting, bytes))
}

fn seal(kernel: &Kernel, column: &'static str, id: LetterId, plain: &[u8]) -> Vec<u8> {
    kernel.vault.seal(column, id.uuid().as_bytes(), plain, &kernel.chance)
}

fn open(kernel: &Kernel, row: &LetterRow) -> Result<(Envelope, Option<Vec<u8>>), Failure> {
    let open = |column, sealed: &[u8]| kernel.vault.open(column, row.id.uuid().as_bytes(), sealed);
    let envelope = serde_json::from_slice(&open("outbox.envelope", &row.envelope)?)?;
    let letter = row.letter.as_deref().map(|sealed| open("outbox.letter", sealed).map(|plain| plain.to_vec())).transpose()?;
    Ok((envelope, letter))
}

impl LetterRow {
    fn state(&self, now: Timestamp) -> State {
        if let Some(at) = self.accepted_at {
            return State::Sent { at };
        }
        if let Some(at) = self.refused_at {
            return State::Refused { at, why: Refusal::parse(self.refusal.as_deref().unwrap_or_default()) };
        }
        if let Some(at) = self.cancelled_at {
            return State::Cancelled { at };
        }
        match self.lease_until.or(self.doubtful_at) {
            Some(_) => State::Sending,
            None if now < self.not_before => State::Waiting { leaves_at: self.not_before },
            None => State::Delayed,
        }
    }
}
