//! The lent screen: an aidant hands the device to the person, for one purpose.
//!
//! The aidant's session is locked in the base from that moment: from the same browser, another tab or a replayed
//! request, it reaches only the page that takes the screen back, with a fresh code. The person's side has a token of
//! its own, in a cookie, for half an hour and one purpose. It gives a [`HandOver`], which can sign, choose a
//! secret and prove a phone; it is never an [`Own`](crate::Own): no mailbox opens with it.

use maincourante_kernel::clock::{Span, minutes};
use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Kernel, Secret, Timestamp, Tx};
use uuid::Uuid;

use crate::codes::{self, CodeCheck, CodePurpose, CodeSend};
use crate::fresh::{Fresh, FreshAct};
use crate::sessions::{self, LentSession, SignedInStaff};
use crate::store::sessions::{self as store, NewHandOver};
use crate::{HandOverId, Identity, StaffId};

const LIFE: Span = minutes(30);

/// What a screen is lent for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// To read and sign a mandate; the subject is the mandate.
    Sign,
    /// To choose a secret; the subject is the person.
    ChooseSecret,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::ChooseSecret => "choose_secret",
        }
    }

    fn parse(text: &str) -> Result<Self, Failure> {
        match text {
            "sign" => Ok(Self::Sign),
            "choose_secret" => Ok(Self::ChooseSecret),
            _ => Err(Failure::new("a hand-over of an unknown purpose")),
        }
    }
}

/// The person's side of a lent screen, in this request.
///
/// ```compile_fail
/// fn keep(screen: &maincourante_identity::HandOver) -> maincourante_identity::HandOver { screen.clone() }
/// ```
pub struct HandOver {
    id: HandOverId,
    staff: StaffId,
    staff_name: String,
    purpose: Purpose,
    subject: Uuid,
    phone_proved_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
}

impl HandOver {
    /// Its identity.
    pub fn id(&self) -> HandOverId {
        self.id
    }

    /// Who lent the screen.
    pub fn staff(&self) -> StaffId {
        self.staff
    }

    /// `Nadia Roussel`.
    pub fn staff_name(&self) -> &str {
        &self.staff_name
    }

    /// What for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The mandate to sign, or the person who chooses.
    pub fn subject(&self) -> Uuid {
        self.subject
    }

    /// When the person proved, on this screen, that they hold the phone.
    pub fn phone_proved_at(&self) -> Option<Timestamp> {
        self.phone_proved_at
    }

    /// When its purpose was fulfilled or declined: nothing more can be done then but giving the device back.
    pub fn completed_at(&self) -> Option<Timestamp> {
        self.completed_at
    }
}

/// A screen just lent: the token goes into a cookie of its own.
pub struct Lent {
    /// Its identity.
    pub id: HandOverId,
    /// The token of the cookie.
    pub token: Secret<String>,
}

/// Lends the screen and locks the lender's session; none when it is already lent.
pub async fn lend(tx: &mut Tx, kernel: &Kernel, who: &SignedInStaff, purpose: Purpose, subject: Uuid) -> Result<Option<Lent>, Failure> {
    let now = kernel.now();
    let lent = Lent { id: HandOverId::new(&kernel.chance, now), token: Secret::new(kernel.chance.token()) };
    let new = NewHandOver {
        id: lent.id,
        token_hash: &sessions::hash(&lent.token),
        session: who.session(),
        staff: who.id(),
        purpose: purpose.as_str(),
        subject,
        lent_at: now,
        ends_at: now.plus(LIFE),
    };
    store::insert_hand_over(tx, new).await?;
    Ok(store::lend(tx, who.session(), lent.id).await?.then_some(lent))
}

/// The lent screen behind this cookie, while it is lent.
pub async fn resume_hand_over(kernel: &Kernel, token: &Secret<String>) -> Result<Option<HandOver>, Failure> {
    let mut tx = kernel.db.read().await?;
    let Some(row) = store::find_hand_over(&mut tx, &sessions::hash(token), kernel.now()).await? else { return Ok(None) };
    Ok(Some(HandOver {
        id: row.id,
        staff: row.staff,
        staff_name: row.staff_name,
        purpose: Purpose::parse(&row.purpose)?,
        subject: row.subject,
        phone_proved_at: row.phone_proved_at,
        completed_at: row.completed_at,
    }))
}

/// Sends a code to the person's phone, bound to what the screen is lent for and to `bound` (the hash of what was shown).
pub async fn send_code(tx: &mut Tx, identity: &Identity, screen: &HandOver, to: &PhoneNumber, bound: &[u8]) -> Result<CodeSend, Failure> {
    codes::send(tx, identity, CodePurpose::HandOver, screen.id.uuid(), bound, to).await
}

/// Checks the code that the person typed; when it is right, the phone is proved for this screen.
pub async fn prove_phone(
    tx: &mut Tx,
    identity: &Identity,
    screen: &HandOver,
    bound: &[u8],
    typed: &Secret<String>,
) -> Result<CodeCheck, Failure> {
    let check = codes::check(tx, identity, CodePurpose::HandOver, screen.id.uuid(), bound, typed).await?;
    if check == CodeCheck::Right {
        store::mark_phone_proved(tx, screen.id, identity.kernel.now()).await?;
    }
    Ok(check)
}

/// Closes the purpose of a screen; false when it was closed already or taken back.
pub async fn complete(tx: &mut Tx, kernel: &Kernel, screen: &HandOver) -> Result<bool, Failure> {
    store::complete_hand_over(tx, screen.id, kernel.now()).await
}

/// What a screen is lent for, and about which mandate or person: for the page that takes it back.
pub async fn lent_for(tx: &mut Tx, lent: &LentSession) -> Result<(Purpose, Uuid), Failure> {
    let (purpose, subject, _) = store::find_hand_over_by_id(tx, lent.hand_over()).await?;
    Ok((Purpose::parse(&purpose)?, subject))
}

/// What a screen that was taken back had been lent for.
pub struct TakenBack {
    /// What for.
    pub purpose: Purpose,
    /// The mandate, or the person.
    pub subject: Uuid,
    /// Whether its purpose was fulfilled.
    pub completed: bool,
}

/// Takes the screen back: the person's token is worth nothing from then on.
pub async fn take_back(tx: &mut Tx, kernel: &Kernel, lent: &LentSession, fresh: Fresh) -> Result<TakenBack, Failure> {
    fresh.spend(FreshAct::TakeScreenBack, lent.hand_over().uuid())?;
    store::take_back(tx, lent.session(), lent.hand_over(), kernel.now()).await?;
    // The code was typed just now: the time that the person took does not count as absence.
    store::touch(tx, lent.session(), kernel.now()).await?;
    let (purpose, subject, completed_at) = store::find_hand_over_by_id(tx, lent.hand_over()).await?;
    Ok(TakenBack { purpose: Purpose::parse(&purpose)?, subject, completed: completed_at.is_some() })
}
