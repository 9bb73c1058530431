//! What time does: mandates left unfinished for a day are wiped, mandates whose last day has passed expire,
//! provisional ones that nobody confirmed are suspended, photographs of no use are forgotten.
//!
//! Powers do not wait for it: [`access`](crate::access) looks at the clock itself. Run as often as one likes.

use maincourante_identity::find_person;
use maincourante_journal::Event;
use maincourante_kernel::{Failure, Tx};

use crate::entries::{self, About};
use crate::prepare::{self, KEPT};
use crate::store::mandates::{self as store, MandateRow};
use crate::whom::Whom;
use crate::{Happening, MandateId, Mandates, State, prints, transition};

/// How many mandates time changed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Changed {
    /// Left unfinished, wiped.
    pub abandoned: usize,
    /// Over.
    pub expired: usize,
    /// Not confirmed in time.
    pub suspended: usize,
}

/// Does what the hour demands.
pub async fn run(context: &Mandates) -> Result<Changed, Failure> {
    let kernel = &context.identity.kernel;
    let now = kernel.now();
    let mut tx = kernel.db.read().await?;
    let left = store::find_left(&mut tx, now.minus(KEPT)).await?;
    let over = store::find_over(&mut tx, now).await?;
    let unconfirmed = store::find_unconfirmed(&mut tx, now).await?;
    drop(tx);
    crate::holds::follow(context).await?;
    let mut changed = Changed::default();
    for (id,) in left {
        changed.abandoned += usize::from(happen(context, id, Happening::Abandon).await?);
    }
    for (id,) in over {
        changed.expired += usize::from(happen(context, id, Happening::Expire).await?);
    }
    for (id,) in unconfirmed {
        changed.suspended += usize::from(happen(context, id, Happening::Suspend).await?);
    }
    prints::tidy(context).await?;
    Ok(changed)
}

async fn happen(context: &Mandates, id: MandateId, happening: Happening) -> Result<bool, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::find(&mut tx, id).await? else { return Ok(false) };
    let from: State = row.state.parse()?;
    let Ok(to) = transition(from, happening) else { return Ok(false) };
    if !store::move_to(&mut tx, id, from.as_str(), to.as_str(), kernel.now()).await? {
        return Ok(false);
    }
    let (event, cause) = match to {
        State::Abandoned => (Event::MandateAbandoned, None),
        State::Suspended => (Event::MandateSuspended, Some("mandate_provisional")),
        _ => (Event::MandateExpired, None),
    };
    let who = who(&mut tx, context, &row).await?;
    let about = who.as_ref().map(|(whom, name)| About { usager: whom.id(), name });
    entries::by_time(&mut tx, kernel, event, &row, about, cause).await?;
    if to == State::Abandoned {
        store::wipe(&mut tx, id).await?;
        if let Some(newcomer) = who.and_then(|(whom, _)| whom.newcomer()) {
            entries::forget(&mut tx, kernel, newcomer).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

async fn who(tx: &mut Tx, context: &Mandates, row: &MandateRow) -> Result<Option<(Whom, String)>, Failure> {
    match (row.usager, &row.draft) {
        (Some(existing), _) => Ok(find_person(tx, existing).await?.map(|person| (Whom::Existing { existing }, person.name()))),
        (None, Some(sealed)) => {
            let draft = prepare::unseal(&context.identity.kernel, row.id, sealed)?;
            Ok(draft.whom.zip(draft.person.map(|person| person.name())))
        }
        (None, None) => Ok(None),
    }
}
