//! The person's own side: which structures may help, and stopping a mandate alone, at once.

use maincourante_identity::{Own, UsagerId, find_person};
use maincourante_kernel::{Failure, Timestamp, Tx};

use crate::access;
use crate::access_back;
use crate::dispute::DISPUTE;
use crate::entries::{self, About};
use crate::holds::STRUCTURE_SUSPENDED;
use crate::papers;
use crate::prints::{self, Wait};
use crate::store::mandates::{self as store, MandateRow};
use crate::store::teams;
use crate::whom::Account;
use crate::{Happening, MandateId, Mandates, Power, Refusal, State, Structure, transition};

/// A mandate, as its person sees it.
pub struct MyMandate {
    /// Its identity.
    pub id: MandateId,
    /// With whom.
    pub structure: Structure,
    /// When it became active.
    pub since: Timestamp,
    /// The first instant after its last day.
    pub ends_at: Timestamp,
    /// Until when it is provisional, if it is.
    pub provisional_until: Option<Timestamp>,
    /// Whether it waits for a print signed by hand.
    pub print: Wait,
    /// Whether it opened the account.
    pub account: Account,
    /// The powers it grants, revoked ones left out.
    pub powers: Vec<Power>,
    /// The powers that the person took back, and when.
    pub revoked: Vec<(Power, Timestamp)>,
    /// The powers under which something may still be done; the first secret is chosen once.
    pub of_use: Vec<Power>,
    /// Why it gives nothing any more, when it does not.
    pub closed: Option<Refusal>,
    /// Whether it is in pause because its structure is.
    pub structure_in_pause: bool,
    /// Whether it is in pause because of a dispute.
    pub is_disputed: bool,
}

impl MyMandate {
    /// Whether the person can stop it.
    pub fn can_be_stopped(&self) -> bool {
        matches!(self.closed, None | Some(Refusal::Suspended { .. }))
    }
}

/// Every mandate of the person, the newest first.
pub async fn mandates(context: &Mandates, own: &Own) -> Result<Vec<MyMandate>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let mut mine = Vec::new();
    for row in store::find_of_usager(&mut tx, own.usager()).await? {
        mine.push(read(&mut tx, context, row).await?);
    }
    Ok(mine)
}

/// One mandate of the person.
pub async fn mandate(context: &Mandates, own: &Own, id: MandateId) -> Result<Option<MyMandate>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    match find(&mut tx, own.usager(), id).await? {
        Some(row) => Ok(Some(read(&mut tx, context, row).await?)),
        None => Ok(None),
    }
}

async fn find(tx: &mut Tx, usager: UsagerId, id: MandateId) -> Result<Option<MandateRow>, Failure> {
    Ok(store::find(tx, id).await?.filter(|row| row.usager == Some(usager) && row.activated_at.is_some()))
}

async fn read(tx: &mut Tx, context: &Mandates, row: MandateRow) -> Result<MyMandate, Failure> {
    let now = context.identity.kernel.now();
    let (mut powers, mut revoked, mut of_use) = (Vec::new(), Vec::new(), Vec::new());
    for (power, revoked_at) in store::grants(tx, row.id).await? {
        let power: Power = power.parse()?;
        match revoked_at {
            Some(since) => revoked.push((power, since)),
            None => powers.push(power),
        }
    }
    let opened = powers.contains(&Power::CreateAccount) || revoked.iter().any(|(power, _)| *power == Power::CreateAccount);
    let closed = access::closed(&row, now)?;
    let cause = if row.state == State::Suspended.as_str() { teams::hold_cause(tx, row.id).await? } else { None };
    let is_opened = match row.usager {
        Some(usager) => find_person(tx, usager).await?.is_some_and(|person| person.secret_chosen_at.is_some()),
        None => false,
    };
    if closed.is_none() {
        of_use.extend(powers.iter().copied().filter(|&power| power != Power::CreateAccount || !is_opened));
    }
    Ok(MyMandate {
        id: row.id,
        structure: papers::structure_of(tx, &row).await?,
        since: row.activated_at.unwrap_or(row.begun_at),
        ends_at: row.ends_at.unwrap_or(now),
        provisional_until: row.provisional_until,
        print: prints::wait(tx, &row).await?,
        account: if opened { Account::ToOpen } else { Account::Open },
        powers,
        revoked,
        of_use,
        closed,
        structure_in_pause: cause.as_deref() == Some(STRUCTURE_SUSPENDED),
        is_disputed: cause.as_deref() == Some(DISPUTE),
    })
}

/// What stopping gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// It is stopped: the aidants' next request finds it so.
    Stopped,
    /// It was over already.
    AlreadyOver,
    /// No such mandate of this person.
    Unknown,
}

/// The person stops a mandate (civil code, article 2004). Their address, messages and secret stay.
pub async fn stop(context: &Mandates, own: &Own, id: MandateId) -> Result<Stop, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(row) = find(&mut tx, own.usager(), id).await? else { return Ok(Stop::Unknown) };
    let from: State = row.state.parse()?;
    let Ok(to) = transition(from, Happening::RevokeByUsager) else { return Ok(Stop::AlreadyOver) };
    if !store::move_to(&mut tx, id, from.as_str(), to.as_str(), kernel.now()).await? {
        return Ok(Stop::AlreadyOver);
    }
    let structure = papers::structure_of(&mut tx, &row).await?;
    let about = About { usager: own.usager(), name: &own.name() };
    entries::stopped(&mut tx, kernel, &about, id, (structure.id, &structure.name)).await?;
    tx.commit().await?;
    Ok(Stop::Stopped)
}

/// What taking one power back gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Revocation {
    /// It is taken back: the aidants' next request finds it so.
    Revoked,
    /// It was taken back before, or the mandate is over.
    AlreadyOver,
    /// No such mandate of this person, or it never gave this power.
    Unknown,
}

/// The person takes one power back and leaves the rest of the mandate. A screen lent under that power is closed.
pub async fn revoke(context: &Mandates, own: &Own, id: MandateId, power: Power) -> Result<Revocation, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    // An act under that power waits for this, or this for the act.
    store::hold(&mut tx, id).await?;
    let Some(row) = find(&mut tx, own.usager(), id).await? else { return Ok(Revocation::Unknown) };
    if store::find_grant(&mut tx, id, power.as_str()).await?.is_none() {
        return Ok(Revocation::Unknown);
    }
    let lives = matches!(row.state.parse()?, State::Active | State::Suspended);
    if !lives || !store::revoke(&mut tx, id, power.as_str(), kernel.now()).await? {
        return Ok(Revocation::AlreadyOver);
    }
    let structure = papers::structure_of(&mut tx, &row).await?;
    let about = About { usager: own.usager(), name: &own.name() };
    entries::power_revoked(&mut tx, kernel, &about, (id, power), (structure.id, &structure.name)).await?;
    access_back::close_screens(&mut tx, context, (id, Some(power)), &about).await?;
    tx.commit().await?;
    Ok(Revocation::Revoked)
}
