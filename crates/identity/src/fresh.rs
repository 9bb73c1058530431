//! [`Fresh`]: the staff member typed a time-based code in the very form of this act.
//!
//! It is bound to the act and to its object, never stored, and spent by the act. An old session,
//! or a code already used, gives none.

use maincourante_kernel::clock::{Span, minutes};
use maincourante_kernel::limits::{self, Limit, Take};
use maincourante_kernel::{Failure, Secret};
use uuid::Uuid;

use crate::sessions::{LentSession, SignedInStaff};
use crate::store::accounts as store;
use crate::{Identity, StaffId, staff};

const TRIES: Limit = Limit { bucket: "fresh", most: 5, per: minutes(10) };

/// The acts that ask for a fresh code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FreshAct {
    /// Countersigning a mandate makes it active.
    ActivateMandate,
    /// Taking back a lent screen.
    TakeScreenBack,
    /// Printing a new sheet of recovery codes.
    PrintRecoverySheet,
    /// Saying that one heard the person say yes, as another helper than the one who countersigns. The object is the document.
    AttestYes,
    /// Saying that the photographs of a signed print are whole.
    ClosePrint,
    /// Recording the end of a mandate.
    EndMandate,
    /// Deleting an account opened by error.
    DeleteAccount,
}

/// Proof that a staff member confirmed this act on this object, just now.
///
/// ```compile_fail
/// fn make(fresh: maincourante_identity::Fresh) -> maincourante_identity::Fresh { maincourante_identity::Fresh { ..fresh } }
/// ```
pub struct Fresh {
    staff: StaffId,
    act: FreshAct,
    object: Uuid,
}

impl Fresh {
    /// Who confirmed, if it was this act on this object: spends the proof.
    ///
    /// # Errors
    /// When the proof was made for something else: a fault of ours, never of the person.
    pub fn spend(self, act: FreshAct, object: Uuid) -> Result<StaffId, Failure> {
        if self.act == act && self.object == object {
            return Ok(self.staff);
        }
        Err(Failure::new("a confirmation was used for another act"))
    }
}

/// What typing the code gave.
pub enum Confirmation {
    /// The proof.
    Given(Fresh),
    /// Not a code of now, or one already used.
    Wrong,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
}

/// Whoever may confirm: at their own screen, or taking back the one they lent.
pub trait Confirms {
    /// Who.
    fn staff(&self) -> StaffId;
}

impl Confirms for SignedInStaff {
    fn staff(&self) -> StaffId {
        self.id()
    }
}

impl Confirms for LentSession {
    fn staff(&self) -> StaffId {
        Self::staff(self)
    }
}

/// A colleague who confirms with their own login and code, in the form of someone else.
struct Colleague(StaffId);

impl Confirms for Colleague {
    fn staff(&self) -> StaffId {
        self.0
    }
}

/// Checks a code of who has this login; what a login that nobody has gives is the same.
pub async fn confirm_as(
    identity: &Identity,
    login: &str,
    act: FreshAct,
    object: Uuid,
    typed: &Secret<String>,
) -> Result<(Option<StaffId>, Confirmation), Failure> {
    let mut tx = identity.kernel.db.read().await?;
    let found = staff::find_staff(&mut tx, login).await?;
    drop(tx);
    match found {
        Some((id, _)) => Ok((Some(id), confirm(identity, &Colleague(id), act, object, typed).await?)),
        None => Ok((None, Confirmation::Wrong)),
    }
}

/// Checks a time-based code typed in the form of `act` on `object`.
///
/// The used time step and the count of tries are kept at once, whatever happens to the act afterwards.
pub async fn confirm(
    identity: &Identity,
    who: &impl Confirms,
    act: FreshAct,
    object: Uuid,
    typed: &Secret<String>,
) -> Result<Confirmation, Failure> {
    let kernel = &identity.kernel;
    let staff = who.staff();
    let mut tx = kernel.db.write().await?;
    let taken = limits::take(&mut tx, TRIES, &staff.to_string(), &kernel.vault, kernel.now()).await?;
    if let Take::Refused { wait } = taken {
        tx.commit().await?;
        return Ok(Confirmation::TooMany { wait });
    }
    let right = match store::find_staff(&mut tx, staff).await? {
        Some(account) => {
            let step = staff::step(kernel, &account, typed)?;
            let right = match step {
                Some(step) => store::use_totp_step(&mut tx, staff, step).await?,
                None => false,
            };
            // A code that served already is no guess: a form posted twice does not spend the tries of who typed it. Nothing is kept.
            if !right && step.is_some() {
                return Ok(Confirmation::Wrong);
            }
            right
        }
        // Their access was closed a moment ago: the try counts all the same.
        None => false,
    };
    if right {
        limits::forget(&mut tx, TRIES, &staff.to_string(), &kernel.vault).await?;
    }
    tx.commit().await?;
    Ok(if right { Confirmation::Given(Fresh { staff, act, object }) } else { Confirmation::Wrong })
}
