//! A new mandate with a structure takes the place of the one before it, in the transaction that makes it give its powers.
//!
//! The older one is *renewed* when the new one allows nothing that it did not allow any more, and *superseded* when something is added.
//! One whose last day has passed stays expired: it has nothing left to give up. As long as the new one is provisional it gives nothing,
//! and the older one goes on.

use maincourante_identity::UsagerId;
use maincourante_journal::Event;
use maincourante_kernel::{Failure, Timestamp, Tx};
use maincourante_sms as sms;
use uuid::Uuid;

use crate::dispute::DISPUTE;
use crate::entries::{self, About};
use crate::store::mandates::{self as store, MandateRow};
use crate::store::teams;
use crate::{Happening, MandateId, Mandates, Power, SignedInAidant, State, StructureId, transition};

/// The mandate that has just come into force.
pub(crate) struct Newer {
    pub act: Uuid,
    pub mandate: MandateId,
    pub structure: StructureId,
    pub ends_at: Timestamp,
}

/// Ends every older mandate of this person with the same structure that still lives, and gives them: the screens lent under them are
/// to be closed.
pub(crate) async fn replace(
    tx: &mut Tx,
    context: &Mandates,
    aidant: &SignedInAidant,
    about: &About<'_>,
    newer: Newer,
) -> Result<Vec<MandateId>, Failure> {
    let kernel = &context.identity.kernel;
    let mut replaced = Vec::new();
    for (older, _) in living(tx, about.usager, newer.structure, kernel.now()).await? {
        if older.id == newer.mandate {
            continue;
        }
        // An act under it waits for this, or this for the act.
        store::hold(tx, older.id).await?;
        let Some(older) = store::find(tx, older.id).await? else { continue };
        let from: State = older.state.parse()?;
        let adds = adds(tx, newer.mandate, older.id).await?;
        let (happening, event) =
            if adds { (Happening::Supersede, Event::MandateSuperseded) } else { (Happening::Renew, Event::MandateRenewed) };
        let Ok(to) = transition(from, happening) else { continue };
        if !store::move_to(tx, older.id, from.as_str(), to.as_str(), kernel.now()).await? {
            continue;
        }
        teams::end_hold(tx, older.id).await?;
        entries::replaced(tx, kernel, aidant, about, (newer.act, event, older.id, newer.ends_at)).await?;
        replaced.push(older.id);
    }
    Ok(replaced)
}

/// What a text message says of it to the person.
pub(crate) fn text<'a>(context: &'a Mandates, aidant: &'a SignedInAidant) -> sms::Text<'a> {
    let structure = aidant.structure();
    sms::Text::MandateRenewed { service: &context.identity.service.name, structure: &structure.name, phone: &structure.phone }
}

/// The mandates of a person with a structure that are in force or held, and what holds each.
pub(crate) async fn living(
    tx: &mut Tx,
    usager: UsagerId,
    structure: StructureId,
    now: Timestamp,
) -> Result<Vec<(MandateRow, Option<String>)>, Failure> {
    let mut living = Vec::new();
    for row in store::find_all_with(tx, usager, structure).await? {
        let lives = matches!(row.state.parse()?, State::Active | State::Suspended);
        if lives && row.ends_at.is_none_or(|end| end > now) {
            let cause = teams::hold_cause(tx, row.id).await?;
            living.push((row, cause));
        }
    }
    Ok(living)
}

/// Whether a dispute holds a mandate of this person with this structure: nothing is signed over it.
pub(crate) async fn is_disputed(tx: &mut Tx, usager: UsagerId, structure: StructureId, now: Timestamp) -> Result<bool, Failure> {
    Ok(living(tx, usager, structure, now).await?.iter().any(|(_, cause)| cause.as_deref() == Some(DISPUTE)))
}

/// Whether what stood between the person and the structure changed since the document of this mandate was shown: the older one was
/// stopped, ended or replaced, or a dispute holds it. What the person read is not what they would get.
pub(crate) async fn is_overtaken(tx: &mut Tx, row: &MandateRow, usager: UsagerId, now: Timestamp) -> Result<bool, Failure> {
    let shown = row.presented_at.unwrap_or(row.begun_at);
    for other in store::find_all_with(tx, usager, row.structure).await?.into_iter().filter(|other| other.id != row.id) {
        let state: State = other.state.parse()?;
        let ended = !matches!(state, State::Active | State::Suspended | State::Expired | State::Archived | State::Purged);
        if other.activated_at.is_some_and(|at| at > shown) || (ended && other.state_since > shown) {
            return Ok(true);
        }
    }
    is_disputed(tx, usager, row.structure, now).await
}

/// What a mandate still allows of what is not spent once for all.
pub(crate) async fn lasting_powers(tx: &mut Tx, mandate: MandateId) -> Result<Vec<Power>, Failure> {
    let mut powers = Vec::new();
    for (power, revoked_at) in store::grants(tx, mandate).await? {
        let power: Power = power.parse()?;
        if revoked_at.is_none() && power != Power::CreateAccount {
            powers.push(power);
        }
    }
    Ok(powers)
}

/// Whether the newer mandate allows something that the older one does not, or not any more.
async fn adds(tx: &mut Tx, newer: MandateId, older: MandateId) -> Result<bool, Failure> {
    let allowed = lasting_powers(tx, older).await?;
    Ok(lasting_powers(tx, newer).await?.iter().any(|power| !allowed.contains(power)))
}
