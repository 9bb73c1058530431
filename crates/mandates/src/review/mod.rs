//! The journal, read by who may: the person all that was done for them, the structure its own log.
//!
//! Both read sentences, never rows. The structure's reading leaves an entry; the person's own does not.
//! A filter narrows what a structure sees and never widens it: the viewer is given apart, from the proof.

pub mod acts;
pub mod export;
pub mod reason;
pub mod sign;

use std::collections::HashMap;

use maincourante_identity::{Own, StaffId, UsagerId, staff_name};
use maincourante_journal::{self as journal, Actor, Event, Filter, Page, Record, SubjectKind, Tally, Viewer};
use maincourante_kernel::calendar::Date;
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};
use uuid::Uuid;

use crate::store::structures;
use crate::{Mandates, SignedInAidant, SignedInReferent, StructureId, entries};
use acts::Acts;
use reason::Asked;
use sign::Review;

/// Lines of a page.
const PAGE: u32 = 50;

/// What a référent looks for in the log of their structure. Empty, everything.
#[derive(Clone, Default, Debug)]
pub struct Wanted {
    /// About this aidant, or done by them.
    pub aidant: Option<StaffId>,
    /// About this person, or done by them.
    pub usager: Option<UsagerId>,
    /// One of these acts.
    pub acts: Option<Acts>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// Only what nobody read again yet.
    pub unread: bool,
}

impl Wanted {
    /// Whether nothing is left out.
    pub fn is_everything(&self) -> bool {
        let Self { aidant, usager, acts, from, to, unread } = self;
        aidant.is_none() && usager.is_none() && acts.is_none() && from.is_none() && to.is_none() && !unread
    }

    pub(crate) fn filter(&self, after: Option<Uuid>, reviewed: i64) -> Filter {
        Filter {
            aidant: self.aidant.map(StaffId::uuid),
            usager: self.usager.map(UsagerId::uuid),
            events: self.acts.map(Acts::events).unwrap_or_default(),
            from: self.from.map(Date::start),
            until: self.to.map(Date::end),
            after,
            beyond: self.unread.then_some(reviewed),
        }
    }
}

/// Someone who works, or worked, for the structure.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Since when they are not of the team any more.
    pub left_at: Option<Timestamp>,
}

/// A page of the log of a structure, with what was read again of it.
pub struct Reading {
    /// The lines, newest first.
    pub records: Vec<Record>,
    /// What to give to read on.
    pub next: Option<Uuid>,
    /// The number of the last line read again; −1 when none was.
    pub reviewed: i64,
    /// Lines not read again yet, up to the newest.
    pub waiting: Tally,
    /// The last review that holds.
    pub last: Option<Review>,
    /// The reasons asked about the lines of this page.
    pub asked: HashMap<Uuid, Asked>,
}

/// What helpers did for the person, and what the person did with them or about them: the page "Qui m'a aidé ?".
pub async fn for_person(context: &Mandates, own: &Own, after: Option<Uuid>) -> Result<Page, Failure> {
    let events = Event::ALL.iter().copied().filter(|&event| is_help(event)).collect();
    read_for_person(context, own, Filter { events, after, ..Filter::default() }, PAGE).await
}

/// The last entries of the person that nobody helped with: their sign-ins, the text messages they received.
pub async fn alone(context: &Mandates, own: &Own) -> Result<Page, Failure> {
    const LAST: u32 = 20;
    let events = Event::ALL.iter().copied().filter(|&event| !is_help(event)).collect();
    read_for_person(context, own, Filter { events, ..Filter::default() }, LAST).await
}

async fn read_for_person(context: &Mandates, own: &Own, filter: Filter, most: u32) -> Result<Page, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    journal::read(&mut tx, kernel, Viewer::Person(own.usager().uuid()), &filter, most).await
}

/// The log of the structure, for its référent. Each page leaves an entry, filtered or not: who looked is written too, however far back.
pub async fn for_structure(
    context: &Mandates,
    referent: &SignedInReferent<'_>,
    wanted: &Wanted,
    after: Option<Uuid>,
) -> Result<Reading, Failure> {
    let kernel = &context.identity.kernel;
    let aidant = referent.aidant();
    let structure = aidant.structure().id;
    let mut tx = kernel.db.write().await?;
    entries::looked_at(&mut tx, kernel, aidant, "journal").await?;
    tx.commit().await?;
    let mut tx = kernel.db.read().await?;
    let last = sign::last(&mut tx, structure).await?;
    let reviewed = last.as_ref().map_or(-1, |last| last.last_seq);
    let filter = wanted.filter(after, reviewed);
    let page = journal::read(&mut tx, kernel, Viewer::Structure(structure.uuid()), &filter, PAGE).await?;
    let waiting = journal::tally(&mut tx, structure.uuid(), reviewed, i64::MAX).await?;
    let lines: Vec<Uuid> = page.records.iter().map(|record| record.id).collect();
    let asked = reason::asked(&mut tx, structure, &lines).await?;
    let answers = journal::of_acts(&mut tx, kernel, structure.uuid(), &reason::answered(&asked)).await?;
    let asked = reason::told_of(&mut tx, structure, asked, &answers).await?;
    Ok(Reading { records: page.records, next: page.next, reviewed, waiting, last, asked })
}

/// The number, in the log of the structure, of a line that its référent was shown, and when it was written.
pub async fn number_of(context: &Mandates, referent: &SignedInReferent<'_>, line: Uuid) -> Result<Option<(i64, Timestamp)>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    Ok(find_line(&mut tx, kernel, referent.aidant().structure().id, line).await?.map(|record| (record.seq, record.at)))
}

pub(crate) async fn find_line(tx: &mut Tx, kernel: &Kernel, structure: StructureId, line: Uuid) -> Result<Option<Record>, Failure> {
    Ok(journal::find(tx, kernel, Viewer::Structure(structure.uuid()), &[line]).await?.into_iter().next())
}

/// Everyone who works or worked for the structure: whom a référent may look for.
pub async fn team(context: &Mandates, referent: &SignedInReferent<'_>) -> Result<Vec<Member>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let mut team = Vec::new();
    for (id, left_at) in structures::members(&mut tx, referent.aidant().structure().id).await? {
        team.push(Member { id, name: staff_name(&mut tx, id).await?.unwrap_or_default(), left_at });
    }
    Ok(team)
}

/// The aidant of a line: who acted or, when a person did with their help, who helped.
pub(crate) fn aidant_of(record: &Record) -> Option<StaffId> {
    match record.actor {
        Actor::Aidant(id) => Some(StaffId::from(id)),
        Actor::System | Actor::Visitor | Actor::Usager(_) | Actor::Operator(_) => {
            record.subject(SubjectKind::Aidant).map(|seen| StaffId::from(seen.id))
        }
    }
}

/// What an aidant did themselves, for their structure.
pub async fn of_aidant(context: &Mandates, aidant: &SignedInAidant, after: Option<Uuid>) -> Result<Page, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let filter = Filter { aidant: Some(aidant.id().uuid()), after, ..Filter::default() };
    journal::read(&mut tx, kernel, Viewer::Structure(aidant.structure().id.uuid()), &filter, PAGE).await
}

/// The last acts of this structure for one person, for their record.
pub async fn of_record(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Page, Failure> {
    const LAST: u32 = 10;
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let filter = Filter { usager: Some(usager.uuid()), ..Filter::default() };
    journal::read(&mut tx, kernel, Viewer::Structure(aidant.structure().id.uuid()), &filter, LAST).await
}

/// Events that the person's page "Qui m'a aidé ?" tells apart: their own sign-ins and recoveries, and what others tried in
/// their place; nobody helped with these. What they reported has its own place beside the line.
pub fn is_help(event: Event) -> bool {
    !matches!(
        event,
        Event::AuthLogin
            | Event::AuthLoginFailed
            | Event::AuthLogout
            | Event::AccessRecoveredAlone
            | Event::SmsSent
            | Event::SmsFailed
            | Event::AlertRaised
    )
}
