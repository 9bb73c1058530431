//! Closing an alert, with what came out of it and a note. Never by whom it is about.

use maincourante_identity::StaffId;
use maincourante_journal::{self as journal, Actor, Channel, Entry, Event, Log, Payload, Subject, SubjectKind};
use maincourante_kernel::{Failure, Tx};
use uuid::Uuid;

use super::{Verdict, is_hidden};
use crate::entries::by_aidant;
use crate::remark::{self, TooLong};
use crate::store::alerts::{self as store, AlertRow};
use crate::store::structures;
use crate::structures::Change;
use crate::{Mandates, SignedInReferent};

/// What closing gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Closing {
    /// It is closed.
    Closed,
    /// Someone closed it before: their note stays.
    ClosedBefore,
    /// It is about this référent: someone else closes it.
    AboutThem,
    /// Nothing is noted.
    NoNote,
    /// The note is too long.
    TooLong,
    /// There is no such alert for this référent.
    Unknown,
}

/// A référent closes an alert of their structure.
pub async fn close(
    context: &Mandates,
    referent: &SignedInReferent<'_>,
    id: Uuid,
    verdict: Verdict,
    note: &str,
) -> Result<Closing, Failure> {
    let kernel = &context.identity.kernel;
    let by = referent.aidant();
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::find(&mut tx, by.structure().id, id).await? else { return Ok(Closing::Unknown) };
    if is_hidden(&row, by.id()) {
        return Ok(Closing::Unknown);
    }
    if row.closed_at.is_some() {
        return Ok(Closing::ClosedBefore);
    }
    if row.aidant == Some(by.id()) {
        return Ok(Closing::AboutThem);
    }
    let note = match remark::parse(note) {
        Ok(Some(note)) => note,
        Ok(None) => return Ok(Closing::NoNote),
        Err(TooLong) => return Ok(Closing::TooLong),
    };
    let entry = by_aidant(id, Event::AlertClosed, by);
    write(tx, context, &row, Some(by.id()), verdict, note, entry).await
}

/// The operator closes an alert that no référent may close, from the command line.
pub async fn close_as_operator(context: &Mandates, id: Uuid, verdict: Verdict, note: &str) -> Result<Change, Failure> {
    let kernel = &context.identity.kernel;
    let Ok(Some(note)) = remark::parse(note) else { return Err(Failure::new("say in --note what was done, in 1000 characters at most")) };
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::find_for_operator(&mut tx).await?.into_iter().find(|row| row.id == id) else { return Ok(Change::Unknown) };
    let name = structures::find(&mut tx, row.structure).await?.map(|structure| structure.name).unwrap_or_default();
    let entry = Entry::new(id, Event::AlertClosed, Actor::System).through(Channel::Cli).in_structure_named(row.structure, name);
    Ok(match write(tx, context, &row, None, verdict, note, entry).await? {
        Closing::Closed => Change::Done,
        _ => Change::Already,
    })
}

async fn write(
    mut tx: Tx,
    context: &Mandates,
    row: &AlertRow,
    by: Option<StaffId>,
    verdict: Verdict,
    note: String,
    entry: Entry,
) -> Result<Closing, Failure> {
    let kernel = &context.identity.kernel;
    if !store::close(&mut tx, row.id, by, verdict.as_str(), kernel.now()).await? {
        return Ok(Closing::ClosedBefore);
    }
    let entry = entry
        .about(Subject::new(SubjectKind::Alert, row.id).field("note", note))
        .with(Payload::new().word("rule", super::Rule::named(&row.rule)?.as_str()).word("verdict", verdict.as_str()));
    journal::append(&mut tx, kernel, Log::Structure(row.structure.uuid()), entry).await?;
    tx.commit().await?;
    Ok(Closing::Closed)
}
