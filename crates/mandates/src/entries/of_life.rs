//! The journal entries of a mandate's life: active, replaced, confirmed by its print, held, stopped, ended, at its term.

use maincourante_identity::StaffId;
use maincourante_journal::{self as journal, Actor, Entry, Event, Log, Payload, Subject, SubjectKind};
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};
use uuid::Uuid;

use super::{About, act, by_aidant};
use crate::dispute::DISPUTE;
use crate::ending::End;
use crate::store::mandates;
use crate::whom::{Account, Newcomer};
use crate::{Access, MandateId, Power, SignedInAidant, StructureId};

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
