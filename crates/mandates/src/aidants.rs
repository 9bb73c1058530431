//! Who works for a structure: sign-in with a password and a time-based code, and the structure they act for.

use maincourante_identity::{
    self as identity, Confirmation, FreshAct, HandOver, HandOverId, Identity, LentSession, Purpose, Requester, SignedInStaff, StaffAttempt,
    StaffCredentials, StaffId, StaffIn, StaffSignIn, TakenBack, UsagerId, confirm, end_staff_session, find_person, staff_sign_in,
    take_back,
};
use maincourante_journal::{self as journal, Actor, Channel, Entry, Event, Log, Subject};
use maincourante_kernel::clock::Span;
use maincourante_kernel::{Failure, Secret, Tx};
use uuid::Uuid;

use crate::store::mandates::{MandateRow, find as find_mandate, find_lent};
use crate::store::structures as store;
pub(crate) use crate::store::structures::works_for;
use crate::structures::{Change, Structure};
use crate::{MandateId, Mandates, Power, acting, entries, prepare};

/// What someone is in a structure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemberRole {
    /// Helps people.
    Aidant,
    /// Helps people and answers for the structure.
    Referent,
}

impl MemberRole {
    /// Its name in the base.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aidant => "aidant",
            Self::Referent => "referent",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        match text {
            "aidant" => Ok(Self::Aidant),
            "referent" => Ok(Self::Referent),
            _ => Err(Failure::new("a member with an unknown role")),
        }
    }
}

/// An aidant at their own screen, acting for one structure. Obtained at each request, never kept.
pub struct SignedInAidant {
    staff: SignedInStaff,
    structure: Structure,
    role: MemberRole,
    works_elsewhere: bool,
}

impl SignedInAidant {
    /// [`acting`](crate::acting::acting) alone makes one.
    pub(crate) fn new(staff: SignedInStaff, structure: Structure, role: MemberRole, works_elsewhere: bool) -> Self {
        Self { staff, structure, role, works_elsewhere }
    }

    /// Whether they could act for another structure.
    pub fn works_elsewhere(&self) -> bool {
        self.works_elsewhere
    }

    /// Who.
    pub fn id(&self) -> StaffId {
        self.staff.id()
    }

    /// `Nadia Roussel`.
    pub fn name(&self) -> &str {
        self.staff.name()
    }

    /// The structure they act for now.
    pub fn structure(&self) -> &Structure {
        &self.structure
    }

    /// Aidant, or référent.
    pub fn role(&self) -> MemberRole {
        self.role
    }

    /// The same person, whatever the structure.
    pub fn staff(&self) -> &SignedInStaff {
        &self.staff
    }

    /// The same person as référent of the structure, if they are.
    pub fn as_referent(&self) -> Option<SignedInReferent<'_>> {
        match self.role {
            MemberRole::Referent => Some(SignedInReferent(self)),
            MemberRole::Aidant => None,
        }
    }
}

/// The référent of the structure they act for.
pub struct SignedInReferent<'a>(&'a SignedInAidant);

impl SignedInReferent<'_> {
    /// The aidant that a référent also is.
    pub fn aidant(&self) -> &SignedInAidant {
        self.0
    }
}

/// Closes the access of someone who works for the service or for structures, from the command line of the operator:
/// they are signed out of everywhere.
pub async fn close_access(context: &Mandates, login: &str) -> Result<Change, Failure> {
    let kernel = &context.identity.kernel;
    change_access(context, login, Event::AidantSuspended, async |tx, staff| identity::close_staff(tx, kernel, staff).await).await
}

/// Opens it again: same login, same password, same authenticator.
pub async fn reopen_access(context: &Mandates, login: &str) -> Result<Change, Failure> {
    change_access(context, login, Event::AidantActivated, async |tx, staff| identity::reopen_staff(tx, staff).await).await
}

/// Told in the log of each structure they work for, and in that of the service.
async fn change_access(
    context: &Mandates,
    login: &str,
    event: Event,
    write: impl AsyncFnOnce(&mut Tx, StaffId) -> Result<bool, Failure>,
) -> Result<Change, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some((staff, _)) = identity::find_staff(&mut tx, login).await? else { return Ok(Change::Unknown) };
    if !write(&mut tx, staff).await? {
        return Ok(Change::Already);
    }
    let name = identity::staff_name(&mut tx, staff).await?.unwrap_or_default();
    let teams = store::teams(&mut tx, staff).await?;
    let act = kernel.chance.uuid(kernel.now());
    let entry = || Entry::new(act, event, Actor::System).through(Channel::Cli).about(Subject::aidant(staff).named(&name));
    let logs: Vec<Log> = teams.iter().map(|(structure, _)| Log::Structure(structure.uuid())).chain([Log::Service]).collect();
    journal::lock(&mut tx, kernel, &logs).await?;
    for (structure, of) in teams {
        journal::append(&mut tx, kernel, Log::Structure(structure.uuid()), entry().in_structure_named(structure, of)).await?;
    }
    journal::append(&mut tx, kernel, Log::Service, entry()).await?;
    tx.commit().await?;
    Ok(Change::Done)
}

/// Signs an aidant in; the sign-in, or its refusal, is written in the log of their structure.
pub async fn sign_in(context: &Mandates, typed: StaffCredentials, requester: &Requester) -> Result<StaffSignIn, Failure> {
    let kernel = &context.identity.kernel;
    staff_sign_in(&context.identity, typed, requester, async |tx, attempt| {
        let (staff, kind, name, right) = match attempt {
            StaffAttempt::Right(StaffIn { id, kind, name, session, method }) => (id, kind, name, Some((session, method))),
            StaffAttempt::Wrong(staff, kind, name) => (staff, kind, name, None),
            StaffAttempt::Unknown => return entries::unknown_staff(tx, kernel).await,
        };
        let structure = match right {
            Some((session, _)) => acting::begin(tx, context, staff, session).await?,
            None => store::memberships(tx, staff).await?.into_iter().next().map(|(structure, _)| structure),
        };
        entries::staff_sign_in(tx, kernel, structure, (staff, kind, &name), right.map(|(_, method)| method)).await
    })
    .await
}

/// Signs an aidant out.
pub async fn sign_out(context: &Mandates, aidant: &SignedInAidant) -> Result<(), Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    if end_staff_session(&mut tx, kernel, &aidant.staff).await? {
        entries::signed_out(&mut tx, kernel, aidant).await?;
    }
    tx.commit().await
}

/// Signs out someone who is member of no structure.
pub async fn leave(identity: &Identity, staff: &SignedInStaff) -> Result<(), Failure> {
    let mut tx = identity.kernel.db.write().await?;
    end_staff_session(&mut tx, &identity.kernel, staff).await?;
    tx.commit().await
}

/// What a screen is lent for, as the page that takes it back says it.
pub struct LentFor {
    /// To whom: the person's name, while something is known of them.
    pub name: Option<String>,
    /// What for.
    pub errand: Errand,
    /// The structure in whose name it is lent.
    pub structure: Option<String>,
}

/// Where the aidant goes on from, once the screen is theirs again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Errand {
    /// The person reads and signs this mandate.
    Sign(MandateId),
    /// The person chooses the first secret of the account that this mandate opened.
    FirstSecret(MandateId),
    /// This person chooses a new secret.
    NewSecret(UsagerId),
    /// Someone says which account is theirs, for this mandate.
    Find(MandateId),
}

/// What the aidant's screen is lent for.
pub async fn lent_for(context: &Mandates, lent: &LentSession) -> Result<LentFor, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let (purpose, subject) = identity::lent_for(&mut tx, lent).await?;
    let errand = match purpose {
        Purpose::Sign => Errand::Sign(MandateId::from(subject)),
        Purpose::FindAccount => Errand::Find(MandateId::from(subject)),
        Purpose::ChooseSecret => match find_lent(&mut tx, lent.hand_over()).await? {
            Some((mandate, power, _)) if power == Power::CreateAccount.as_str() => Errand::FirstSecret(mandate),
            Some(_) | None => Errand::NewSecret(UsagerId::from(subject)),
        },
    };
    let structure = lender_of(&mut tx, purpose, subject, lent.hand_over()).await?;
    drop(tx);
    Ok(LentFor { structure, name: borrower(context, purpose, subject).await?, errand })
}

/// The structure in whose name a screen is lent: its name, for the head of each page of that screen.
pub async fn lender(context: &Mandates, screen: &HandOver) -> Result<Option<String>, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    lender_of(&mut tx, screen.purpose(), screen.subject(), screen.id()).await
}

async fn lender_of(tx: &mut Tx, purpose: Purpose, subject: Uuid, screen: HandOverId) -> Result<Option<String>, Failure> {
    let mandate = match purpose {
        Purpose::Sign | Purpose::FindAccount => Some(MandateId::from(subject)),
        Purpose::ChooseSecret => find_lent(tx, screen).await?.map(|(mandate, ..)| mandate),
    };
    let Some(mandate) = mandate else { return Ok(None) };
    let Some(row) = find_mandate(tx, mandate).await? else { return Ok(None) };
    Ok(store::find(tx, row.structure).await?.map(|structure| structure.name))
}

/// The name of the person to whom a screen is lent; none when what was written of them is wiped.
pub async fn borrower(context: &Mandates, purpose: Purpose, subject: Uuid) -> Result<Option<String>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let usager = match purpose {
        Purpose::ChooseSecret => Some(UsagerId::from(subject)),
        Purpose::Sign | Purpose::FindAccount => match find_mandate(&mut tx, MandateId::from(subject)).await? {
            Some(MandateRow { id, draft: Some(sealed), .. }) => {
                return Ok(prepare::unseal(kernel, id, &sealed)?.who().map(|(_, name)| name));
            }
            Some(MandateRow { usager, draft: None, .. }) => usager,
            None => None,
        },
    };
    match usager {
        Some(usager) => Ok(find_person(&mut tx, usager).await?.map(|person| person.name())),
        None => Ok(None),
    }
}

/// What typing the code on the lock page gave.
pub enum Unlock {
    /// The screen is the aidant's again.
    Back(TakenBack),
    /// Not a code of now, or one already used.
    Wrong,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
}

/// Takes a lent screen back, with a fresh code.
pub async fn unlock(context: &Mandates, lent: &LentSession, code: &Secret<String>) -> Result<Unlock, Failure> {
    let object: Uuid = lent.hand_over().uuid();
    let fresh = match confirm(&context.identity, lent, FreshAct::TakeScreenBack, object, code).await? {
        Confirmation::Given(fresh) => fresh,
        Confirmation::Wrong => {
            let mut tx = context.identity.kernel.db.write().await?;
            entries::unlock_refused(&mut tx, context, lent).await?;
            tx.commit().await?;
            return Ok(Unlock::Wrong);
        }
        Confirmation::TooMany { wait } => return Ok(Unlock::TooMany { wait }),
    };
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let back = take_back(&mut tx, kernel, lent, fresh).await?;
    if !back.completed && !back.closed {
        entries::screen_taken_back(&mut tx, context, lent).await?;
    }
    tx.commit().await?;
    Ok(Unlock::Back(back))
}
