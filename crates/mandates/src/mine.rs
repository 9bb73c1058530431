//! The person's own side: which structures may help, and stopping a mandate alone, at once.

use maincourante_identity::{Own, UsagerId};
use maincourante_kernel::{Failure, Timestamp, Tx};

use crate::access;
use crate::entries::{self, About};
use crate::holds::STRUCTURE_SUSPENDED;
use crate::papers;
use crate::prints::{self, Wait};
use crate::store::mandates::{self as store, MandateRow};
use crate::store::teams;
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
    /// The powers it grants, revoked ones left out.
    pub powers: Vec<Power>,
    /// Why it gives nothing any more, when it does not.
    pub closed: Option<Refusal>,
    /// Whether it is in pause because its structure is.
    pub structure_in_pause: bool,
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
    let powers = store::powers(tx, row.id).await?.into_iter().map(|(power,)| power.parse()).collect::<Result<_, _>>()?;
    Ok(MyMandate {
        id: row.id,
        structure: papers::structure_of(tx, &row).await?,
        since: row.activated_at.unwrap_or(row.begun_at),
        ends_at: row.ends_at.unwrap_or(now),
        provisional_until: row.provisional_until,
        print: prints::wait(tx, &row).await?,
        powers,
        closed: access::standing(tx, &row, Power::CreateAccount, now).await?,
        structure_in_pause: row.state == State::Suspended.as_str()
            && teams::hold_cause(tx, row.id).await?.as_deref() == Some(STRUCTURE_SUSPENDED),
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
