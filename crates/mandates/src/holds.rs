//! Mandates follow their structure: suspended with it, resumed with it, a line for each.
//!
//! Powers do not wait for this: nobody acts for a suspended structure from the next request on. It is done again at each turn
//! of the clock, so that what was cut off in the middle ends.

use maincourante_identity::find_person;
use maincourante_journal::Event;
use maincourante_kernel::Failure;

use crate::entries::{self, About};
use crate::store::{mandates, teams as store};
use crate::{Happening, MandateId, Mandates, State, transition};

/// The cause, in the base and in the journal.
pub(crate) const STRUCTURE_SUSPENDED: &str = "structure_suspended";

/// Suspends the mandates of suspended structures, resumes those of structures that are in activity again.
pub(crate) async fn follow(context: &Mandates) -> Result<(), Failure> {
    let db = &context.identity.kernel.db;
    loop {
        let mut tx = db.read().await?;
        let (hold, release) = (store::to_hold(&mut tx).await?, store::to_release(&mut tx).await?);
        drop(tx);
        let mut moved = false;
        for (id,) in hold {
            moved |= happen(context, id, Happening::Suspend).await?;
        }
        for (id,) in release {
            moved |= happen(context, id, Happening::Resume).await?;
        }
        if !moved {
            return Ok(());
        }
    }
}

async fn happen(context: &Mandates, id: MandateId, happening: Happening) -> Result<bool, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(row) = mandates::find(&mut tx, id).await? else { return Ok(false) };
    let from: State = row.state.parse()?;
    let Ok(to) = transition(from, happening) else { return Ok(false) };
    if !mandates::move_to(&mut tx, id, from.as_str(), to.as_str(), kernel.now()).await? {
        return Ok(false);
    }
    let (event, cause) = if to == State::Suspended {
        store::keep_hold(&mut tx, id, STRUCTURE_SUSPENDED, kernel.now()).await?;
        (Event::MandateSuspended, Some(STRUCTURE_SUSPENDED))
    } else {
        store::end_hold(&mut tx, id).await?;
        (Event::MandateResumed, None)
    };
    let person = match row.usager {
        Some(usager) => find_person(&mut tx, usager).await?.map(|person| (usager, person.name())),
        None => None,
    };
    let about = person.as_ref().map(|(usager, name)| About { usager: *usager, name });
    entries::by_time(&mut tx, kernel, event, &row, about, cause).await?;
    tx.commit().await?;
    Ok(true)
}
