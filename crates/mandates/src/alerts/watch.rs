//! Looks at what the log of each structure has that is new. On the clock, and as a job at the act when waiting would be too long.
//!
//! Harmless if run twice: the same facts raise one alert, and what was looked at is looked at again from its number on.

use data_encoding::HEXLOWER;
use maincourante_identity::{StaffId, UsagerId, sharing_phone};
use maincourante_journal::{self as journal, Actor, Ended, Event, Filter, Record, SubjectKind, Viewer};
use maincourante_kernel::clock::seconds;
use maincourante_kernel::{Failure, Timestamp, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rules::{self, Found, MANY_ACCOUNTS, MEMORY, WATCHED};
use super::{Finding, Rule, raise};
use crate::store::alerts as store;
use crate::{Mandates, StructureId};

/// The job that looks at one structure at once.
pub const LOOK: &str = "mandates.look";

/// What it is given.
#[derive(Serialize, Deserialize)]
pub struct Look {
    /// At which structure.
    pub structure: StructureId,
}

/// Looks at every structure; gives how many alerts were raised.
pub async fn run(context: &Mandates) -> Result<usize, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let structures = store::structures(&mut tx).await?;
    drop(tx);
    let mut raised = 0;
    for (structure,) in structures {
        raised += look(context, structure).await?;
    }
    Ok(raised)
}

/// Looks at what one structure has that is new; gives how many alerts were raised.
pub async fn look(context: &Mandates, structure: StructureId) -> Result<usize, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let new = store::scanned(&mut tx, structure).await?;
    let end = i64::try_from(journal::entries_before(&mut tx, structure.uuid(), Timestamp::from_micros(i64::MAX)).await?)?;
    if end <= new {
        return Ok(0);
    }
    let records = watched(&mut tx, context, structure, new).await?;
    let mut findings: Vec<Finding> = rules::look(&records, new).into_iter().map(|found| finding(structure, found)).collect();
    // The newest first: an alert names who verified the last of the numbers.
    for record in records.iter().rev().filter(|record| record.seq >= new) {
        findings.extend(shared_number(&mut tx, context, structure, record).await?);
    }
    drop(tx);
    let mut tx = kernel.db.write().await?;
    let mut raised = 0;
    for found in &findings {
        raised += usize::from(raise(&mut tx, kernel, found, None).await?.is_some());
    }
    store::mark_scanned(&mut tx, structure, end).await?;
    tx.commit().await?;
    Ok(raised)
}

/// The watched lines from number `new` on and, before them, as many as the rules remember; in the order they were written.
async fn watched(tx: &mut Tx, context: &Mandates, structure: StructureId, new: i64) -> Result<Vec<Record>, Failure> {
    let mut filter = Filter { events: WATCHED.to_vec(), beyond: Some(new - 1), ..Filter::default() };
    let mut records = all(tx, context, structure, filter.clone()).await?;
    if let Some(first) = records.last() {
        filter.beyond = None;
        filter.from = Some(first.at.minus(MEMORY));
        // What has the very instant of the first one is told apart by its number.
        filter.until = Some(first.at.plus(seconds(1)));
        let first = first.seq;
        records.extend(all(tx, context, structure, filter).await?.into_iter().filter(|record| record.seq < first));
    }
    records.reverse();
    Ok(records)
}

async fn all(tx: &mut Tx, context: &Mandates, structure: StructureId, mut filter: Filter) -> Result<Vec<Record>, Failure> {
    const BATCH: u32 = 500;
    let mut records = Vec::new();
    loop {
        let page = journal::read(tx, &context.identity.kernel, Viewer::Structure(structure.uuid()), &filter, BATCH).await?;
        records.extend(page.records);
        if page.next.is_none() {
            return Ok(records);
        }
        filter.after = page.next;
    }
}

fn finding(structure: StructureId, found: Found) -> Finding {
    Finding { structure, rule: found.rule, facts: found.facts, aidant: Some(found.aidant), lines: found.lines }
}

/// A phone that was just verified, and receives the codes of others too. Its lines are those of this structure.
async fn shared_number(tx: &mut Tx, context: &Mandates, structure: StructureId, record: &Record) -> Result<Option<Finding>, Failure> {
    const PHONE: [Event; 2] = [Event::PhoneVerified, Event::PhoneChanged];
    let Actor::Aidant(aidant) = record.actor else { return Ok(None) };
    let Some(usager) = record.subject(SubjectKind::Usager).filter(|_| PHONE.contains(&record.event)) else { return Ok(None) };
    if record.ended != Ended::Done {
        return Ok(None);
    }
    let Some(sharing) = sharing_phone(tx, UsagerId::from(usager.id)).await?.filter(|sharing| sharing.accounts.len() >= MANY_ACCOUNTS)
    else {
        return Ok(None);
    };
    let mut lines: Vec<Uuid> = Vec::new();
    for account in &sharing.accounts {
        let filter = Filter { usager: Some(account.uuid()), events: PHONE.to_vec(), ..Filter::default() };
        let page = journal::read(tx, &context.identity.kernel, Viewer::Structure(structure.uuid()), &filter, 1).await?;
        lines.extend(page.records.first().map(|record| record.id));
    }
    // The blind index says that two numbers are the same one, not which.
    let facts = HEXLOWER.encode(&sharing.mark);
    Ok(Some(Finding { structure, rule: Rule::SharedNumber, facts, aidant: Some(StaffId::from(aidant)), lines }))
}
