//! Aidants and operators: a password and a time-based code.
//!
//! Who they work for is not known here: the caller records the sign-in in the log of the structure,
//! in the transaction that opens the session.

use maincourante_kernel::clock::{Span, minutes};
use maincourante_kernel::limits::{self, Limit, Take};
use maincourante_kernel::{Failure, Kernel, Secret, Tx};

use crate::sessions::{self, Opened, SignedInStaff};
use crate::store::accounts::{self as store, NewStaffRow, StaffRow};
use crate::{Identity, Requester, SessionId, StaffId, TotpSecret, staff_sheet};

const PER_LOGIN: Limit = Limit { bucket: "staff.login", most: 10, per: minutes(10) };
const PER_REQUESTER: Limit = Limit { bucket: "staff.requester", most: 100, per: minutes(10) };
pub(crate) const TOTP_COLUMN: &str = "staff.totp";

/// What a staff member is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StaffKind {
    /// A helper, member of structures (and perhaps référent of one).
    Aidant,
    /// Runs the service.
    Operator,
}

impl StaffKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Aidant => "aidant",
            Self::Operator => "operator",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        match text {
            "aidant" => Ok(Self::Aidant),
            "operator" => Ok(Self::Operator),
            _ => Err(Failure::new("a staff member of an unknown kind")),
        }
    }
}

/// A staff member to enrol.
pub struct NewStaff {
    /// Aidant or operator.
    pub kind: StaffKind,
    /// Their professional mail address, with which they sign in.
    pub login: String,
    /// `Nadia Roussel`.
    pub name: String,
    /// Their password.
    pub password: Secret<String>,
    /// Their authenticator's secret.
    pub totp: TotpSecret,
}

/// Enrols a staff member whose password is already hashed; none when the login is taken.
pub async fn create_staff(tx: &mut Tx, kernel: &Kernel, new: &NewStaff, phc: &str) -> Result<Option<StaffId>, Failure> {
    let now = kernel.now();
    let id = StaffId::new(&kernel.chance, now);
    let totp = kernel.vault.seal(TOTP_COLUMN, id.uuid().as_bytes(), new.totp.bytes(), &kernel.chance);
    let login = new.login.trim().to_lowercase();
    let row =
        NewStaffRow { id, kind: new.kind.as_str(), login: &login, name: new.name.trim(), password: phc, totp: &totp, created_at: now };
    Ok(store::insert_staff(tx, row).await?.then_some(id))
}

/// The name of a staff member, even one who left.
pub async fn staff_name(tx: &mut Tx, id: StaffId) -> Result<Option<String>, Failure> {
    store::staff_name(tx, id).await
}

/// With which address a staff member signs in.
pub async fn staff_login(tx: &mut Tx, id: StaffId) -> Result<Option<String>, Failure> {
    store::staff_login(tx, id).await
}

/// Whether a staff member can sign in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StaffStanding {
    /// They can.
    Open,
    /// The operator closed their access.
    Closed,
    /// Their codes are to be set up again, by the letter that was sent.
    Reset,
}

/// Whether a staff member can sign in; none when there is no such staff member.
pub async fn staff_standing(tx: &mut Tx, id: StaffId) -> Result<Option<StaffStanding>, Failure> {
    Ok(store::staff_ends(tx, id).await?.map(|ends| match ends {
        (Some(_), _) => StaffStanding::Closed,
        (None, Some(_)) => StaffStanding::Reset,
        (None, None) => StaffStanding::Open,
    }))
}

/// Who has this login, their access closed or not.
pub async fn find_staff(tx: &mut Tx, login: &str) -> Result<Option<(StaffId, StaffKind)>, Failure> {
    let found = store::find_login(tx, &login.trim().to_lowercase()).await?;
    found.map(|(id, kind)| Ok((id, StaffKind::parse(&kind)?))).transpose()
}

/// Closes a staff member's access, and ends their sessions at once; false when it was closed already.
pub async fn close_staff(tx: &mut Tx, kernel: &Kernel, id: StaffId) -> Result<bool, Failure> {
    let now = kernel.now();
    let closed = store::close_staff(tx, id, now).await?;
    crate::store::sessions::end_all_of_staff(tx, id, now).await?;
    Ok(closed)
}

/// Opens it again; false when it was not closed.
pub async fn reopen_staff(tx: &mut Tx, id: StaffId) -> Result<bool, Failure> {
    store::reopen_staff(tx, id).await
}

/// What was typed.
pub struct StaffCredentials {
    /// A professional mail address.
    pub login: String,
    /// The password.
    pub password: Secret<String>,
    /// The six digits of the authenticator.
    pub code: Secret<String>,
}

/// What a staff member gave beside their password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StaffMethod {
    /// A time-based code.
    Totp,
    /// A code of their recovery sheet: it opens this session and gives no [`Fresh`](crate::Fresh).
    RecoveryCode,
}

/// A staff member who signs in, for the caller's journal entry.
pub struct StaffIn {
    /// Who.
    pub id: StaffId,
    /// Aidant or operator.
    pub kind: StaffKind,
    /// Their name.
    pub name: String,
    /// The session just opened.
    pub session: SessionId,
    /// With what, beside the password.
    pub method: StaffMethod,
}

/// Who tried to sign in, for the caller's journal entry.
pub enum StaffAttempt {
    /// This one, rightly.
    Right(StaffIn),
    /// This one, with a wrong password or code.
    Wrong(StaffId, StaffKind, String),
    /// A login that nobody has.
    Unknown,
}

/// What signing in gave.
pub enum StaffSignIn {
    /// The session is open.
    Open(Opened),
    /// The session is open, by a code of the recovery sheet: they are to be told so.
    OpenByRecovery(Opened),
    /// Unknown login, wrong password or wrong code: nobody is told which.
    Refused,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
}

/// Signs a staff member in; `record` writes the journal in the same transaction.
pub async fn staff_sign_in(
    identity: &Identity,
    typed: StaffCredentials,
    requester: &Requester,
    record: impl AsyncFnOnce(&mut Tx, StaffAttempt) -> Result<(), Failure>,
) -> Result<StaffSignIn, Failure> {
    let kernel = &identity.kernel;
    let login = typed.login.trim().to_lowercase();
    if let Some(wait) = too_many(kernel, &login, requester).await? {
        return Ok(StaffSignIn::TooMany { wait });
    }
    let mut tx = kernel.db.read().await?;
    let account = store::find_staff_by_login(&mut tx, &login).await?;
    drop(tx);
    let right = identity.hasher.verify(&typed.password, account.as_ref().map(|account| account.password.as_str())).await?;

    let mut tx = kernel.db.write().await?;
    let Some(account) = account else {
        record(&mut tx, StaffAttempt::Unknown).await?;
        tx.commit().await?;
        return Ok(StaffSignIn::Refused);
    };
    let kind = StaffKind::parse(&account.kind)?;
    // Read again: an access closed, or a password changed, while this one was being hashed.
    let unchanged = store::find_staff(&mut tx, account.id).await?.is_some_and(|row| row.password == account.password);
    let method = if right && unchanged { second_factor(&mut tx, kernel, &account, &typed.code).await? } else { None };
    let answer = if let Some(method) = method {
        let opened = sessions::open_for_staff(&mut tx, kernel, account.id).await?;
        limits::forget(&mut tx, PER_LOGIN, &login, &kernel.vault).await?;
        let who = StaffIn { id: account.id, kind, name: account.name, session: opened.session, method };
        record(&mut tx, StaffAttempt::Right(who)).await?;
        match method {
            StaffMethod::Totp => StaffSignIn::Open(opened),
            StaffMethod::RecoveryCode => StaffSignIn::OpenByRecovery(opened),
        }
    } else {
        record(&mut tx, StaffAttempt::Wrong(account.id, kind, account.name)).await?;
        StaffSignIn::Refused
    };
    tx.commit().await?;
    Ok(answer)
}

/// What the code beside a right password is: of the authenticator, of the recovery sheet, or nothing.
async fn second_factor(tx: &mut Tx, kernel: &Kernel, account: &StaffRow, typed: &Secret<String>) -> Result<Option<StaffMethod>, Failure> {
    if accept_code(tx, kernel, account, typed).await? {
        return Ok(Some(StaffMethod::Totp));
    }
    Ok(staff_sheet::use_code(tx, kernel, account.id, typed).await?.then_some(StaffMethod::RecoveryCode))
}

/// Signs a staff member out; gives whether the session was still open.
pub async fn end_staff_session(tx: &mut Tx, kernel: &Kernel, who: &SignedInStaff) -> Result<bool, Failure> {
    sessions::end(tx, who.session(), kernel.now()).await
}

/// Whether a code is one of now and was not used yet: its step is kept, and a replay refused.
async fn accept_code(tx: &mut Tx, kernel: &Kernel, account: &StaffRow, typed: &Secret<String>) -> Result<bool, Failure> {
    match step(kernel, account, typed)? {
        Some(step) => store::use_totp_step(tx, account.id, step).await,
        None => Ok(false),
    }
}

/// The time step of a code, when it is one of now, used or not.
pub(crate) fn step(kernel: &Kernel, account: &StaffRow, typed: &Secret<String>) -> Result<Option<i64>, Failure> {
    let secret = TotpSecret::from_bytes(&kernel.vault.open(TOTP_COLUMN, account.id.uuid().as_bytes(), &account.totp)?);
    secret.matching_step(typed.reveal(), kernel.now())
}

async fn too_many(kernel: &Kernel, login: &str, requester: &Requester) -> Result<Option<Span>, Failure> {
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let by_login = limits::take(&mut tx, PER_LOGIN, login, &kernel.vault, now).await?;
    let by_requester = limits::take(&mut tx, PER_REQUESTER, &requester.0.to_string(), &kernel.vault, now).await?;
    tx.commit().await?;
    Ok(match (by_login, by_requester) {
        (Take::Refused { wait }, _) | (_, Take::Refused { wait }) => Some(wait),
        (Take::Allowed { .. }, Take::Allowed { .. }) => None,
    })
}
