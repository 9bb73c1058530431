//! What someone typed, when their form arrives after they were signed out: the page and its fields, sealed, for an hour, and for the
//! same account alone.
//!
//! Each form says for whom it was drawn by a sealed mark, so that what was typed finds its owner whatever became of the session: ended
//! by itself, by a new password, by signing out in another window. The mark opens nothing and shows nothing: it only lets something
//! be put aside for that account, which finds it by its own sign-in.

use data_encoding::BASE64URL_NOPAD;
use maincourante_kernel::clock::{Span, days, hours};
use maincourante_kernel::{Failure, Kernel, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::set_aside as store;
use crate::{Lapsed, Opened, Own, SignedInStaff, StaffId, UsagerId};

/// How long it is kept: the time to sign in again, even after choosing a new password.
pub const KEPT: Span = hours(1);
/// How old a form may be: left open in the evening, sent the next morning.
const MARK_LASTS: Span = days(2);

/// An account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Account {
    Usager(UsagerId),
    Staff(StaffId),
}

/// Who asks, by their own sign-in, in this request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Present(Account);

/// For whom a form was drawn, who may be signed out since. It opens nothing.
pub struct Absent(Account);

/// What was typed, and where.
#[derive(Serialize, Deserialize)]
pub struct Typed {
    /// The address of the page, in this site.
    pub page: String,
    /// Its fields, in order. Never a secret: the page said which.
    pub fields: Vec<(String, String)>,
}

impl From<&Own> for Present {
    fn from(own: &Own) -> Self {
        Self(Account::Usager(own.usager()))
    }
}

impl From<&SignedInStaff> for Present {
    fn from(who: &SignedInStaff) -> Self {
        Self(Account::Staff(who.id()))
    }
}

impl From<&Lapsed> for Absent {
    fn from(lapsed: &Lapsed) -> Self {
        Self(Account::Usager(lapsed.usager()))
    }
}

impl Present {
    /// The mark of the forms that they are shown: sealed, it tells nobody who they are.
    pub fn mark(self, kernel: &Kernel) -> String {
        let (kind, id) = match self.0 {
            Account::Usager(usager) => (0, usager.uuid()),
            Account::Staff(staff) => (1, staff.uuid()),
        };
        let plain = [&[kind], id.as_bytes().as_slice(), &kernel.now().micros().to_be_bytes()].concat();
        BASE64URL_NOPAD.encode(&kernel.vault.seal("form.drawn_for", b"", &plain, &kernel.chance))
    }

    /// Whether the form of someone is theirs.
    pub fn is(self, absent: &Absent) -> bool {
        self.0 == absent.0
    }
}

impl Absent {
    /// For whom the form with this mark was drawn; none when the mark is not ours, or too old.
    pub fn of_mark(kernel: &Kernel, mark: &str) -> Option<Self> {
        let sealed = BASE64URL_NOPAD.decode(mark.as_bytes()).ok()?;
        let plain = kernel.vault.open("form.drawn_for", b"", &sealed).ok()?;
        let (&kind, rest) = plain.split_first()?;
        let (id, drawn_at) = rest.split_at_checked(16)?;
        let id = Uuid::from_slice(id).ok()?;
        let drawn_at = Timestamp::from_micros(i64::from_be_bytes(drawn_at.try_into().ok()?));
        if kernel.now().since(drawn_at) >= MARK_LASTS {
            return None;
        }
        match kind {
            0 => Some(Self(Account::Usager(id.into()))),
            1 => Some(Self(Account::Staff(id.into()))),
            _ => None,
        }
    }
}

/// Puts aside what someone typed, in place of what was put aside before for them. Gives its name.
pub async fn put(kernel: &Kernel, whose: &Absent, typed: &Typed) -> Result<Uuid, Failure> {
    let now = kernel.now();
    let id = kernel.chance.uuid(now);
    let sealed = kernel.vault.seal("set_aside.typed", id.as_bytes(), &serde_json::to_vec(typed)?, &kernel.chance);
    let mut tx = kernel.db.write().await?;
    store::replace(&mut tx, id, columns(whose.0), &sealed, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// What waits for who has just signed in and was never shown: its name, and the page to which it leads.
pub async fn waiting(kernel: &Kernel, opened: &Opened) -> Result<Option<(Uuid, String)>, Failure> {
    let mut tx = kernel.db.read().await?;
    let found = store::waiting(&mut tx, opened.session, kernel.now().minus(KEPT)).await?;
    drop(tx);
    found.map(|(id, sealed)| Ok((id, open(kernel, id, &sealed)?.page))).transpose()
}

/// What was put aside under this name for who asks; none once its hour is over, or when it is someone else's.
pub async fn find(kernel: &Kernel, who: Present, id: Uuid) -> Result<Option<Typed>, Failure> {
    let now = kernel.now();
    let mut tx = kernel.db.read().await?;
    let found = store::find(&mut tx, id, columns(who.0), now.minus(KEPT)).await?;
    drop(tx);
    let Some((sealed, shown_at)) = found else { return Ok(None) };
    if shown_at.is_none() {
        let mut tx = kernel.db.write().await?;
        store::shown(&mut tx, id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(open(kernel, id, &sealed)?))
}

/// Destroys what was kept long enough.
pub async fn tend(kernel: &Kernel) -> Result<(), Failure> {
    let mut tx = kernel.db.write().await?;
    store::delete_old(&mut tx, kernel.now().minus(KEPT)).await?;
    tx.commit().await
}

fn columns(account: Account) -> (Option<UsagerId>, Option<StaffId>) {
    match account {
        Account::Usager(usager) => (Some(usager), None),
        Account::Staff(staff) => (None, Some(staff)),
    }
}

fn open(kernel: &Kernel, id: Uuid, sealed: &[u8]) -> Result<Typed, Failure> {
    Ok(serde_json::from_slice(&kernel.vault.open("set_aside.typed", id.as_bytes(), sealed)?)?)
}

// What was typed reaches no log.
impl std::fmt::Debug for Typed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Typed(…)")
    }
}
