//! The journal entries of a lent screen: lent, signed on, refused on, a secret chosen on, taken back.

use maincourante_identity::{HandOver, LentSession, Purpose, StaffId, UsagerId};
use maincourante_journal::{self as journal, Actor, Entry, Event, Log, Payload, Subject};
use maincourante_kernel::{Failure, Kernel, Tx};
use uuid::Uuid;

use super::{About, act, by_aidant};
use crate::store::mandates::{self, MandateRow};
use crate::{Access, MandateId, Mandates, Power, SignedInAidant, StructureId, prepare};

/// The screen is lent so that the person reads the mandate again, and signs it.
pub(crate) async fn lent_to_sign(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    mandate: MandateId,
    about: &About<'_>,
) -> Result<(), Failure> {
    let entry = by_aidant(act(kernel), Event::MandatePresented, aidant)
        .about(about.subject())
        .about(Subject::mandate(mandate))
        .with(Payload::new().word("screen", "lent"));
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

pub(crate) struct SignedEntry<'a> {
    pub structure: StructureId,
    pub structure_name: &'a str,
    pub mandate: MandateId,
    pub about: About<'a>,
    pub method: &'static str,
    /// Before whom, where no code proves it.
    pub witness: Option<(StaffId, &'a str)>,
    pub presented_sha256: &'a str,
    pub evidence_sha256: &'a str,
}

pub(crate) async fn signed(tx: &mut Tx, kernel: &Kernel, entry: SignedEntry<'_>) -> Result<(), Failure> {
    let subject =
        Subject::mandate(entry.mandate).field("document_sha256", entry.presented_sha256).field("evidence_sha256", entry.evidence_sha256);
    let mut line = Entry::new(act(kernel), Event::MandateSigned, Actor::Usager(entry.about.usager.uuid()))
        .about(entry.about.subject())
        .in_structure_named(entry.structure, entry.structure_name)
        .about(subject)
        .with(Payload::new().word("method", entry.method));
    if let Some((aidant, name)) = entry.witness {
        line = line.about(Subject::aidant(aidant).named(name));
    }
    journal::append(tx, kernel, Log::Structure(entry.structure.uuid()), line).await
}

pub(crate) async fn refused_by_person(
    tx: &mut Tx,
    kernel: &Kernel,
    (structure, structure_name): (StructureId, &str),
    mandate: MandateId,
    about: &About<'_>,
) -> Result<(), Failure> {
    let entry = Entry::new(act(kernel), Event::MandateRefused, Actor::Usager(about.usager.uuid()))
        .about(about.subject())
        .in_structure_named(structure, structure_name)
        .about(Subject::mandate(mandate));
    journal::append(tx, kernel, Log::Structure(structure.uuid()), entry).await
}

/// Someone said on the screen that an aidant lent that they have an account: a mandate of theirs is in preparation.
pub(crate) async fn drafted_on_screen(
    tx: &mut Tx,
    kernel: &Kernel,
    screen: &HandOver,
    about: &About<'_>,
    (structure, structure_name, mandate): (StructureId, &str, MandateId),
) -> Result<(), Failure> {
    let entry = Entry::new(act(kernel), Event::MandateDrafted, Actor::Aidant(screen.staff().uuid()))
        .actor_named(screen.staff_name())
        .in_structure_named(structure, structure_name)
        .about(about.subject())
        .about(Subject::mandate(mandate));
    journal::append(tx, kernel, Log::Structure(structure.uuid()), entry).await
}

/// The person printed a recovery sheet on the screen lent to them: their act, in the log of the structure that lent it.
pub(crate) async fn sheet_printed(
    tx: &mut Tx,
    kernel: &Kernel,
    screen: &HandOver,
    about: &About<'_>,
    (structure, structure_name): (StructureId, &str),
) -> Result<(), Failure> {
    let entry = Entry::new(act(kernel), Event::AuthRecoverySheetPrinted, Actor::Usager(about.usager.uuid()))
        .about(about.subject())
        .about(Subject::aidant(screen.staff()).named(screen.staff_name()))
        .in_structure_named(structure, structure_name);
    journal::append(tx, kernel, Log::Structure(structure.uuid()), entry).await
}

/// A screen lent under an access, so that a person chooses a secret.
pub(crate) async fn hand_over_started(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    access: &Access,
    about: &About<'_>,
    route: &'static str,
) -> Result<(), Failure> {
    let entry = by_aidant(access.act(), Event::AccessHandoverStarted, aidant)
        .about(about.subject())
        .under(access.mandate(), access.power().as_str())
        .with(Payload::new().word("route", route));
    journal::append(tx, kernel, Log::Structure(access.structure().uuid()), entry).await
}

/// A wrong code, typed on a lent screen: nobody knows by whom.
pub(crate) async fn wrong_code(
    tx: &mut Tx,
    kernel: &Kernel,
    event: Event,
    (structure, structure_name, mandate): (StructureId, &str, MandateId),
    about: &About<'_>,
) -> Result<(), Failure> {
    let entry = Entry::new(act(kernel), event, Actor::Visitor)
        .about(about.subject())
        .in_structure_named(structure, structure_name)
        .about(Subject::mandate(mandate))
        .refused("wrong_code");
    journal::append(tx, kernel, Log::Structure(structure.uuid()), entry).await
}

/// The mandate that a screen is lent under, or for whose signature; and the person it is about.
async fn lent_under(
    tx: &mut Tx,
    context: &Mandates,
    lent: &LentSession,
) -> Result<Option<(MandateRow, Option<(UsagerId, String)>)>, Failure> {
    let (purpose, subject) = maincourante_identity::lent_for(tx, lent).await?;
    let id = match purpose {
        Purpose::Sign | Purpose::FindAccount => Some(MandateId::from(subject)),
        Purpose::ChooseSecret => mandates::find_lent(tx, lent.hand_over()).await?.map(|(mandate, ..)| mandate),
    };
    let Some(id) = id else { return Ok(None) };
    let Some(row) = mandates::find(tx, id).await? else { return Ok(None) };
    let who = match (row.usager, &row.draft) {
        (Some(usager), _) => maincourante_identity::find_person(tx, usager).await?.map(|person| (usager, person.name())),
        (None, Some(sealed)) => prepare::unseal(&context.identity.kernel, row.id, sealed)?.who(),
        (None, None) => None,
    };
    Ok(Some((row, who)))
}

/// A wrong code, typed to take a lent screen back.
pub(crate) async fn unlock_refused(tx: &mut Tx, context: &Mandates, lent: &LentSession) -> Result<(), Failure> {
    let kernel = &context.identity.kernel;
    let Some((row, who)) = lent_under(tx, context, lent).await? else { return Ok(()) };
    let mut entry = Entry::new(act(kernel), Event::AuthStepup, Actor::Aidant(lent.staff().uuid()))
        .actor_named(lent.name())
        .in_structure(row.structure)
        .refused("wrong_code");
    if let Some((usager, name)) = &who {
        entry = entry.about(Subject::usager(*usager).named(name));
    }
    journal::append(tx, kernel, Log::Structure(row.structure.uuid()), entry).await
}

/// A screen closed before its time: another one was lent for the same person, or what it was lent under is over.
pub(crate) async fn screen_closed(
    tx: &mut Tx,
    context: &Mandates,
    (row, power, act): (&MandateRow, Power, Uuid),
    about: &About<'_>,
) -> Result<(), Failure> {
    let entry = Entry::new(act, Event::AccessHandoverCancelled, Actor::System)
        .in_structure(row.structure)
        .under(row.id, power.as_str())
        .about(about.subject());
    journal::append(tx, &context.identity.kernel, Log::Structure(row.structure.uuid()), entry).await
}

pub(crate) struct Chosen<'a> {
    pub act: Uuid,
    pub about: About<'a>,
    pub mandate: MandateId,
    pub power: &'static str,
    pub structure: StructureId,
    pub structure_name: &'a str,
    pub aidant: StaffId,
    pub aidant_name: &'a str,
    pub route: &'static str,
    pub sessions_ended: u64,
}

/// The person chose a secret on a lent screen: their act, with the help of the aidant, in the structure's log.
pub(crate) async fn secret_chosen(tx: &mut Tx, kernel: &Kernel, chosen: Chosen<'_>) -> Result<(), Failure> {
    let payload = Payload::new().word("route", chosen.route).count("sessions_ended", i64::try_from(chosen.sessions_ended)?);
    let entry = Entry::new(chosen.act, Event::AccessHandoverCompleted, Actor::Usager(chosen.about.usager.uuid()))
        .about(chosen.about.subject())
        .about(Subject::aidant(chosen.aidant).named(chosen.aidant_name))
        .in_structure_named(chosen.structure, chosen.structure_name)
        .under(chosen.mandate, chosen.power)
        .with(payload);
    journal::append(tx, kernel, Log::Structure(chosen.structure.uuid()), entry).await
}

/// A screen taken back before its purpose was fulfilled.
pub(crate) async fn screen_taken_back(tx: &mut Tx, context: &Mandates, lent: &LentSession) -> Result<(), Failure> {
    let kernel = &context.identity.kernel;
    let Some((mandate, power, act)) = mandates::find_lent(tx, lent.hand_over()).await? else { return Ok(()) };
    let Some(row) = mandates::find(tx, mandate).await? else { return Ok(()) };
    let power: Power = power.parse()?;
    let mut entry = Entry::new(act, Event::AccessHandoverCancelled, Actor::Aidant(lent.staff().uuid()))
        .actor_named(lent.name())
        .in_structure(row.structure)
        .under(mandate, power.as_str());
    if let Some(usager) = row.usager {
        let name = maincourante_identity::find_person(tx, usager).await?.map(|person| person.name()).unwrap_or_default();
        entry = entry.about(Subject::usager(usager).named(name));
    }
    journal::append(tx, kernel, Log::Structure(row.structure.uuid()), entry).await
}
