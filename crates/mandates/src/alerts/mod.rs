//! Something to look at: raised by a rule that watches the log of a structure, or by a person who says that a line is not normal. Closed by a
//! référent with a note.
//!
//! An alert accuses nobody; it says which lines to read. Whom it is about never closes it: another référent does or, when there is none, the
//! operator. What a person reported is not shown to whom it is about before it is closed. Rules and thresholds: `rules`; why these: decision 0024.

pub mod close;
pub mod report;
mod rules;
#[cfg(test)]
mod tests;
pub mod watch;

use maincourante_identity::{StaffId, find_person, staff_name};
use maincourante_journal::{self as journal, Actor, Entry, Event, Log, Payload, Record, Subject, SubjectKind, Viewer};
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};
use uuid::Uuid;

use crate::store::alerts::{self as store, AlertRow};
use crate::store::structures;
use crate::{Mandates, SignedInReferent, StructureId, entries};

/// Why an alert is raised.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Rule {
    /// A person says that a line is not normal.
    Reported,
    /// A phone changed or verified, then a password given back soon after.
    PhoneThenAccess,
    /// One phone receives the codes of several accounts.
    SharedNumber,
    /// Many accesses given back in little time.
    ManyAccesses,
    /// Many records opened in little time.
    ManyRecords,
    /// Acts at an hour when nobody receives anybody.
    OddHours,
}

impl Rule {
    /// All of them, what matters most first.
    pub const ALL: [Self; 6] =
        [Self::Reported, Self::PhoneThenAccess, Self::SharedNumber, Self::ManyAccesses, Self::ManyRecords, Self::OddHours];

    /// Its name in the base and in the journal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::PhoneThenAccess => "phone_then_access",
            Self::SharedNumber => "shared_number",
            Self::ManyAccesses => "many_accesses",
            Self::ManyRecords => "many_records",
            Self::OddHours => "odd_hours",
        }
    }

    fn named(name: &str) -> Result<Self, Failure> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == name).ok_or_else(|| Failure::new("an alert of an unknown rule"))
    }
}

/// What came out of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// All was normal.
    Normal,
    /// It was not, and what was needed was done.
    Handled,
}

impl Verdict {
    /// Its name in forms, in the base and in the journal.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Handled => "handled",
        }
    }

    /// The one that has this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Normal, Self::Handled].into_iter().find(|verdict| verdict.as_str() == name)
    }
}

/// An alert, in a list.
#[derive(Clone, Debug)]
pub struct Alert {
    /// Which.
    pub id: Uuid,
    /// Why.
    pub rule: Rule,
    /// The name of the aidant it is about, when it is about one.
    pub aidant: Option<String>,
    /// The name of the person who reported.
    pub person: Option<String>,
    /// How many lines it rests on.
    pub lines: usize,
    /// When it was raised.
    pub at: Timestamp,
    /// The structure.
    pub structure: StructureId,
}

/// How an alert was closed.
#[derive(Clone, Debug)]
pub struct Closed {
    /// When.
    pub at: Timestamp,
    /// By whom; none for the operator.
    pub by: Option<String>,
    /// What came out of it.
    pub verdict: Verdict,
    /// What was noted; for a report, the answer that the person reads.
    pub note: String,
}

/// An alert, whole.
pub struct Whole {
    /// What it is.
    pub alert: Alert,
    /// The lines it rests on, newest first.
    pub records: Vec<Record>,
    /// What the person wrote, for a report.
    pub words: Option<String>,
    /// How it was closed, if it is.
    pub closed: Option<Closed>,
    /// It is about the référent who reads: someone else closes it.
    pub is_about_reader: bool,
}

/// Alerts to look at, for the référent of their structure, what matters most first.
pub async fn open(context: &Mandates, referent: &SignedInReferent<'_>) -> Result<Vec<Alert>, Failure> {
    let aidant = referent.aidant();
    let mut tx = context.identity.kernel.db.read().await?;
    let mut alerts = Vec::new();
    for row in store::find_open(&mut tx, aidant.structure().id).await? {
        if !is_hidden(&row, aidant.id()) {
            alerts.push(told(&mut tx, &row).await?);
        }
    }
    alerts.sort_by_key(|alert| (alert.rule, alert.at));
    Ok(alerts)
}

/// One alert, for the référent of its structure. Opening it leaves an entry, and the person who reported sees that it was read.
pub async fn find(context: &Mandates, referent: &SignedInReferent<'_>, id: Uuid) -> Result<Option<Whole>, Failure> {
    let kernel = &context.identity.kernel;
    let reader = referent.aidant();
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::find(&mut tx, reader.structure().id, id).await? else { return Ok(None) };
    if is_hidden(&row, reader.id()) {
        return Ok(None);
    }
    let is_about_reader = row.aidant == Some(reader.id());
    if !is_about_reader {
        store::mark_seen(&mut tx, id, kernel.now()).await?;
    }
    entries::looked_at(&mut tx, kernel, reader, "alert").await?;
    let whole = whole(&mut tx, kernel, row, is_about_reader).await?;
    tx.commit().await?;
    Ok(Some(whole))
}

/// The alerts that only the operator may close, for the command line.
pub async fn for_operator(context: &Mandates) -> Result<Vec<Alert>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let mut alerts = Vec::new();
    for row in store::find_for_operator(&mut tx).await? {
        alerts.push(told(&mut tx, &row).await?);
    }
    Ok(alerts)
}

/// Who is told of by a person must not know by whom, as long as nobody looked.
fn is_hidden(row: &AlertRow, reader: StaffId) -> bool {
    row.rule == Rule::Reported.as_str() && row.aidant == Some(reader) && row.closed_at.is_none()
}

async fn told(tx: &mut Tx, row: &AlertRow) -> Result<Alert, Failure> {
    let aidant = match row.aidant {
        Some(aidant) => staff_name(tx, aidant).await?,
        None => None,
    };
    let person = match row.usager {
        Some(usager) => find_person(tx, usager).await?.map(|person| person.name()),
        None => None,
    };
    let lines = store::lines(tx, row.id).await?.len();
    Ok(Alert { id: row.id, rule: Rule::named(&row.rule)?, aidant, person, lines, at: row.raised_at, structure: row.structure })
}

async fn whole(tx: &mut Tx, kernel: &Kernel, row: AlertRow, is_about_reader: bool) -> Result<Whole, Failure> {
    let lines: Vec<Uuid> = store::lines(tx, row.id).await?.into_iter().map(|(line,)| line).collect();
    let records = journal::find(tx, kernel, Viewer::Structure(row.structure.uuid()), &lines).await?;
    let words = words_of(tx, kernel, &row, Event::AlertRaised, "words").await?;
    Ok(Whole { alert: told(tx, &row).await?, records, words, closed: closed(tx, kernel, &row).await?, is_about_reader })
}

async fn closed(tx: &mut Tx, kernel: &Kernel, row: &AlertRow) -> Result<Option<Closed>, Failure> {
    let (Some(at), Some(verdict)) = (row.closed_at, row.verdict.as_deref().and_then(Verdict::named)) else { return Ok(None) };
    let by = match row.closed_by {
        Some(by) => staff_name(tx, by).await?,
        None => None,
    };
    let note = words_of(tx, kernel, row, Event::AlertClosed, "note").await?.unwrap_or_default();
    Ok(Some(Closed { at, by, verdict, note }))
}

/// What was written in words when it was raised or closed: sealed in the journal of the structure.
async fn words_of(tx: &mut Tx, kernel: &Kernel, row: &AlertRow, event: Event, field: &str) -> Result<Option<String>, Failure> {
    let records = journal::of_acts(tx, kernel, row.structure.uuid(), &[row.id]).await?;
    let record = records.iter().find(|record| record.event == event);
    Ok(record.and_then(|record| record.subject(SubjectKind::Alert)?.field(field)).map(str::to_owned))
}

/// Something found, by a rule or by a person.
pub(crate) struct Finding {
    pub structure: StructureId,
    pub rule: Rule,
    /// What it rests on, in a few words that nobody reads: the same raise one alert.
    pub facts: String,
    /// Whom it is about.
    pub aidant: Option<StaffId>,
    pub lines: Vec<Uuid>,
}

/// Raises an alert; false when the same facts raised one already. The entry names neither whom it is about nor who reported: aidants read theirs.
pub(crate) async fn raise(
    tx: &mut Tx,
    kernel: &Kernel,
    finding: &Finding,
    report: Option<report::By<'_>>,
) -> Result<Option<Uuid>, Failure> {
    let id = entries::act(kernel);
    let row = AlertRow {
        id,
        structure: finding.structure,
        rule: finding.rule.as_str().to_owned(),
        facts: finding.facts.clone(),
        aidant: finding.aidant,
        usager: report.as_ref().map(|by| by.usager),
        raised_at: kernel.now(),
        seen_at: None,
        closed_at: None,
        closed_by: None,
        verdict: None,
    };
    if !store::insert(tx, &row).await? {
        return Ok(None);
    }
    for &line in &finding.lines {
        store::insert_line(tx, id, line).await?;
    }
    let name = structures::find(tx, finding.structure).await?.map(|row| row.name).unwrap_or_default();
    let mut subject = Subject::new(SubjectKind::Alert, id);
    if let Some(words) = report.and_then(|by| by.words) {
        subject = subject.field("words", words);
    }
    let entry = Entry::new(id, Event::AlertRaised, Actor::System)
        .in_structure_named(finding.structure, name)
        .about(subject)
        .with(Payload::new().word("rule", finding.rule.as_str()));
    let mut logs = vec![Log::Structure(finding.structure.uuid())];
    // Nobody of the structure may close it: the log of the service has it too, and so do the program's own logs.
    if !store::has_other_referent(tx, finding.structure, finding.aidant).await? {
        tracing::warn!(alert = %id, rule = finding.rule.as_str(), "an alert that no référent may close: see `journal alerts`");
        logs.push(Log::Service);
    }
    journal::append_to(tx, kernel, &logs, entry).await?;
    Ok(Some(id))
}
