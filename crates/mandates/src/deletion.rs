//! An account that was opened by error is deleted by who works for the structure that opened it, within two days, while nobody ever used it.
//!
//! It is done under the mandate, with the power that opened the account, and it ends that mandate. What was signed and what was written stay: the
//! structure answers for them.

use maincourante_identity::{self as identity, Confirmation, FreshAct, Person, UsagerId, find_person};
use maincourante_kernel::clock::{Span, days};
use maincourante_kernel::{Failure, Secret, Timestamp, Tx};
use maincourante_sms as sms;

use crate::access::{Decision, under_mandate};
use crate::confirmed::confirm_about;
use crate::ending::{Wrong, note, tell};
use crate::entries::{self, About};
use crate::store::mandates::{self as store, MandateRow};
use crate::store::teams;
use crate::{Happening, Mandates, Power, SignedInAidant, State, access_back, transition};

/// How long an error can be mended, from the activation of the mandate.
pub const MENDED_WITHIN: Span = days(2);

/// What deleting an account gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Deletion {
    /// The account is closed, its mandate is over.
    Deleted,
    /// Not any more: too late, somebody signed in, another structure helps this person, or the mandate gives nothing now.
    NotPossible,
    /// What is written of why is to be corrected.
    Problem(Wrong),
    /// Not a code of now, or one already used.
    WrongCode,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
    /// The structure has no mandate of this person.
    Unknown,
}

/// The person, and until when their account may be deleted.
pub struct Case {
    /// `Josette Lambert`.
    pub name: String,
    /// The address that nobody will have any more.
    pub address: String,
    /// Until when; none when it is not possible.
    pub until: Option<Timestamp>,
}

/// What the page that asks shows. No more than the list of people says: it leaves no entry.
pub async fn case(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Option<Case>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some((row, person)) = crate::ending::find(&mut tx, context, aidant, usager).await? else { return Ok(None) };
    let until = until(&mut tx, &row, &person, kernel.now()).await?;
    Ok(Some(Case { name: person.name(), address: person.address, until }))
}

/// Until when the account that this mandate opened may be deleted, if it may.
pub(crate) async fn until(tx: &mut Tx, row: &MandateRow, person: &Person, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
    let until = person.created_at.plus(MENDED_WITHIN);
    if row.state.parse::<State>()? != State::Active || until <= now || identity::ever_signed_in(tx, person.id).await? {
        return Ok(None);
    }
    // The one that opened it; with another, of whichever structure, someone counts on the account.
    let is_only = store::find_of_usager(tx, person.id).await?.len() == 1;
    Ok(is_only.then_some(until))
}

/// Deletes an account opened by error, with why and a code of who does it.
pub async fn delete(
    context: &Mandates,
    aidant: &SignedInAidant,
    usager: UsagerId,
    why: &str,
    code: &Secret<String>,
) -> Result<Deletion, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some((row, person)) = crate::ending::find(&mut tx, context, aidant, usager).await? else { return Ok(Deletion::Unknown) };
    let possible = until(&mut tx, &row, &person, kernel.now()).await?;
    drop(tx);
    if possible.is_none() {
        return Ok(Deletion::NotPossible);
    }
    let why = match note(why) {
        Ok(why) => why,
        Err(wrong) => return Ok(Deletion::Problem(wrong)),
    };
    let about = About { usager, name: &person.name() };
    let fresh = match confirm_about(context, aidant, (FreshAct::DeleteAccount, usager.uuid()), &about, code).await? {
        Confirmation::Given(fresh) => fresh,
        Confirmation::Wrong => return Ok(Deletion::WrongCode),
        Confirmation::TooMany { wait } => return Ok(Deletion::TooMany { wait }),
    };
    let mut tx = kernel.db.write().await?;
    // The same power as opened it, under the same mandate, asked for in this very transaction: what was begun under it waits.
    let Decision::Granted(access) = under_mandate(&mut tx, context, aidant, usager, Power::CreateAccount).await? else {
        return Ok(Deletion::NotPossible);
    };
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(Deletion::Unknown) };
    if until(&mut tx, &row, &person, kernel.now()).await?.is_none() {
        return Ok(Deletion::NotPossible);
    }
    fresh.spend(FreshAct::DeleteAccount, usager.uuid())?;
    let over = transition(State::Active, Happening::Renounce)?;
    if !store::move_to(&mut tx, access.mandate(), State::Active.as_str(), over.as_str(), kernel.now()).await? {
        return Ok(Deletion::NotPossible);
    }
    teams::end_hold(&mut tx, access.mandate()).await?;
    entries::deleted_by_error(&mut tx, kernel, aidant, &access, &about, &why).await?;
    access_back::close_screens(&mut tx, context, (access.mandate(), None), &about).await?;
    let structure = aidant.structure();
    let text = sms::Text::AccountDeleted { service: &context.identity.service.name, structure: &structure.name, phone: &structure.phone };
    tell(&mut tx, context, usager, &text).await?;
    identity::close_account(&mut tx, kernel, usager).await?;
    tx.commit().await?;
    Ok(Deletion::Deleted)
}
