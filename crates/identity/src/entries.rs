//! The journal entries of what a person does alone: in their `personal` log, which no structure reads.

use maincourante_journal::{self as journal, Actor, Entry, Event, Log, Payload, Subject};
use maincourante_kernel::{Failure, Kernel, Tx};
use uuid::Uuid;

use crate::{Person, SignInMethod, UsagerId};

fn entry(kernel: &Kernel, event: Event, usager: UsagerId) -> Entry {
    let act = kernel.chance.uuid(kernel.now());
    Entry::new(act, event, Actor::Usager(usager.uuid())).about(Subject::usager(usager))
}

pub(crate) async fn signed_in(tx: &mut Tx, kernel: &Kernel, usager: UsagerId, method: SignInMethod) -> Result<(), Failure> {
    let entry = entry(kernel, Event::AuthLogin, usager).with(Payload::new().word("method", method.as_str()));
    journal::append(tx, kernel, Log::of_person(usager.uuid()), entry).await
}

/// One entry whether the account exists or not: who could not prove who they are is a visitor. The person reads it in their
/// log; of a login that nobody has, the service keeps it.
pub(crate) async fn sign_in_refused(tx: &mut Tx, kernel: &Kernel, tried: Option<UsagerId>) -> Result<(), Failure> {
    by_visitor(tx, kernel, Event::AuthLoginFailed, "wrong_credentials", tried).await
}

/// A wrong code, typed by someone who asked for a new password.
pub(crate) async fn wrong_code(tx: &mut Tx, kernel: &Kernel, tried: Option<UsagerId>) -> Result<(), Failure> {
    by_visitor(tx, kernel, Event::AccessRecoveredAlone, "wrong_code", tried).await
}

/// A wrong code, typed by someone who said on a lent screen that this account is theirs.
pub(crate) async fn wrong_code_to_join(tx: &mut Tx, kernel: &Kernel, tried: Option<UsagerId>) -> Result<(), Failure> {
    by_visitor(tx, kernel, Event::MandateDrafted, "wrong_code", tried).await
}

async fn by_visitor(tx: &mut Tx, kernel: &Kernel, event: Event, reason: &'static str, tried: Option<UsagerId>) -> Result<(), Failure> {
    let act = kernel.chance.uuid(kernel.now());
    let entry = Entry::new(act, event, Actor::Visitor).refused(reason);
    match tried {
        Some(usager) => journal::append(tx, kernel, Log::of_person(usager.uuid()), entry.about(Subject::usager(usager))).await,
        None => journal::append(tx, kernel, Log::Service, entry).await,
    }
}

pub(crate) async fn signed_out(tx: &mut Tx, kernel: &Kernel, usager: UsagerId) -> Result<(), Failure> {
    journal::append(tx, kernel, Log::of_person(usager.uuid()), entry(kernel, Event::AuthLogout, usager)).await
}

pub(crate) async fn recovered_alone(tx: &mut Tx, kernel: &Kernel, person: &Person, route: &'static str, ended: u64) -> Result<(), Failure> {
    let payload = Payload::new().word("route", route).count("sessions_ended", i64::try_from(ended)?);
    let entry = entry(kernel, Event::AccessRecoveredAlone, person.id).about(Subject::usager(person.id).named(person.name())).with(payload);
    journal::append(tx, kernel, Log::of_person(person.id.uuid()), entry).await
}

pub(crate) async fn text_sent(
    tx: &mut Tx,
    kernel: &Kernel,
    usager: Uuid,
    template: &'static str,
    gateway: &'static str,
) -> Result<(), Failure> {
    let act = kernel.chance.uuid(kernel.now());
    let payload = Payload::new().word("template", template).word("gateway", gateway);
    let entry = Entry::new(act, Event::SmsSent, Actor::System).about(Subject::usager(usager)).with(payload);
    journal::append(tx, kernel, Log::of_person(usager), entry).await
}
