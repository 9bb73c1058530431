//! The journal, read by who may: the person all that was done for them, the structure its own log.
//!
//! Both read sentences, never rows. The structure's reading leaves an entry; the person's own does not.

use maincourante_identity::{Own, UsagerId};
use maincourante_journal::{self as journal, Event, Filter, Page, Viewer};
use maincourante_kernel::Failure;
use uuid::Uuid;

use crate::{Mandates, SignedInAidant, SignedInReferent, entries};

/// Lines of a page.
const PAGE: u32 = 50;

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

/// The log of the structure, for its référent. Each page leaves an entry: who looked is written too, however far back.
pub async fn for_structure(context: &Mandates, referent: &SignedInReferent<'_>, after: Option<Uuid>) -> Result<Page, Failure> {
    let kernel = &context.identity.kernel;
    let aidant = referent.aidant();
    let mut tx = kernel.db.write().await?;
    entries::journal_read(&mut tx, kernel, aidant).await?;
    tx.commit().await?;
    let mut tx = kernel.db.read().await?;
    let filter = Filter { after, ..Filter::default() };
    journal::read(&mut tx, kernel, Viewer::Structure(aidant.structure().id.uuid()), &filter, PAGE).await
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
/// their place; nobody helped with these.
pub fn is_help(event: Event) -> bool {
    !matches!(
        event,
        Event::AuthLogin | Event::AuthLoginFailed | Event::AuthLogout | Event::AccessRecoveredAlone | Event::SmsSent | Event::SmsFailed
    )
}
