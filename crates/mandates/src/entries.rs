//! The journal entries of mandates: in the log of the structure; and in the person's own log for what they do there.

mod of_staff;

use maincourante_identity::{HandOverId, LentSession, Purpose, StaffId, StaffKind, StaffMethod, UsagerId};
use maincourante_journal::{self as journal, Actor, Channel, Entry, Event, Log, Payload, Role, Subject, SubjectKind};
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};
use uuid::Uuid;

pub(crate) use self::of_staff::{by_staff, invited, structure_switched, team_change, totp_reset};
use crate::dispute::DISPUTE;
use crate::ending::End;
use crate::store::{mandates, structures};
use crate::whom::{Account, Newcomer};
use crate::{Access, MandateId, Mandates, MemberRole, Power, SignedInAidant, StructureId, prepare};

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
    staff: StaffId,
    channel: Channel,
) -> Result<(), Failure> {
    of_team(tx, kernel, Event::AidantActivated, structure, staff, channel).await
}

pub(crate) async fn aidant_removed(
    tx: &mut Tx,
    kernel: &Kernel,
    structure: StructureId,
    staff: StaffId,
    channel: Channel,
) -> Result<(), Failure> {
    of_team(tx, kernel, Event::AidantRemoved, structure, staff, channel).await
}

async fn of_team(
    tx: &mut Tx,
    kernel: &Kernel,
    event: Event,
    structure: StructureId,
    staff: StaffId,
    channel: Channel,
) -> Result<(), Failure> {
    let name = maincourante_identity::staff_name(tx, staff).await?.unwrap_or_default();
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

/// A person who did not become one of ours is erased from the journal: only that something happened remains.
///
/// A [`Newcomer`] and nobody else: of who has an account, nothing is forgotten because they did not sign.
pub(crate) async fn forget(tx: &mut Tx, kernel: &Kernel, newcomer: Newcomer) -> Result<(), Failure> {
    journal::destroy_record_key(tx, kernel, act(kernel), SubjectKind::Usager, newcomer.id().uuid()).await?;
    Ok(())
}

/// What the entries of an activation say.
pub(crate) struct Activated<'a> {
    /// Told in part B of the evidence too.
    pub act: Uuid,
    pub mandate: MandateId,
    pub document_sha256: &'a str,
    pub evidence_b_sha256: &'a str,
    pub ends_at: Timestamp,
    pub powers: &'a [Power],
    /// Whether the account was opened by it.
    pub account: Account,
    /// Who else heard the person say yes.
    pub attestant: Option<(StaffId, &'a str)>,
    /// The end of the phone that was proved, if one was.
    pub phone_end: Option<&'a str>,
}

/// The entries of an activation share one act.
pub(crate) async fn activated(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    about: &About<'_>,
    activated: Activated<'_>,
) -> Result<(), Failure> {
    let Activated { act, mandate, document_sha256, evidence_b_sha256, ends_at, powers, account, attestant, phone_end } = activated;
    let log = Log::Structure(aidant.structure().id.uuid());
    let power = Power::CreateAccount.as_str();
    let granted = Payload::new().words("powers", powers.iter().map(|power| power.as_str())).at("ends", ends_at);
    let object = Subject::mandate(mandate).field("document_sha256", document_sha256).field("evidence_b_sha256", evidence_b_sha256);
    let mut first = by_aidant(act, Event::MandateActivated, aidant).about(about.subject()).about(object).with(granted);
    if account == Account::ToOpen {
        first = first.under(mandate, power);
    }
    if let Some((staff, name)) = attestant {
        first = first.about(Subject::aidant(staff).named(name));
    }
    let mut entries = vec![first];
    if account == Account::ToOpen {
        entries.push(by_aidant(act, Event::AccountCreated, aidant).about(about.subject()).under(mandate, power));
    }
    if let Some(end) = phone_end {
        let proved = about.subject().field("masked_phone", end);
        entries.push(by_aidant(act, Event::PhoneVerified, aidant).about(proved).under(mandate, power));
    }
    for entry in entries {
        journal::append(tx, kernel, log, entry).await?;
    }
    Ok(())
}

/// A new mandate takes the place of an older one with the same structure.
pub(crate) async fn replaced(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    about: &About<'_>,
    (act, event, old, ends_at): (Uuid, Event, MandateId, Timestamp),
) -> Result<(), Failure> {
    let mut entry = by_aidant(act, event, aidant).about(about.subject()).about(Subject::mandate(old));
    if event == Event::MandateRenewed {
        entry = entry.with(Payload::new().at("ends", ends_at));
    }
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

/// Someone said on the screen that an aidant lent that they have an account: a mandate of theirs is in preparation.
pub(crate) async fn drafted_on_screen(
    tx: &mut Tx,
    kernel: &Kernel,
    screen: &maincourante_identity::HandOver,
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

/// The photographs of a print signed by hand are whole; what waited for them goes on, under the same act.
pub(crate) async fn print_closed(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    about: &About<'_>,
    (act, mandate, sha256, pages, resumed): (Uuid, MandateId, &str, i64, bool),
) -> Result<(), Failure> {
    let log = Log::Structure(aidant.structure().id.uuid());
    let entry = by_aidant(act, Event::MandateScanAdded, aidant)
        .about(about.subject())
        .about(Subject::mandate(mandate).field("scan_sha256", sha256))
        .with(Payload::new().count("pages", pages));
    journal::append(tx, kernel, log, entry).await?;
    if resumed {
        let entry = by_aidant(act, Event::MandateResumed, aidant).about(about.subject()).about(Subject::mandate(mandate));
        journal::append(tx, kernel, log, entry).await?;
    }
    Ok(())
}

/// The person printed a recovery sheet on the screen lent to them: their act, in the log of the structure that lent it.
pub(crate) async fn sheet_printed(
    tx: &mut Tx,
    kernel: &Kernel,
    screen: &maincourante_identity::HandOver,
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

/// A wrong code of an aidant, for an act that asks for a fresh one.
pub(crate) async fn confirmation_refused(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    about: Option<About<'_>>,
) -> Result<(), Failure> {
    let mut entry = by_aidant(act(kernel), Event::AuthStepup, aidant).refused("wrong_code");
    if let Some(about) = about {
        entry = entry.about(about.subject());
    }
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

/// The mandate that a screen is lent under, or for whose signature; and the person it is about.
async fn lent_under(
    tx: &mut Tx,
    context: &Mandates,
    lent: &LentSession,
) -> Result<Option<(mandates::MandateRow, Option<(UsagerId, String)>)>, Failure> {
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

/// A screen closed because another one was lent for the same person.
pub(crate) async fn screen_closed(tx: &mut Tx, context: &Mandates, screen: HandOverId, about: &About<'_>) -> Result<(), Failure> {
    let Some((mandate, power, act)) = mandates::find_lent(tx, screen).await? else { return Ok(()) };
    let Some(row) = mandates::find(tx, mandate).await? else { return Ok(()) };
    let power: Power = power.parse()?;
    let entry = Entry::new(act, Event::AccessHandoverCancelled, Actor::System)
        .in_structure(row.structure)
        .under(mandate, power.as_str())
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

/// The person stops a mandate: in the structure's log, which must know, and in their own.
pub(crate) async fn stopped(
    tx: &mut Tx,
    kernel: &Kernel,
    about: &About<'_>,
    mandate: MandateId,
    structure: (StructureId, &str),
) -> Result<(), Failure> {
    let entry = Entry::new(act(kernel), Event::MandateRevokedByUsager, Actor::Usager(about.usager.uuid()))
        .about(about.subject())
        .about(Subject::mandate(mandate))
        .in_structure_named(structure.0, structure.1);
    journal::append_to(tx, kernel, &[Log::Structure(structure.0.uuid()), Log::of_person(about.usager.uuid())], entry).await
}

/// The person takes one power back.
pub(crate) async fn power_revoked(
    tx: &mut Tx,
    kernel: &Kernel,
    about: &About<'_>,
    (mandate, power): (MandateId, Power),
    structure: (StructureId, &str),
) -> Result<(), Failure> {
    let entry = Entry::new(act(kernel), Event::MandatePowerRevoked, Actor::Usager(about.usager.uuid()))
        .about(about.subject())
        .about(Subject::mandate(mandate))
        .in_structure_named(structure.0, structure.1)
        .with(Payload::new().word("power", power.as_str()));
    journal::append_to(tx, kernel, &[Log::Structure(structure.0.uuid()), Log::of_person(about.usager.uuid())], entry).await
}

/// What a référent says of an end.
pub(crate) struct Ended<'a> {
    pub mandate: MandateId,
    pub end: End,
    /// What they know it by, or why: sealed under the key of the person it is about.
    pub note: &'a str,
    /// The day of a death, ISO 8601.
    pub day: Option<&'a str>,
}

/// A référent ends a mandate.
pub(crate) async fn ended(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    about: &About<'_>,
    Ended { mandate, end, note, day }: Ended<'_>,
) -> Result<(), Failure> {
    let subject = about.subject().field("note", note);
    let subject = day.into_iter().fold(subject, |subject, day| subject.field("day", day));
    let event = if end == End::Renounced { Event::MandateRenounced } else { Event::MandateEnded };
    let mut entry = by_aidant(act(kernel), event, aidant).about(subject).about(Subject::mandate(mandate));
    if end != End::Renounced {
        entry = entry.with(Payload::new().word("cause", end.as_str()));
    }
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

/// Who works for the structure deletes an account opened by error, and says why.
pub(crate) async fn deleted_by_error(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    access: &Access,
    about: &About<'_>,
    note: &str,
) -> Result<(), Failure> {
    let entry = by_aidant(access.act(), Event::AccountDeletedByError, aidant)
        .about(about.subject().field("note", note))
        .under(access.mandate(), access.power().as_str());
    journal::append(tx, kernel, Log::Structure(access.structure().uuid()), entry).await
}

/// A référent holds a mandate because of a dispute, or lets it go on.
pub(crate) async fn held(
    tx: &mut Tx,
    kernel: &Kernel,
    aidant: &SignedInAidant,
    about: &About<'_>,
    (event, mandate, note): (Event, MandateId, &str),
) -> Result<(), Failure> {
    let mut entry = by_aidant(act(kernel), event, aidant).about(about.subject().field("note", note)).about(Subject::mandate(mandate));
    if event == Event::MandateSuspended {
        entry = entry.with(Payload::new().word("cause", DISPUTE));
    }
    journal::append(tx, kernel, Log::Structure(aidant.structure().id.uuid()), entry).await
}

/// What time does to a mandate.
pub(crate) async fn by_time(
    tx: &mut Tx,
    kernel: &Kernel,
    event: Event,
    mandate: &mandates::MandateRow,
    about: Option<About<'_>>,
    cause: Option<&'static str>,
) -> Result<(), Failure> {
    let mut entry = Entry::new(act(kernel), event, Actor::System).about(Subject::mandate(mandate.id)).in_structure(mandate.structure);
    if let Some(about) = about {
        entry = entry.about(about.subject());
    }
    if let Some(cause) = cause {
        entry = entry.with(Payload::new().word("cause", cause));
    }
    journal::append(tx, kernel, Log::Structure(mandate.structure.uuid()), entry).await
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
