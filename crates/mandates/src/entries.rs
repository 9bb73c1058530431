//! The journal entries of mandates: in the log of the structure; and in the person's own log for what they do there.

mod of_life;
mod of_staff;
mod on_screen;

use maincourante_identity::{StaffId, StaffKind, StaffMethod, UsagerId};
use maincourante_journal::{self as journal, Actor, Channel, Entry, Event, Log, Payload, Role, Subject};
use maincourante_kernel::{Failure, Kernel, Tx};
use uuid::Uuid;

pub(crate) use self::of_life::{
    Activated, Ended, activated, by_time, deleted_by_error, ended, forget, held, power_revoked, print_closed, replaced, stopped,
};
pub(crate) use self::of_staff::{by_staff, invited, structure_switched, team_change, totp_reset};
pub(crate) use self::on_screen::{
    Chosen, SignedEntry, drafted_on_screen, hand_over_started, lent_to_sign, refused_by_person, screen_closed, screen_taken_back,
    secret_chosen, sheet_printed, signed, unlock_refused, wrong_code,
};
use crate::store::structures;
use crate::{MandateId, MemberRole, Power, SignedInAidant, StructureId};

pub(crate) fn act(kernel: &Kernel) -> Uuid {
    kernel.chance.uuid(kernel.now())
}

/// An entry by an aidant, for the structure they act for.
pub(crate) fn by_aidant(act: Uuid, event: Event, aidant: &SignedInAidant) -> Entry {
    let role = match aidant.role() {
        MemberRole::Aidant => Role::Aidant,
        MemberRole::Referent => Role::Referent,
    };
    let structure = aidant.structure();
    Entry::new(act, event, Actor::Aidant(aidant.id().uuid()))
        .actor_named(aidant.name())
        .by_role(role)
        .in_structure_named(structure.id, &structure.name)
}

/// A person and their name, for an entry about them.
pub(crate) struct About<'a> {
    pub usager: UsagerId,
    pub name: &'a str,
}

impl About<'_> {
    fn subject(&self) -> Subject {
        Subject::usager(self.usager).named(self.name)
    }
}

pub(crate) async fn structure_opened(tx: &mut Tx, kernel: &Kernel, structure: StructureId, name: &str) -> Result<(), Failure> {
    let entry = Entry::new(act(kernel), Event::StructureOpened, Actor::System).through(Channel::Cli).in_structure_named(structure, name);
    journal::append_to(tx, kernel, &[Log::Service, Log::Structure(structure.uuid())], entry).await
}

pub(crate) async fn aidant_activated(
    tx: &mut Tx,
    kernel: &Kernel,
    structure: StructureId,
    staff: (StaffId, String),
    channel: Channel,
) -> Result<(), Failure> {
    of_team(tx, kernel, Event::AidantActivated, structure, staff, channel).await
}

pub(crate) async fn aidant_removed(
    tx: &mut Tx,
    kernel: &Kernel,
    structure: StructureId,
    staff: (StaffId, String),
    channel: Channel,
) -> Result<(), Failure> {
    of_team(tx, kernel, Event::AidantRemoved, structure, staff, channel).await
}

async fn of_team(
    tx: &mut Tx,
    kernel: &Kernel,
    event: Event,
    structure: StructureId,
    (staff, name): (StaffId, String),
    channel: Channel,
) -> Result<(), Failure> {
    let of = structures::find(tx, structure).await?.map(|row| row.name).unwrap_or_default();
    let entry = Entry::new(act(kernel), event, Actor::System)
        .through(channel)
        .in_structure_named(structure, of)
        .about(Subject::aidant(staff).named(name));
    journal::append(tx, kernel, Log::Structure(structure.uuid()), entry).await
}

pub(crate) async fn unknown_staff(tx: &mut Tx, kernel: &Kernel) -> Result<(), Failure> {
    let entry = Entry::new(act(kernel), Event::AuthLoginFailed, Actor::Visitor).refused("wrong_credentials");
    journal::append(tx, kernel, Log::Service, entry).await
}

pub(crate) async fn staff_sign_in(
    tx: &mut Tx,
    kernel: &Kernel,
    structure: Option<StructureId>,
    (staff, kind, name): (StaffId, StaffKind, &str),
    right: Option<StaffMethod>,
) -> Result<(), Failure> {
    let log = structure.map_or(Log::Service, |structure| Log::Structure(structure.uuid()));
    let actor = match kind {
        StaffKind::Aidant => Actor::Aidant(staff.uuid()),
        StaffKind::Operator => Actor::Operator(staff.uuid()),
    };
    let (event, method) = match right {
        Some(StaffMethod::Totp) => (Event::AuthLogin, "password_totp"),
        Some(StaffMethod::RecoveryCode) => (Event::AuthLogin, "recovery_code"),
        None => (Event::AuthLoginFailed, "password_totp"),
    };
    let mut entry = Entry::new(act(kernel), event, actor).actor_named(name).with(Payload::new().word("method", method));
    if let Some(structure) = structure {
        entry = entry.in_structure(structure);
    }
    if right.is_none() {
        entry = entry.refused("wrong_credentials");
    }
    journal::append(tx, kernel, log, entry).await
}

pub(crate) async fn signed_out(tx: &mut Tx, kernel: &Kernel, aidant: &SignedInAidant) -> Result<(), Failure> {
    let entry = by_aidant(act(kernel), Event::AuthLogout, aidant);
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

/// A mandate in preparation. The person has no account yet, but who they will be is known: they will read these entries too.
pub(crate) async fn preparation(
    tx: &mut Tx,
    kernel: &Kernel,
    event: Event,
    aidant: &SignedInAidant,
    mandate: MandateId,
    about: &About<'_>,
) -> Result<(), Failure> {
    let entry = by_aidant(act(kernel), event, aidant).about(about.subject()).about(Subject::mandate(mandate));
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

/// A power asked for and refused: the refusal is written too.
pub(crate) async fn power_refused(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    event: Event,
    about: &About<'_>,
    (mandate, power, reason): (MandateId, Power, &'static str),
) -> Result<(), Failure> {
    let entry = by_aidant(act(kernel), event, aidant).about(about.subject()).under(mandate, power.as_str()).refused(reason);
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

/// A wrong code of an aidant, for an act that asks for a fresh one.
pub(crate) async fn confirmation_refused(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    about: Option<&About<'_>>,
) -> Result<(), Failure> {
    let mut entry = by_aidant(act(kernel), Event::AuthStepup, aidant).refused("wrong_code");
    if let Some(about) = about {
        entry = entry.about(about.subject());
    }
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

/// A page of a person's record was opened, or a paper of theirs.
pub(crate) async fn viewed(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    event: Event,
    about: &About<'_>,
    screen: &'static str,
) -> Result<(), Failure> {
    let entry = by_aidant(act(kernel), event, aidant).about(about.subject()).with(Payload::new().word("screen", screen));
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

/// Something of the structure was read by its référent: its journal, an alert.
pub(crate) async fn looked_at(tx: &mut Tx, kernel: &Kernel, aidant: &SignedInAidant, screen: &'static str) -> Result<(), Failure> {
    let entry = by_aidant(act(kernel), Event::RecordViewed, aidant).with(Payload::new().word("screen", screen));
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

/// People were looked for in the list. Those it found are told, when they are few enough to have been looked for.
pub(crate) async fn searched(tx: &mut Tx, kernel: &Kernel, aidant: &SignedInAidant, found: &[About<'_>]) -> Result<(), Failure> {
    let entry = by_aidant(act(kernel), Event::RecordSearched, aidant);
    let entry = found.iter().fold(entry, |entry, about| entry.about(about.subject()));
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}
