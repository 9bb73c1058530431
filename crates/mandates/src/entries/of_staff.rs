//! The journal entries of teams: invitations, roles, the charter, codes, the structure one acts for.

use maincourante_identity::StaffId;
use maincourante_journal::{self as journal, Actor, Channel, Entry, Event, Log, Payload, Role, Subject};
use maincourante_kernel::{Failure, Kernel, Tx};
use uuid::Uuid;

use super::{act, by_aidant};
use crate::store::structures;
use crate::{MemberRole, Place, SignedInAidant, StructureId};

/// Something that a staff member does for themselves: in the log of each structure they work for, in that of the service when
/// there is none.
pub(crate) async fn by_staff(
    tx: &mut Tx,
    kernel: &Kernel,
    event: Event,
    (staff, name): (StaffId, &str),
    payload: Payload,
) -> Result<(), Failure> {
    let entry = |act| Entry::new(act, event, Actor::Aidant(staff.uuid())).actor_named(name).with(payload.clone());
    in_teams(tx, kernel, staff, entry, false).await
}

/// The operator asks someone to set up their codes again: in the log of each structure they work for, and in that of the service.
pub(crate) async fn totp_reset(tx: &mut Tx, kernel: &Kernel, (staff, name): (StaffId, &str)) -> Result<(), Failure> {
    let entry = |act| Entry::new(act, Event::AuthTotpReset, Actor::System).through(Channel::Cli).about(Subject::aidant(staff).named(name));
    in_teams(tx, kernel, staff, entry, true).await
}

async fn in_teams(
    tx: &mut Tx,
    kernel: &Kernel,
    staff: StaffId,
    entry: impl Fn(Uuid) -> Entry,
    in_service_too: bool,
) -> Result<(), Failure> {
    let act = act(kernel);
    let teams = structures::teams(tx, staff).await?;
    let of_service = (in_service_too || teams.is_empty()).then_some(Log::Service);
    let logs: Vec<Log> = teams.iter().map(|(structure, _)| Log::Structure(structure.uuid())).chain(of_service).collect();
    journal::lock(tx, kernel, &logs).await?;
    for (structure, of) in teams {
        journal::append(tx, kernel, Log::Structure(structure.uuid()), entry(act).in_structure_named(structure, of)).await?;
    }
    if of_service.is_some() {
        journal::append(tx, kernel, Log::Service, entry(act)).await?;
    }
    Ok(())
}

/// Someone chooses the structure they act for: both read it.
pub(crate) async fn structure_switched(
    tx: &mut Tx,
    kernel: &Kernel,
    (staff, name): (StaffId, &str),
    from: Option<StructureId>,
    to: &Place,
) -> Result<(), Failure> {
    let role = match to.role {
        MemberRole::Aidant => Role::Aidant,
        MemberRole::Referent => Role::Referent,
    };
    let payload = Payload::new().id("to", to.structure);
    let payload = from.into_iter().fold(payload, |payload, from| payload.id("from", from));
    let entry = Entry::new(act(kernel), Event::AidantStructureSwitched, Actor::Aidant(staff.uuid()))
        .actor_named(name)
        .by_role(role)
        .in_structure_named(to.structure, &to.name)
        .with(payload);
    let logs: Vec<Log> = from.into_iter().chain([to.structure]).map(|structure| Log::Structure(structure.uuid())).collect();
    journal::append_to(tx, kernel, &logs, entry).await
}

/// Someone was invited to a team: by its référent, or by the operator.
pub(crate) async fn invited(
    tx: &mut Tx,
    kernel: &Kernel,
    (structure, of): (StructureId, &str),
    by: Option<&SignedInAidant>,
    (invited, name): (Uuid, &str),
) -> Result<(), Failure> {
    let entry = match by {
        Some(aidant) => by_aidant(act(kernel), Event::AidantInvited, aidant),
        None => Entry::new(act(kernel), Event::AidantInvited, Actor::System).through(Channel::Cli).in_structure_named(structure, of),
    };
    let entry = entry.about(Subject::aidant(invited).named(name));
    journal::append(tx, kernel, Log::Structure(structure.uuid()), entry).await
}

/// The référent changes something in the team.
pub(crate) async fn team_change(
    tx: &mut Tx,
    kernel: &Kernel,
    event: Event,
    referent: &SignedInAidant,
    (staff, name): (Uuid, &str),
) -> Result<(), Failure> {
    let entry = by_aidant(act(kernel), event, referent).about(Subject::aidant(staff).named(name));
    journal::append(tx, kernel, Log::Structure(referent.structure().id.uuid()), entry).await
}
