//! A référent holds a mandate because of a dispute, and lets it go on. Each leaves a line with its reason, and the person is told.
//!
//! It is a cause of its own: the print that comes, or the structure that is open again, lifts theirs and leaves this one.

use maincourante_identity::UsagerId;
use maincourante_journal::Event;
use maincourante_kernel::Failure;
use maincourante_sms as sms;

use crate::ending::{self, Wrong};
use crate::entries::{self, About};
use crate::store::{mandates as store, teams};
use crate::{Happening, Mandates, SignedInReferent, State, access_back, succession, transition};

/// The cause, in the base and in the journal.
pub(crate) const DISPUTE: &str = "dispute";

/// What is done about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// The mandate is held.
    Pause,
    /// It goes on.
    Resume,
}

/// What holding, or letting go on, gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turned {
    /// It is so from the aidants' next request on.
    Done,
    /// It stands otherwise: held before, held by something else, or over.
    Not,
    /// The reason is to be corrected.
    Problem(Wrong),
    /// The structure never had a mandate of this person.
    Unknown,
}

/// The person, and what can be done now.
pub struct Case {
    /// `Josette Lambert`.
    pub name: String,
    /// What can be done.
    pub turn: Option<Turn>,
}

/// What the page that asks shows.
pub async fn case(context: &Mandates, referent: &SignedInReferent<'_>, usager: UsagerId) -> Result<Option<Case>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let Some((row, person)) = ending::find(&mut tx, context, referent.aidant(), usager).await? else { return Ok(None) };
    let turn = match row.state.parse()? {
        State::Active => Some(Turn::Pause),
        State::Suspended if teams::hold_cause(&mut tx, row.id).await?.as_deref() == Some(DISPUTE) => Some(Turn::Resume),
        _ => None,
    };
    Ok(Some(Case { name: person.name(), turn }))
}

/// Holds the mandate of a person, or lets it go on.
pub async fn turn(
    context: &Mandates,
    referent: &SignedInReferent<'_>,
    usager: UsagerId,
    turn: Turn,
    reason: &str,
) -> Result<Turned, Failure> {
    let (kernel, aidant) = (&context.identity.kernel, referent.aidant());
    let mut tx = kernel.db.write().await?;
    let Some((found, person)) = ending::find(&mut tx, context, aidant, usager).await? else { return Ok(Turned::Unknown) };
    let reason = match ending::note(reason) {
        Ok(reason) => reason,
        Err(wrong) => return Ok(Turned::Problem(wrong)),
    };
    store::hold(&mut tx, found.id).await?;
    let Some(row) = store::find(&mut tx, found.id).await? else { return Ok(Turned::Unknown) };
    let about = About { usager, name: &person.name() };
    // What is in force, and a newer one that waits for its print.
    let mut turned = false;
    for (row, cause) in succession::living(&mut tx, usager, row.structure, kernel.now()).await? {
        let from: State = row.state.parse()?;
        let happening = match turn {
            Turn::Pause => Happening::Suspend,
            Turn::Resume if cause.as_deref() != Some(DISPUTE) => continue,
            Turn::Resume => Happening::Resume,
        };
        let Ok(to) = transition(from, happening) else { continue };
        if !store::move_to(&mut tx, row.id, from.as_str(), to.as_str(), kernel.now()).await? {
            continue;
        }
        turned = true;
        let event = match turn {
            Turn::Pause => {
                teams::keep_hold(&mut tx, row.id, DISPUTE, kernel.now()).await?;
                access_back::close_screens(&mut tx, context, (row.id, None), &about).await?;
                Event::MandateSuspended
            }
            Turn::Resume => {
                teams::end_hold(&mut tx, row.id).await?;
                Event::MandateResumed
            }
        };
        entries::held(&mut tx, kernel, aidant, &about, (event, row.id, &reason)).await?;
    }
    if !turned {
        return Ok(Turned::Not);
    }
    let (service, structure) = (context.identity.service.name.as_str(), aidant.structure());
    let text = match turn {
        Turn::Pause => sms::Text::MandateHeld { service, structure: &structure.name, phone: &structure.phone },
        Turn::Resume => sms::Text::MandateResumed { service, structure: &structure.name, phone: &structure.phone },
    };
    ending::tell(&mut tx, context, usager, &text).await?;
    tx.commit().await?;
    Ok(Turned::Done)
}
