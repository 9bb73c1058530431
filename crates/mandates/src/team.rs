//! The team of a structure, for its référent: who is in it and as what, who is invited, who left; and what the référent changes.
//!
//! A structure that has a référent keeps one. What a référent undoes is done again by the button beside it.

use maincourante_identity::{self as identity, SignedInStaff, StaffId, StaffStanding};
use maincourante_journal::{Channel, Event};
use maincourante_kernel::clock::{Span, days};
use maincourante_kernel::{Failure, Timestamp, Tx};

use crate::invitations::{self, InvitationId};
use crate::store::invitations as letters;
use crate::store::teams as store;
use crate::{Mandates, MemberRole, SignedInReferent, entries, structures};

/// How long someone who left, or an invitation that ended, is still on the page.
const KEPT: Span = days(30);

/// Someone of the team.
pub struct Member {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// With which address they sign in.
    pub login: String,
    /// What they are here.
    pub role: MemberRole,
    /// Since when.
    pub since: Timestamp,
    /// Whether they can sign in.
    pub standing: StaffStanding,
    /// Since when they are of the team no more.
    pub left_at: Option<Timestamp>,
    /// Whether it is the référent who looks.
    pub is_self: bool,
    /// Whether nobody else answers for the structure: they stay, and stay référent.
    pub is_last_referent: bool,
}

/// Where an invitation stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waiting {
    /// The letter is on its way, or has arrived.
    Sent,
    /// No mail server takes the letter.
    NotDelivered,
    /// Nobody answered in seven days.
    Expired,
    /// It was withdrawn.
    Withdrawn,
}

/// Someone invited who has not answered.
pub struct Expected {
    /// The invitation.
    pub id: InvitationId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub login: String,
    /// What they will be.
    pub role: MemberRole,
    /// When they were invited.
    pub invited_at: Timestamp,
    /// When the link ends.
    pub ends_at: Timestamp,
    /// Where it stands.
    pub waiting: Waiting,
    /// How many letters it had: what sends another says which it follows.
    pub sends: i64,
}

/// A team.
pub struct Team {
    /// Those in it and those who left lately, the oldest first.
    pub members: Vec<Member>,
    /// Those invited, the latest first.
    pub expected: Vec<Expected>,
}

/// The team of the référent's structure.
pub async fn team(context: &Mandates, referent: &SignedInReferent<'_>) -> Result<Team, Failure> {
    let kernel = &context.identity.kernel;
    let now = kernel.now();
    let structure = referent.aidant().structure().id;
    let mut tx = kernel.db.read().await?;
    let referents = store::referents(&mut tx, structure).await?;
    let mut members = Vec::new();
    for row in store::members(&mut tx, structure, now.minus(KEPT)).await? {
        members.push(Member {
            staff: row.staff,
            name: identity::staff_name(&mut tx, row.staff).await?.unwrap_or_default(),
            login: identity::staff_login(&mut tx, row.staff).await?.unwrap_or_default(),
            role: MemberRole::parse(&row.role)?,
            since: row.since,
            standing: identity::staff_standing(&mut tx, row.staff).await?.unwrap_or(StaffStanding::Closed),
            left_at: row.ended_at,
            is_self: row.staff == referent.aidant().id(),
            is_last_referent: referents == [(row.staff,)],
        });
    }
    let mut expected = Vec::new();
    for row in letters::of_structure(&mut tx, structure, now.minus(KEPT)).await? {
        let who = invitations::unseal(kernel, &row)?;
        let waiting = match (row.withdrawn_at, row.ends_at <= now, row.refused_at) {
            (Some(_), _, _) => Waiting::Withdrawn,
            (None, true, _) => Waiting::Expired,
            (None, false, Some(_)) => Waiting::NotDelivered,
            (None, false, None) => Waiting::Sent,
        };
        let role = row.role.as_deref().map_or(Ok(MemberRole::Aidant), MemberRole::parse)?;
        let (id, invited_at, ends_at, sends) = (row.id, row.invited_at, row.ends_at, row.sends);
        expected.push(Expected { id, name: who.name, login: who.login, role, invited_at, ends_at, waiting, sends });
    }
    Ok(Team { members, expected })
}

/// What changing a team gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TeamChange {
    /// It is done, and written down.
    Done,
    /// It was so already.
    Already,
    /// Nobody else answers for the structure.
    LastReferent,
    /// Their access is closed: only the operator opens it.
    AccessClosed,
    /// Nobody of that identity is, or was, of this team.
    Unknown,
}

/// Makes someone of the team référent, or a plain aidant.
pub async fn set_role(
    context: &Mandates,
    referent: &SignedInReferent<'_>,
    staff: StaffId,
    role: MemberRole,
) -> Result<TeamChange, Failure> {
    let kernel = &context.identity.kernel;
    let aidant = referent.aidant();
    let structure = aidant.structure().id;
    let mut tx = kernel.db.write().await?;
    store::hold_team(&mut tx, structure).await?;
    let Some(member) = store::find_member(&mut tx, structure, staff).await? else { return Ok(TeamChange::Unknown) };
    if member.ended_at.is_some() {
        return Ok(TeamChange::Unknown);
    }
    if role == MemberRole::Aidant && is_last(&mut tx, referent, staff).await? {
        return Ok(TeamChange::LastReferent);
    }
    if !store::set_role(&mut tx, structure, staff, role.as_str()).await? {
        return Ok(TeamChange::Already);
    }
    let event = match role {
        MemberRole::Referent => Event::AidantReferentNamed,
        MemberRole::Aidant => Event::AidantReferentEnded,
    };
    write(&mut tx, context, referent, event, staff).await?;
    tx.commit().await?;
    Ok(TeamChange::Done)
}

/// Takes someone out of the team: felt at their next request, and by the screens they lent. Their other structures are not concerned.
pub async fn remove(context: &Mandates, referent: &SignedInReferent<'_>, staff: StaffId) -> Result<TeamChange, Failure> {
    let kernel = &context.identity.kernel;
    let structure = referent.aidant().structure().id;
    let mut tx = kernel.db.write().await?;
    store::hold_team(&mut tx, structure).await?;
    if store::find_member(&mut tx, structure, staff).await?.is_none() {
        return Ok(TeamChange::Unknown);
    }
    if is_last(&mut tx, referent, staff).await? {
        return Ok(TeamChange::LastReferent);
    }
    if !structures::end_place(&mut tx, context, structure, staff).await? {
        return Ok(TeamChange::Already);
    }
    write(&mut tx, context, referent, Event::AidantRemoved, staff).await?;
    tx.commit().await?;
    Ok(TeamChange::Done)
}

/// Puts someone who left back into the team, as what they were.
pub async fn put_back(context: &Mandates, referent: &SignedInReferent<'_>, staff: StaffId) -> Result<TeamChange, Failure> {
    let structure = referent.aidant().structure().id;
    let mut tx = context.identity.kernel.db.write().await?;
    store::hold_team(&mut tx, structure).await?;
    let Some(member) = store::find_member(&mut tx, structure, staff).await? else { return Ok(TeamChange::Unknown) };
    if member.ended_at.is_none() {
        return Ok(TeamChange::Already);
    }
    if identity::staff_standing(&mut tx, staff).await? == Some(StaffStanding::Closed) {
        return Ok(TeamChange::AccessClosed);
    }
    structures::give_place(&mut tx, context, structure, staff, MemberRole::parse(&member.role)?).await?;
    write(&mut tx, context, referent, Event::AidantActivated, staff).await?;
    tx.commit().await?;
    Ok(TeamChange::Done)
}

async fn is_last(tx: &mut Tx, referent: &SignedInReferent<'_>, staff: StaffId) -> Result<bool, Failure> {
    Ok(store::referents(tx, referent.aidant().structure().id).await? == [(staff,)])
}

async fn write(tx: &mut Tx, context: &Mandates, referent: &SignedInReferent<'_>, event: Event, staff: StaffId) -> Result<(), Failure> {
    let name = identity::staff_name(tx, staff).await?.unwrap_or_default();
    entries::team_change(tx, &context.identity.kernel, event, referent.aidant(), (staff.uuid(), &name)).await
}

/// What joining someone who signs in already gave, from the command line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attach {
    /// They are of the team.
    Done,
    /// They were already, as that.
    Already,
}

/// Gives someone who signs in already a place in another structure, or another role in it: for tests and emergencies.
pub async fn attach(context: &Mandates, structure: crate::StructureId, staff: StaffId, role: MemberRole) -> Result<Attach, Failure> {
    let mut tx = context.identity.kernel.db.write().await?;
    let known = store::find_member(&mut tx, structure, staff).await?;
    if known.is_some_and(|member| member.ended_at.is_none() && member.role == role.as_str()) {
        return Ok(Attach::Already);
    }
    structures::add_member(&mut tx, context, structure, staff, role, Channel::Cli).await?;
    tx.commit().await?;
    Ok(Attach::Done)
}

/// Prints a new recovery sheet, with a code of the authenticator typed in that very form; false when the code is not one of now.
pub async fn new_sheet(context: &Mandates, staff: &SignedInStaff, code: &maincourante_kernel::Secret<String>) -> Result<Sheet, Failure> {
    use maincourante_identity::{Confirmation, FreshAct, confirm, staff_sheet};
    let kernel = &context.identity.kernel;
    let fresh = match confirm(&context.identity, staff, FreshAct::PrintRecoverySheet, staff.id().uuid(), code).await? {
        Confirmation::Given(fresh) => fresh,
        Confirmation::Wrong => return Ok(Sheet::WrongCode),
        Confirmation::TooMany { wait } => return Ok(Sheet::TooMany { wait }),
    };
    let mut tx = kernel.db.write().await?;
    staff_sheet::renew(&mut tx, kernel, staff, fresh).await?;
    let event = Event::AuthRecoverySheetPrinted;
    entries::by_staff(&mut tx, kernel, event, (staff.id(), staff.name()), maincourante_journal::Payload::new()).await?;
    tx.commit().await?;
    Ok(Sheet::Made)
}

/// What asking for a new recovery sheet gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sheet {
    /// It can be printed; the old one is worth nothing any more.
    Made,
    /// Not a code of now, or one already used.
    WrongCode,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
}
