//! Sessions: an opaque token in a cookie, its SHA-256 in the base. From them, and only here, come
//! [`Own`] (a person, by their own sign-in) and [`SignedInStaff`].
//!
//! A shared computer is the default: a short life, and nothing kept. A session is looked up at every request;
//! what ends it (sign-out, a new password, a disabled account) is felt at the next one.

use maincourante_kernel::address::MailAddress;
use maincourante_kernel::clock::{Span, days, hours, minutes, seconds};
use maincourante_kernel::{Failure, Kernel, Secret, Timestamp, Tx};
use ring::digest;

use crate::store::sessions::{self as store, NewSession};
use crate::{HandOverId, SessionId, StaffId, StaffKind, UsagerId, entries};

/// A session's last visit is written at most this often: a page costs no write.
const TOUCH: Span = seconds(60);

/// Whose computer the person is on. Shared unless they say otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Computer {
    /// In a library, a town hall, at a neighbour's: 15 minutes without a page, 8 hours in all.
    Shared,
    /// The person's own: 12 hours without a page, 30 days in all.
    Own,
}

impl Computer {
    fn as_str(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Own => "own",
        }
    }

    fn parse(text: &str) -> Self {
        if text == "own" { Self::Own } else { Self::Shared }
    }

    /// How long without a page before the session is over.
    pub fn idle(self) -> Span {
        match self {
            Self::Shared => minutes(15),
            Self::Own => hours(12),
        }
    }

    fn life(self) -> Span {
        match self {
            Self::Shared => hours(8),
            Self::Own => days(30),
        }
    }
}

/// How a person signed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignInMethod {
    /// With their address and their password.
    Password,
}

impl SignInMethod {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
        }
    }
}

/// A person at their own things: this person, this session, how they signed in, until when.
///
/// It is made by [`own`] alone, from a session that a person's own sign-in opened; it is not `Clone`, and
/// lives as long as the request that obtained it. A lent screen gives no `Own`; no role of the console does.
///
/// ```compile_fail
/// // A page cannot make one: its fields are read by their names, and are nobody's to write…
/// fn make(own: maincourante_identity::Own) -> maincourante_identity::Own { maincourante_identity::Own { ..own } }
/// ```
/// ```compile_fail
/// // …nor copy one.
/// fn keep(own: &maincourante_identity::Own) -> maincourante_identity::Own { own.clone() }
/// ```
pub struct Own {
    usager: UsagerId,
    session: SessionId,
    address: MailAddress,
    given_names: String,
    family_name: String,
    method: SignInMethod,
    computer: Computer,
    until: Timestamp,
}

impl Own {
    /// Who.
    pub fn usager(&self) -> UsagerId {
        self.usager
    }

    /// In which session.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Their address.
    pub fn address(&self) -> &MailAddress {
        &self.address
    }

    /// `Josette Lambert`.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_names, self.family_name)
    }

    /// How they signed in.
    pub fn method(&self) -> SignInMethod {
        self.method
    }

    /// On whose computer.
    pub fn computer(&self) -> Computer {
        self.computer
    }

    /// When the session ends if no page is asked for.
    pub fn until(&self) -> Timestamp {
        self.until
    }
}

/// A session just opened: its token goes into a cookie and nowhere else.
pub struct Opened {
    /// The session.
    pub session: SessionId,
    /// The token of the cookie.
    pub token: Secret<String>,
    /// On whose computer.
    pub computer: Computer,
    /// When it ends at the latest.
    pub ends_at: Timestamp,
}

pub(crate) async fn open_for_usager(
    tx: &mut Tx,
    kernel: &Kernel,
    usager: UsagerId,
    method: SignInMethod,
    computer: Computer,
) -> Result<Opened, Failure> {
    let now = kernel.now();
    let token = Secret::new(kernel.chance.token());
    let opened = Opened { session: SessionId::new(&kernel.chance, now), token, computer, ends_at: now.plus(computer.life()) };
    let new = NewSession {
        id: opened.session,
        token_hash: &hash(&opened.token),
        usager: Some(usager),
        staff: None,
        method: method.as_str(),
        computer: computer.as_str(),
        opened_at: now,
        ends_at: opened.ends_at,
    };
    store::insert(tx, new).await?;
    Ok(opened)
}

pub(crate) async fn open_for_staff(tx: &mut Tx, kernel: &Kernel, staff: StaffId) -> Result<Opened, Failure> {
    let now = kernel.now();
    let token = Secret::new(kernel.chance.token());
    let opened = Opened { session: SessionId::new(&kernel.chance, now), token, computer: Computer::Shared, ends_at: now.plus(hours(10)) };
    let new = NewSession {
        id: opened.session,
        token_hash: &hash(&opened.token),
        usager: None,
        staff: Some(staff),
        method: "password_totp",
        computer: "shared",
        opened_at: now,
        ends_at: opened.ends_at,
    };
    store::insert(tx, new).await?;
    Ok(opened)
}

/// The person behind this cookie, if their session lives. The one place where an [`Own`] is made.
pub async fn own(kernel: &Kernel, token: &Secret<String>) -> Result<Option<Own>, Failure> {
    let now = kernel.now();
    let mut tx = kernel.db.read().await?;
    let Some(row) = store::find_usager_session(&mut tx, &hash(token), now).await? else { return Ok(None) };
    drop(tx);
    let computer = Computer::parse(&row.computer);
    let idle_end = row.seen_at.plus(computer.idle());
    if idle_end <= now {
        return Ok(None);
    }
    let SignInMethod::Password = method(&row.method)?;
    let seen_at = touch(kernel, row.id, row.seen_at, now).await?;
    Ok(Some(Own {
        usager: row.usager,
        session: row.id,
        address: row.address.parse().map_err(|_| Failure::new("a stored address does not parse"))?,
        given_names: row.given_names,
        family_name: row.family_name,
        method: SignInMethod::Password,
        computer,
        until: seen_at.plus(computer.idle()).min(row.ends_at),
    }))
}

/// Only a person's own sign-in gives an [`Own`]: an unknown method gives none.
fn method(text: &str) -> Result<SignInMethod, Failure> {
    match text {
        "password" => Ok(SignInMethod::Password),
        _ => Err(Failure::new("a session was opened by an unknown method")),
    }
}

/// Notes the visit; gives the one that is written, from which the session's end is counted.
async fn touch(kernel: &Kernel, session: SessionId, seen_at: Timestamp, now: Timestamp) -> Result<Timestamp, Failure> {
    if now.since(seen_at) < TOUCH {
        return Ok(seen_at);
    }
    let mut tx = kernel.db.write().await?;
    store::touch(&mut tx, session, now).await?;
    tx.commit().await?;
    Ok(now)
}

/// For how long after a session ended by itself something may be put aside for its owner.
const LATE: Span = days(1);

/// Someone whose session has just ended by itself, while they were writing. It opens nothing and shows nothing: something may
/// be put aside for them, to be found when they sign in again.
///
/// ```compile_fail
/// fn keep(who: &maincourante_identity::Lapsed) -> maincourante_identity::Lapsed { who.clone() }
/// ```
pub struct Lapsed {
    usager: UsagerId,
}

impl Lapsed {
    /// For whom.
    pub fn usager(&self) -> UsagerId {
        self.usager
    }
}

/// The person behind this cookie, if their session ended by itself less than a day ago: neither one that was closed, nor one
/// that lives.
pub async fn lapsed(kernel: &Kernel, token: &Secret<String>) -> Result<Option<Lapsed>, Failure> {
    let now = kernel.now();
    let mut tx = kernel.db.read().await?;
    let Some(row) = store::find_usager_session(&mut tx, &hash(token), now.minus(LATE)).await? else { return Ok(None) };
    drop(tx);
    let ended = row.seen_at.plus(Computer::parse(&row.computer).idle()).min(row.ends_at);
    Ok((ended <= now && now.since(ended) < LATE).then_some(Lapsed { usager: row.usager }))
}

/// Whether a session still lives: asked again by what outlives a request (a warm connection).
pub async fn is_alive(kernel: &Kernel, session: SessionId) -> Result<bool, Failure> {
    let now = kernel.now();
    let mut tx = kernel.db.read().await?;
    let living = store::find_living(&mut tx, session, now).await?;
    Ok(living.is_some_and(|(computer, seen_at)| seen_at.plus(Computer::parse(&computer).idle()) > now))
}

/// How long a staff session may stay without a page.
const STAFF_IDLE: Span = minutes(30);

/// An aidant or an operator, at their own screen, not lent.
///
/// ```compile_fail
/// fn keep(who: &maincourante_identity::SignedInStaff) -> maincourante_identity::SignedInStaff { who.clone() }
/// ```
pub struct SignedInStaff {
    staff: StaffId,
    session: SessionId,
    kind: StaffKind,
    name: String,
    until: Timestamp,
}

impl SignedInStaff {
    /// Who.
    pub fn id(&self) -> StaffId {
        self.staff
    }

    /// In which session.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Aidant or operator.
    pub fn kind(&self) -> StaffKind {
        self.kind
    }

    /// `Nadia Roussel`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When the session ends if no page is asked for.
    pub fn until(&self) -> Timestamp {
        self.until
    }
}

/// A staff session whose screen is lent: nothing can be done with it but taking the screen back.
pub struct LentSession {
    staff: StaffId,
    session: SessionId,
    hand_over: HandOverId,
    name: String,
}

impl LentSession {
    /// Who lent the screen.
    pub fn staff(&self) -> StaffId {
        self.staff
    }

    /// In which session.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Which hand-over holds it.
    pub fn hand_over(&self) -> HandOverId {
        self.hand_over
    }

    /// `Nadia Roussel`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Where a staff member stands.
pub enum StaffAt {
    /// At their own screen.
    Here(SignedInStaff),
    /// Their screen is lent to a person.
    Lent(LentSession),
    /// Not signed in.
    Nowhere,
}

/// The staff member behind this cookie.
pub async fn staff(kernel: &Kernel, token: &Secret<String>) -> Result<StaffAt, Failure> {
    let now = kernel.now();
    let mut tx = kernel.db.read().await?;
    let Some(row) = store::find_staff_session(&mut tx, &hash(token), now).await? else { return Ok(StaffAt::Nowhere) };
    drop(tx);
    if let Some(hand_over) = row.lent_to {
        // A lent screen waits for its lender however long the person takes, until the session's end.
        return Ok(StaffAt::Lent(LentSession { staff: row.staff, session: row.id, hand_over, name: row.name }));
    }
    if row.seen_at.plus(STAFF_IDLE) <= now {
        return Ok(StaffAt::Nowhere);
    }
    let until = touch(kernel, row.id, row.seen_at, now).await?.plus(STAFF_IDLE).min(row.ends_at);
    let kind = StaffKind::parse(&row.kind)?;
    Ok(StaffAt::Here(SignedInStaff { staff: row.staff, session: row.id, kind, name: row.name, until }))
}

/// Ends one session.
pub async fn end(tx: &mut Tx, session: SessionId, now: Timestamp) -> Result<bool, Failure> {
    store::end(tx, session, now).await
}

/// Ends the session of the person behind this cookie, if it lives: another takes its place in the browser, or the browser goes
/// back to who works there. It gives no [`Own`]: whoever asks needs none to close a door.
pub async fn end_by_token(kernel: &Kernel, token: &Secret<String>) -> Result<(), Failure> {
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    if let Some(row) = store::find_usager_session(&mut tx, &hash(token), now).await?
        && store::end(&mut tx, row.id, now).await?
    {
        entries::signed_out(&mut tx, kernel, row.usager).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Ends every session of a person; gives how many there were.
pub(crate) async fn end_all_of(tx: &mut Tx, usager: UsagerId, now: Timestamp) -> Result<u64, Failure> {
    store::end_all_of(tx, usager, now).await
}

pub(crate) fn hash(token: &Secret<String>) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.reveal().as_bytes()).as_ref().to_vec()
}
