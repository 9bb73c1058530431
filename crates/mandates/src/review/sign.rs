//! A référent reads lines again and signs it: a precise range of the log, itself an entry, with a remark sealed beside. Withdrawn as long as it is
//! the last one, by who signed.
//!
//! The range begins after the last review that holds and ends at the newest line that was shown: what arrived meanwhile waits for the next one.
//! The head of the log is locked first: of two référents who sign at once, the second finds what the first signed.

use maincourante_identity::{StaffId, staff_name};
use maincourante_journal::{self as journal, Event, Log, Payload, Subject, SubjectKind};
use maincourante_kernel::{Failure, Timestamp, Tx};
use uuid::Uuid;

use crate::entries::by_aidant;
use crate::remark::{self, TooLong};
use crate::store::reviews::{self as store, ReviewRow};
use crate::{Mandates, SignedInReferent, StructureId};

/// A review.
#[derive(Clone, Debug)]
pub struct Review {
    /// Which.
    pub id: Uuid,
    /// Who signed.
    pub by: StaffId,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// How many lines, those that only tell of a reading left out.
    pub lines: i64,
    /// The number of its last line.
    pub last_seq: i64,
}

/// The lines to sign, by their numbers in the log, as the page showed them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    /// The first one.
    pub first: i64,
    /// The last one.
    pub last: i64,
}

/// What signing gave.
pub enum Signing {
    /// Signed; also when the same form comes twice.
    Signed(Review),
    /// Someone read these lines again meanwhile: the last review.
    Meanwhile(Review),
    /// The page does not show what there is any more: a review was withdrawn, or there is no such range.
    Changed,
    /// The remark is too long.
    TooLong(TooLong),
}

/// Signs a range. `id` is the mark of the form: the same one signs once.
pub async fn sign(context: &Mandates, referent: &SignedInReferent<'_>, id: Uuid, range: Range, remark: &str) -> Result<Signing, Failure> {
    let remark = match remark::parse(remark) {
        Ok(remark) => remark,
        Err(too_long) => return Ok(Signing::TooLong(too_long)),
    };
    let kernel = &context.identity.kernel;
    let aidant = referent.aidant();
    let structure = aidant.structure().id;
    let mut tx = kernel.db.write().await?;
    journal::lock(&mut tx, kernel, &[Log::Structure(structure.uuid())]).await?;
    if let Some(row) = store::find_review(&mut tx, structure, id).await? {
        return Ok(if row.withdrawn_at.is_none() { Signing::Signed(read(&mut tx, row).await?) } else { Signing::Changed });
    }
    let last = store::find_last_review(&mut tx, structure).await?;
    let first = last.as_ref().map_or(0, |last| last.last_seq + 1);
    match last {
        Some(last) if range.first < first => return Ok(Signing::Meanwhile(read(&mut tx, last).await?)),
        _ if range.first != first || range.last < first => return Ok(Signing::Changed),
        _ => {}
    }
    let written = journal::entries_before(&mut tx, structure.uuid(), Timestamp::from_micros(i64::MAX)).await?;
    let lines = journal::tally(&mut tx, structure.uuid(), first - 1, range.last).await?.lines;
    if range.last >= i64::try_from(written)? || lines == 0 {
        return Ok(Signing::Changed);
    }
    let row =
        ReviewRow { id, staff: aidant.id(), first_seq: first, last_seq: range.last, lines, signed_at: kernel.now(), withdrawn_at: None };
    store::insert_review(&mut tx, structure, &row).await?;
    let payload = Payload::new().count("first", first).count("last", range.last).count("lines", lines);
    let mut entry = by_aidant(id, Event::JournalReviewed, aidant).with(payload);
    if let Some(remark) = remark {
        entry = entry.about(Subject::new(SubjectKind::Journal, id).field("remark", remark));
    }
    journal::append(&mut tx, kernel, Log::Structure(structure.uuid()), entry).await?;
    let review = read(&mut tx, row).await?;
    tx.commit().await?;
    Ok(Signing::Signed(review))
}

/// What withdrawing gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Withdrawal {
    /// Withdrawn; also when asked twice.
    Withdrawn,
    /// Someone signed further since: it is not the last one any more.
    SignedFurther,
    /// Someone else signed it: theirs to withdraw.
    NotTheirs,
    /// There is no such review in this structure.
    Unknown,
}

/// Withdraws the last review: its lines are to be read again.
pub async fn withdraw(context: &Mandates, referent: &SignedInReferent<'_>, id: Uuid) -> Result<Withdrawal, Failure> {
    let kernel = &context.identity.kernel;
    let aidant = referent.aidant();
    let structure = aidant.structure().id;
    let mut tx = kernel.db.write().await?;
    journal::lock(&mut tx, kernel, &[Log::Structure(structure.uuid())]).await?;
    let Some(row) = store::find_review(&mut tx, structure, id).await? else { return Ok(Withdrawal::Unknown) };
    if row.staff != aidant.id() {
        return Ok(Withdrawal::NotTheirs);
    }
    if row.withdrawn_at.is_some() {
        return Ok(Withdrawal::Withdrawn);
    }
    if store::find_last_review(&mut tx, structure).await?.is_some_and(|last| last.id != id) {
        return Ok(Withdrawal::SignedFurther);
    }
    if store::withdraw_review(&mut tx, id, kernel.now()).await? {
        let payload = Payload::new().count("first", row.first_seq).count("last", row.last_seq);
        let entry = by_aidant(id, Event::JournalReviewWithdrawn, aidant).with(payload);
        journal::append(&mut tx, kernel, Log::Structure(structure.uuid()), entry).await?;
    }
    tx.commit().await?;
    Ok(Withdrawal::Withdrawn)
}

/// Whether this référent signed this review and took it back.
pub async fn has_withdrawn(context: &Mandates, referent: &SignedInReferent<'_>, id: Uuid) -> Result<bool, Failure> {
    let aidant = referent.aidant();
    let mut tx = context.identity.kernel.db.read().await?;
    let row = store::find_review(&mut tx, aidant.structure().id, id).await?;
    Ok(row.is_some_and(|row| row.staff == aidant.id() && row.withdrawn_at.is_some()))
}

pub(crate) async fn last(tx: &mut Tx, structure: StructureId) -> Result<Option<Review>, Failure> {
    match store::find_last_review(tx, structure).await? {
        Some(row) => Ok(Some(read(tx, row).await?)),
        None => Ok(None),
    }
}

async fn read(tx: &mut Tx, row: ReviewRow) -> Result<Review, Failure> {
    let name = staff_name(tx, row.staff).await?.unwrap_or_default();
    Ok(Review { id: row.id, by: row.staff, name, at: row.signed_at, lines: row.lines, last_seq: row.last_seq })
}
