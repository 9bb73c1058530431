//! A person says that a line is not normal, in their words or by pressing alone; and sees what became of it.
//!
//! It reaches who answers for the structure as an alert. The structure's entry does not name the person: the aidant would read it beside what
//! they did. The person's own log says that they reported.

use maincourante_identity::{Own, UsagerId, find_person};
use maincourante_journal::{self as journal, Actor, Entry, Event, Log, Record, Subject, SubjectKind, Viewer};
use maincourante_kernel::{Failure, Timestamp, Tx};
use uuid::Uuid;

use super::{Closed, Finding, Rule, closed, raise};
use crate::remark;
use crate::review::aidant_of;
use crate::store::alerts as store;
use crate::structures::{self, Structure};
use crate::{Mandates, StructureId};

/// Who reports, and what they wrote.
pub(crate) struct By<'a> {
    pub usager: UsagerId,
    pub words: Option<&'a str>,
}

/// Where a report stands, for its person.
pub enum Report {
    /// Nothing was reported of this line.
    NotYet,
    /// Nobody opened it yet.
    Waiting {
        /// When it was sent.
        since: Timestamp,
    },
    /// Someone is looking.
    Seen {
        /// Since when.
        since: Timestamp,
    },
    /// Someone looked, and answered.
    Answered(Closed),
}

/// A line that a person may report, and what they reported of it.
pub struct Line {
    /// The line.
    pub record: Record,
    /// The structure in whose name it was done.
    pub structure: Structure,
    /// What became of it.
    pub report: Report,
}

/// One line of this person, as they may report it; none when it is not theirs or was done in the name of no structure.
pub async fn line(context: &Mandates, own: &Own, id: Uuid) -> Result<Option<Line>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let Some((record, structure)) = reportable(&mut tx, context, own, id).await? else { return Ok(None) };
    let Some(structure) = structures::find(&mut tx, structure).await? else { return Ok(None) };
    let report = match store::find_reported(&mut tx, own.usager(), id).await? {
        None => Report::NotYet,
        Some(row) => match (closed(&mut tx, &context.identity.kernel, &row).await?, row.seen_at) {
            (Some(closed), _) => Report::Answered(closed),
            (None, Some(since)) => Report::Seen { since },
            (None, None) => Report::Waiting { since: row.raised_at },
        },
    };
    Ok(Some(Line { record, structure, report }))
}

/// The lines that this person reported.
pub async fn lines(context: &Mandates, own: &Own) -> Result<Vec<Uuid>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    Ok(store::reported_lines(&mut tx, own.usager()).await?.into_iter().map(|(line,)| line).collect())
}

/// Whether a line can be reported: it lies in the log of a structure, whose référent can read it.
pub fn can_be_reported(record: &Record) -> bool {
    matches!(record.log, Log::Structure(_))
}

/// What reporting gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reporting {
    /// It is sent; also when it was sent before.
    Sent,
    /// What is written is too long.
    TooLong,
    /// There is no such line of this person.
    Unknown,
}

/// Reports a line.
pub async fn report(context: &Mandates, own: &Own, id: Uuid, words: &str) -> Result<Reporting, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some((record, structure)) = reportable(&mut tx, context, own, id).await? else { return Ok(Reporting::Unknown) };
    let Ok(words) = remark::parse(words) else { return Ok(Reporting::TooLong) };
    let finding = Finding { structure, rule: Rule::Reported, facts: id.to_string(), aidant: aidant_of(&record), lines: vec![id] };
    journal::lock(&mut tx, kernel, &[Log::Structure(structure.uuid()), Log::of_person(own.usager().uuid())]).await?;
    let by = By { usager: own.usager(), words: words.as_deref() };
    let Some(alert) = raise(&mut tx, kernel, &finding, Some(by)).await? else { return Ok(Reporting::Sent) };
    let name = find_person(&mut tx, own.usager()).await?.map(|person| person.name()).unwrap_or_default();
    // An act of its own: the two logs must not be tied by it.
    let entry = Entry::new(crate::entries::act(kernel), Event::AlertRaised, Actor::Usager(own.usager().uuid()))
        .actor_named(name)
        .in_structure(structure)
        .about(Subject::new(SubjectKind::Alert, alert));
    journal::append(&mut tx, kernel, Log::of_person(own.usager().uuid()), entry).await?;
    tx.commit().await?;
    Ok(Reporting::Sent)
}

async fn reportable(tx: &mut Tx, context: &Mandates, own: &Own, id: Uuid) -> Result<Option<(Record, StructureId)>, Failure> {
    let viewer = Viewer::Person(own.usager().uuid());
    let found = journal::find(tx, &context.identity.kernel, viewer, &[id]).await?.into_iter().next();
    Ok(found.and_then(|record| match record.log {
        Log::Structure(structure) => Some((record, StructureId::from(structure))),
        Log::Service | Log::Personal(_) => None,
    }))
}
