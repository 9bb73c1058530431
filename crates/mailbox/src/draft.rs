//! Drafts: what a person writes is kept, sealed, before anything else is done with it, and opens again for them alone.
//!
//! A page says from which version it began. When the draft changed meanwhile (another tab, another device), what comes later is
//! kept beside as another draft, never over the first. To read one takes an `Own`. To keep one, the session may just have ended
//! by itself ([`Lapsed`]): that puts something aside for its owner and opens nothing.

use maincourante_identity::{Lapsed, Own, UsagerId};
use maincourante_kernel::clock::{Span, days, hours};
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::draft::{self as store, DraftRow, NewDraft};
use crate::store::file;
use crate::{DraftId, LetterId, Mailbox, PAGE};

/// How long a draft that was thrown away can be taken out of there.
pub const KEPT_ONCE_DISCARDED: Span = days(30);
/// A file that is not whole after this long never will be.
const UNFINISHED: Span = hours(2);

/// What is written, as it was typed: nothing of it is judged before the letter is sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
#[cfg_attr(test, derive(Debug))]
pub struct Written {
    /// To whom.
    pub to: String,
    /// About what.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The name of the letter that it answers.
    pub answers: String,
    /// The conversation to which it belongs.
    pub thread: String,
    /// The letter that did not leave, of which it takes the place.
    pub resumes: Option<LetterId>,
}

crate::veil::veiled!(Written);

impl Written {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        [&self.to, &self.subject, &self.text].iter().all(|field| field.trim().is_empty())
    }
}

/// From what a page began.
#[derive(Clone, Copy)]
pub struct Began {
    /// The mark of the form: the same one posted twice is one draft.
    pub form_key: Uuid,
    /// The draft, and its version.
    pub draft: Option<(DraftId, i64)>,
}

/// A draft that was kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kept {
    /// Its name.
    pub id: DraftId,
    /// Its version now.
    pub version: i64,
    /// How.
    pub how: How,
}

/// How a draft was kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// As one expects.
    Plainly,
    /// Beside another, which was changed elsewhere meanwhile.
    Beside,
    /// Anew: the one from which the page began was sent, or thrown away, elsewhere.
    Anew,
}

/// A draft, opened.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Draft {
    /// Its name.
    pub id: DraftId,
    /// Its version: to be given back when it is kept again.
    pub version: i64,
    /// When it was last kept.
    pub kept_at: Timestamp,
    /// What is written.
    pub written: Written,
}

crate::veil::veiled!(Draft);

/// Keeps what is written.
pub async fn keep(mailbox: &Mailbox, own: &Own, began: Began, written: &Written) -> Result<Kept, Failure> {
    keep_for(&mailbox.kernel, own.usager(), began, written).await
}

/// Keeps what is written for who was here: they find it when they sign in again.
pub async fn put_aside(mailbox: &Mailbox, lapsed: &Lapsed, began: Began, written: &Written) -> Result<Kept, Failure> {
    keep_for(&mailbox.kernel, lapsed.usager(), began, written).await
}

async fn keep_for(kernel: &Kernel, usager: UsagerId, began: Began, written: &Written) -> Result<Kept, Failure> {
    let mut tx = kernel.db.write().await?;
    if let Some((id, _)) = began.draft {
        // The same page, pressed twice: the second finds what the first kept, and not another draft.
        file::hold(&mut tx, id).await?;
    }
    let before = match began.draft {
        Some((id, version)) => store::find(&mut tx, usager, id).await?.map(|row| (row, Some(version))),
        None => store::find_by_form(&mut tx, usager, began.form_key).await?.map(|row| (row, None)),
    };
    let kept = match before {
        Some((row, _)) if row.discarded_at.is_none() && open(kernel, &row)?.written == *written => {
            Kept { id: row.id, version: row.version, how: How::Plainly }
        }
        Some((row, Some(version)))
            if store::update(&mut tx, usager, row.id, version, &seal(kernel, row.id, written)?, kernel.now()).await? =>
        {
            Kept { id: row.id, version: version + 1, how: How::Plainly }
        }
        Some((row, _)) => {
            let how = if row.discarded_at.is_some() { How::Anew } else { How::Beside };
            add(kernel, &mut tx, usager, None, written, how).await?
        }
        None if began.draft.is_some() => add(kernel, &mut tx, usager, None, written, How::Anew).await?,
        None => add(kernel, &mut tx, usager, Some(began.form_key), written, How::Plainly).await?,
    };
    tx.commit().await?;
    Ok(kept)
}

async fn add(kernel: &Kernel, tx: &mut Tx, usager: UsagerId, form_key: Option<Uuid>, written: &Written, how: How) -> Result<Kept, Failure> {
    let now = kernel.now();
    let id = DraftId::new(&kernel.chance, now);
    let body = seal(kernel, id, written)?;
    let form_key = form_key.unwrap_or(id.uuid());
    let new = NewDraft { id, usager, form_key, body: &body, resumes: written.resumes, kept_at: now };
    if !store::insert(tx, &new).await? {
        // The same form, at the same instant.
        let first = store::find_by_form(tx, usager, form_key).await?;
        let first = first.ok_or_else(|| Failure::new("a draft was there a moment ago, and is not"))?;
        let how = if open(kernel, &first)?.written == *written { how } else { How::Beside };
        return Ok(Kept { id: first.id, version: first.version, how });
    }
    if let Some(letter) = written.resumes {
        file::take_back(tx, usager, letter, id).await?;
    }
    Ok(Kept { id, version: 1, how })
}

/// A draft of this person, unless it was sent or thrown away.
pub async fn find(mailbox: &Mailbox, own: &Own, id: DraftId) -> Result<Option<Draft>, Failure> {
    let mut tx = mailbox.kernel.db.read().await?;
    let row = store::find(&mut tx, own.usager(), id).await?.filter(|row| row.discarded_at.is_none());
    drop(tx);
    row.map(|row| open(&mailbox.kernel, &row)).transpose()
}

/// The draft that takes up a letter that did not leave, if it was begun.
pub async fn resuming(mailbox: &Mailbox, own: &Own, letter: LetterId) -> Result<Option<DraftId>, Failure> {
    store::resuming(&mut mailbox.kernel.db.read().await?, own.usager(), letter).await
}

/// A page of the drafts of this person, the newest first; and whether older ones follow.
pub async fn page(mailbox: &Mailbox, own: &Own, after: Option<DraftId>) -> Result<(Vec<Draft>, bool), Failure> {
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let mut tx = mailbox.kernel.db.read().await?;
    let mut rows = store::page(&mut tx, own.usager(), after.unwrap_or(Uuid::max().into()), i64::from(PAGE) + 1).await?;
    drop(tx);
    let older = rows.len() > most;
    rows.truncate(most);
    Ok((rows.iter().map(|row| open(&mailbox.kernel, row)).collect::<Result<_, _>>()?, older))
}

/// How many drafts this person has.
pub async fn count(mailbox: &Mailbox, own: &Own) -> Result<i64, Failure> {
    store::count(&mut mailbox.kernel.db.read().await?, own.usager()).await
}

/// Throws a draft away; it can be taken out of there. False when there is none.
pub async fn discard(mailbox: &Mailbox, own: &Own, id: DraftId) -> Result<bool, Failure> {
    let mut tx = mailbox.kernel.db.write().await?;
    let done = store::discard(&mut tx, own.usager(), id, mailbox.kernel.now()).await?;
    tx.commit().await?;
    Ok(done)
}

/// Whether a draft of this person was thrown away, and can be taken back.
pub async fn is_discarded(mailbox: &Mailbox, own: &Own, id: DraftId) -> Result<bool, Failure> {
    let found = store::find(&mut mailbox.kernel.db.read().await?, own.usager(), id).await?;
    Ok(found.is_some_and(|row| row.discarded_at.is_some()))
}

/// The letter that this draft became was given before: what a second press kept of it goes.
pub async fn forget(tx: &mut Tx, own: &Own, id: DraftId) -> Result<(), Failure> {
    store::delete(tx, own.usager(), id).await
}

/// Takes back a draft that was thrown away. False when there is none.
pub async fn take_out(mailbox: &Mailbox, own: &Own, id: DraftId) -> Result<bool, Failure> {
    let mut tx = mailbox.kernel.db.write().await?;
    let done = store::take_out(&mut tx, own.usager(), id).await?;
    tx.commit().await?;
    Ok(done)
}

/// Destroys what was thrown away long ago, and the files that belong to nothing.
pub(crate) async fn wipe_old(kernel: &Kernel) -> Result<(), Failure> {
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    store::delete_old(&mut tx, now.minus(KEPT_ONCE_DISCARDED)).await?;
    file::sweep(&mut tx, now.minus(UNFINISHED)).await?;
    tx.commit().await
}

fn seal(kernel: &Kernel, id: DraftId, written: &Written) -> Result<Vec<u8>, Failure> {
    Ok(kernel.vault.seal("letter_draft.body", id.uuid().as_bytes(), &serde_json::to_vec(written)?, &kernel.chance))
}

fn open(kernel: &Kernel, row: &DraftRow) -> Result<Draft, Failure> {
    let plain = kernel.vault.open("letter_draft.body", row.id.uuid().as_bytes(), &row.body)?;
    Ok(Draft { id: row.id, version: row.version, kept_at: row.kept_at, written: serde_json::from_slice(&plain)? })
}
