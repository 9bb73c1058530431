//! A référent asks an aidant the reason of one line; the aidant answers in words; the référent reads the answer beside the line.
//!
//! Question and answer are entries of one act, whose identity is that of the question. The words lie sealed beside the answer. Nobody else answers:
//! only the aidant of that line, in the structure whose log it is.

use std::collections::HashMap;

use maincourante_identity::staff_name;
use maincourante_journal::{self as journal, Event, Log, Record, Subject, SubjectKind, Viewer};
use maincourante_kernel::{Failure, Timestamp, Tx};
use uuid::Uuid;

use super::{aidant_of, find_line};
use crate::entries::{act, by_aidant};
use crate::remark;
use crate::store::reviews::{self as store, ReasonRow};
use crate::store::structures::works_for;
use crate::{Mandates, SignedInAidant, SignedInReferent, StructureId};

/// A reason that was asked, beside its line.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The question.
    pub id: Uuid,
    /// Of whom: their name.
    pub of: String,
    /// When.
    pub at: Timestamp,
    /// The answer, in the words of the aidant, and when they gave it.
    pub answer: Option<(String, Timestamp)>,
    /// The aidant left the structure, and will not answer here.
    pub has_left: bool,
}

/// What asking gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asking {
    /// The aidant will see it; also when it was asked already.
    Asked,
    /// The aidant of this line is not of the team any more.
    HasLeft(String),
    /// It is the référent's own line.
    Oneself,
    /// No aidant acted in this line, or there is no such line in this structure.
    NoAidant,
}

/// Asks the aidant of a line why.
pub async fn ask(context: &Mandates, referent: &SignedInReferent<'_>, line: Uuid) -> Result<Asking, Failure> {
    let kernel = &context.identity.kernel;
    let by = referent.aidant();
    let structure = by.structure().id;
    let mut tx = kernel.db.write().await?;
    let Some(record) = find_line(&mut tx, kernel, structure, line).await? else { return Ok(Asking::NoAidant) };
    let Some(aidant) = aidant_of(&record) else { return Ok(Asking::NoAidant) };
    if aidant == by.id() {
        return Ok(Asking::Oneself);
    }
    let name = staff_name(&mut tx, aidant).await?.unwrap_or_default();
    if !works_for(&mut tx, aidant, structure).await? {
        return Ok(Asking::HasLeft(name));
    }
    let id = act(kernel);
    let row = ReasonRow { id, entry: line, aidant, asked_by: by.id(), asked_at: kernel.now(), given_at: None };
    if store::insert_reason(&mut tx, structure, &row).await? {
        let entry = by_aidant(id, Event::JournalReasonAsked, by)
            .about(Subject::aidant(aidant).named(name))
            .about(Subject::new(SubjectKind::Journal, line));
        journal::append(&mut tx, kernel, Log::Structure(structure.uuid()), entry).await?;
        tx.commit().await?;
    }
    Ok(Asking::Asked)
}

/// Who was asked about this line and may still answer.
pub async fn waits_for(context: &Mandates, referent: &SignedInReferent<'_>, line: Uuid) -> Result<Option<String>, Failure> {
    let structure = referent.aidant().structure().id;
    let mut tx = context.identity.kernel.db.read().await?;
    let asked = asked(&mut tx, structure, &[line]).await?.into_iter().find(|row| row.given_at.is_none());
    match asked {
        Some(row) if works_for(&mut tx, row.aidant, structure).await? => staff_name(&mut tx, row.aidant).await,
        Some(_) | None => Ok(None),
    }
}

/// What was asked about these lines.
pub(crate) async fn asked(tx: &mut Tx, structure: StructureId, lines: &[Uuid]) -> Result<Vec<ReasonRow>, Failure> {
    store::find_reasons_of(tx, structure, &serde_json::to_string(lines)?).await
}

/// The same, as a référent reads it, with the lines that were answered to it.
pub(crate) async fn told_of(
    tx: &mut Tx,
    structure: StructureId,
    rows: Vec<ReasonRow>,
    answers: &[Record],
) -> Result<HashMap<Uuid, Asked>, Failure> {
    let answers = answers_in(answers);
    let mut asked = HashMap::new();
    for row in rows {
        let told = Asked {
            id: row.id,
            of: staff_name(tx, row.aidant).await?.unwrap_or_default(),
            at: row.asked_at,
            answer: answers.get(&row.id).cloned(),
            has_left: !works_for(tx, row.aidant, structure).await?,
        };
        asked.insert(row.entry, told);
    }
    Ok(asked)
}

/// The questions that were answered.
pub(crate) fn answered(rows: &[ReasonRow]) -> Vec<Uuid> {
    rows.iter().filter(|row| row.given_at.is_some()).map(|row| row.id).collect()
}

/// The words of these lines, and when they were given, by question.
fn answers_in(records: &[Record]) -> HashMap<Uuid, (String, Timestamp)> {
    let said = |record: &Record| {
        let seen = record.subjects.iter().find(|seen| seen.kind == SubjectKind::Journal && seen.id == record.act)?;
        Some((record.act, (seen.field("reason").unwrap_or_default().to_owned(), record.at)))
    };
    records.iter().filter(|record| record.event == Event::JournalReasonGiven).filter_map(said).collect()
}

/// A question to the aidant, with the line it is about.
pub struct Question {
    /// Which.
    pub id: Uuid,
    /// The line.
    pub record: Record,
    /// Who asks.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Their answer, once it is given.
    pub answer: Option<String>,
}

/// What the aidant was asked in the structure they act for and has not answered, the oldest first.
pub async fn questions(context: &Mandates, aidant: &SignedInAidant) -> Result<Vec<Question>, Failure> {
    let kernel = &context.identity.kernel;
    let structure = aidant.structure().id;
    let mut tx = kernel.db.read().await?;
    let rows = store::find_open_reasons(&mut tx, structure, aidant.id()).await?;
    let lines: Vec<Uuid> = rows.iter().map(|row| row.entry).collect();
    let records = journal::find(&mut tx, kernel, Viewer::Structure(structure.uuid()), &lines).await?;
    let mut questions = Vec::new();
    for row in rows {
        let Some(record) = records.iter().find(|record| record.id == row.entry) else { continue };
        questions.push(told(&mut tx, row, record.clone(), None).await?);
    }
    Ok(questions)
}

/// One question to this aidant.
pub async fn question(context: &Mandates, aidant: &SignedInAidant, id: Uuid) -> Result<Option<Question>, Failure> {
    let kernel = &context.identity.kernel;
    let structure = aidant.structure().id;
    let mut tx = kernel.db.read().await?;
    let Some(row) = store::find_reason(&mut tx, structure, aidant.id(), id).await? else { return Ok(None) };
    let Some(record) = find_line(&mut tx, kernel, structure, row.entry).await? else { return Ok(None) };
    let records = journal::of_acts(&mut tx, kernel, structure.uuid(), &answered(std::slice::from_ref(&row))).await?;
    let answer = answers_in(&records).remove(&id).map(|(words, _)| words);
    Ok(Some(told(&mut tx, row, record, answer).await?))
}

async fn told(tx: &mut Tx, row: ReasonRow, record: Record, answer: Option<String>) -> Result<Question, Failure> {
    Ok(Question { id: row.id, record, by: staff_name(tx, row.asked_by).await?.unwrap_or_default(), at: row.asked_at, answer })
}

/// What answering gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answering {
    /// It is given.
    Given,
    /// It was given before: the first answer stays.
    GivenBefore,
    /// Nothing is written.
    Empty,
    /// It is too long.
    TooLong,
    /// No such question to this aidant.
    Unknown,
}

/// The aidant answers, once.
pub async fn answer(context: &Mandates, aidant: &SignedInAidant, id: Uuid, words: &str) -> Result<Answering, Failure> {
    let kernel = &context.identity.kernel;
    let structure = aidant.structure().id;
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::find_reason(&mut tx, structure, aidant.id(), id).await? else { return Ok(Answering::Unknown) };
    if row.given_at.is_some() {
        return Ok(Answering::GivenBefore);
    }
    let words = match remark::parse(words) {
        Ok(Some(words)) => words,
        Ok(None) => return Ok(Answering::Empty),
        Err(remark::TooLong) => return Ok(Answering::TooLong),
    };
    if !store::mark_given(&mut tx, id, kernel.now()).await? {
        return Ok(Answering::GivenBefore);
    }
    let entry = by_aidant(id, Event::JournalReasonGiven, aidant).about(Subject::new(SubjectKind::Journal, id).field("reason", words));
    journal::append(&mut tx, kernel, Log::Structure(structure.uuid()), entry).await?;
    tx.commit().await?;
    Ok(Answering::Given)
}

/// A line, and whose it is: what the référent is shown before they ask.
pub struct About {
    /// The line.
    pub record: Record,
    /// The name of its aidant.
    pub aidant: String,
    /// They are not of the team any more.
    pub has_left: bool,
}

/// A line of the structure that an aidant acted in.
pub async fn about(context: &Mandates, referent: &SignedInReferent<'_>, line: Uuid) -> Result<Option<About>, Failure> {
    let structure = referent.aidant().structure().id;
    let mut tx = context.identity.kernel.db.read().await?;
    let Some(record) = find_line(&mut tx, &context.identity.kernel, structure, line).await? else { return Ok(None) };
    let Some(aidant) = aidant_of(&record) else { return Ok(None) };
    let name = staff_name(&mut tx, aidant).await?.unwrap_or_default();
    Ok(Some(About { aidant: name, has_left: !works_for(&mut tx, aidant, structure).await?, record }))
}
