//! The lent screen: an aidant hands the device to the person, for one purpose.
//!
//! The aidant's session is locked in the base from that moment: from the same browser, another tab or a replayed
//! request, it reaches only the page that takes the screen back, with a fresh code. The person's side has a token of
//! its own, in a cookie, for half an hour and one purpose. It gives a [`HandOver`], which can sign, choose a
//! secret and prove a phone; it is never an [`Own`](crate::Own): no mailbox opens with it.

use maincourante_kernel::clock::{Span, minutes};
use maincourante_kernel::{Failure, Kernel, Secret, Timestamp, Tx};
use uuid::Uuid;

use crate::codes::{self, CodeAnswer, CodeAsked, CodeCheck, CodePurpose};
use crate::fresh::{Fresh, FreshAct};
use crate::sessions::{self, LentSession, SignedInStaff};
use crate::store::sessions::{self as store, NewHandOver};
use crate::{HandOverId, Identity, StaffId, UsagerId};

const LIFE: Span = minutes(30);

/// What a screen is lent for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// To read and sign a mandate; the subject is the mandate.
    Sign,
    /// To choose a secret; the subject is the person.
    ChooseSecret,
    /// To say which account is theirs already; the subject is the mandate in preparation, of nobody yet.
    FindAccount,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::ChooseSecret => "choose_secret",
            Self::FindAccount => "find_account",
        }
    }

    fn parse(text: &str) -> Result<Self, Failure> {
        match text {
            "sign" => Ok(Self::Sign),
            "choose_secret" => Ok(Self::ChooseSecret),
            "find_account" => Ok(Self::FindAccount),
            _ => Err(Failure::new("a hand-over of an unknown purpose")),
        }
    }
}

/// The person's side of a lent screen, in this request.
///
/// ```compile_fail
/// fn keep(screen: &maincourante_identity::HandOver) -> maincourante_identity::HandOver { screen.clone() }
/// ```
/// ```compile_fail
/// // It leads to no mailbox: it is not an `Own`, and none is made of it.
/// fn open(screen: maincourante_identity::HandOver) -> maincourante_identity::Own { screen.into() }
/// ```
pub struct HandOver {
    id: HandOverId,
    staff: StaffId,
    staff_name: String,
    purpose: Purpose,
    subject: Uuid,
    shown: Vec<u8>,
    phone_proved_at: Option<Timestamp>,
    by_sheet: bool,
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

    /// The mandate to sign or to find the person of, or the person who chooses.
    pub fn subject(&self) -> Uuid {
        self.subject
    }

    /// What the person was shown when the screen was lent, to which their code is bound: the hash of the document they
    /// read, or who they are. The caller closes the screen when it is not that any more.
    pub fn shown(&self) -> &[u8] {
        &self.shown
    }

    /// When the person proved, on this screen, that they hold the phone, or the recovery sheet.
    pub fn phone_proved_at(&self) -> Option<Timestamp> {
        self.phone_proved_at
    }

    /// Whether it was with a code of their recovery sheet.
    pub fn by_sheet(&self) -> bool {
        self.by_sheet
    }

    /// When its purpose was fulfilled or declined: nothing more can be done then but giving the device back.
    pub fn completed_at(&self) -> Option<Timestamp> {
        self.completed_at
    }

    pub(crate) fn asked(&self) -> CodeAsked<'_> {
        CodeAsked { purpose: CodePurpose::HandOver, subject: self.id.uuid(), bound: &self.shown }
    }
}

/// What a screen is to be lent for.
#[derive(Clone, Copy)]
pub struct Loan<'a> {
    /// What for.
    pub purpose: Purpose,
    /// The mandate to sign, or the person who chooses.
    pub subject: Uuid,
    /// What the person is shown: see [`HandOver::shown`].
    pub shown: &'a [u8],
}

/// A screen just lent: the token goes into a cookie of its own.
pub struct Lent {
    /// Its identity.
    pub id: HandOverId,
    /// The token of the cookie.
    pub token: Secret<String>,
    /// The screens that were lent for the same and are closed from now on.
    pub closed: Vec<HandOverId>,
}

/// Lends the screen and locks the lender's session; none when it is already lent.
///
/// A screen lent before for the same is closed: of two that live at once, each would take a code meant for the other.
pub async fn lend(tx: &mut Tx, kernel: &Kernel, who: &SignedInStaff, loan: Loan<'_>) -> Result<Option<Lent>, Failure> {
    let now = kernel.now();
    let id = HandOverId::new(&kernel.chance, now);
    if !store::lend(tx, who.session(), id).await? {
        return Ok(None);
    }
    let closed = store::close_hand_overs(tx, loan.purpose.as_str(), loan.subject, now).await?;
    let lent = Lent { id, token: Secret::new(kernel.chance.token()), closed };
    let new = NewHandOver {
        id: lent.id,
        token_hash: &sessions::hash(&lent.token),
        session: who.session(),
        staff: who.id(),
        purpose: loan.purpose.as_str(),
        subject: loan.subject,
        shown: loan.shown,
        lent_at: now,
        ends_at: now.plus(LIFE),
    };
    store::insert_hand_over(tx, new).await?;
    Ok(Some(lent))
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
        shown: row.shown,
        phone_proved_at: row.phone_proved_at,
        by_sheet: row.proved_by.as_deref() == Some("sheet"),
        completed_at: row.completed_at,
    }))
}

/// Checks the code that the person typed; when it is right, the phone is proved for this screen, which goes on under a
/// new token: a cookie copied before the person typed the code is worth nothing after.
pub async fn prove_phone(tx: &mut Tx, identity: &Identity, screen: &HandOver, typed: &Secret<String>) -> Result<CodeAnswer, Failure> {
    Ok(match codes::check(tx, identity, screen.asked(), typed).await? {
        CodeCheck::Right => CodeAnswer::Right { token: proved_by_phone(tx, &identity.kernel, screen).await? },
        CodeCheck::Wrong { left } => CodeAnswer::Wrong { left },
        CodeCheck::Over => CodeAnswer::Over,
    })
}

/// The person typed the code that their phone received: the screen goes on under a new token.
pub(crate) async fn proved_by_phone(tx: &mut Tx, kernel: &Kernel, screen: &HandOver) -> Result<Secret<String>, Failure> {
    let token = Secret::new(kernel.chance.token());
    store::mark_phone_proved(tx, screen.id, &sessions::hash(&token), kernel.now()).await?;
    Ok(token)
}

/// The person used a code of their sheet on this screen: it goes on under a new token.
pub(crate) async fn proved_by_sheet(tx: &mut Tx, kernel: &Kernel, screen: &HandOver) -> Result<Secret<String>, Failure> {
    let token = Secret::new(kernel.chance.token());
    store::mark_proved_by_sheet(tx, screen.id, &sessions::hash(&token), kernel.now()).await?;
    Ok(token)
}

/// What is kept of the code by which a phone was proved on a screen: not the code, which is kept nowhere.
pub struct ProvedCode {
    /// Its identity, from which it was computed under the key of the vault.
    pub id: Uuid,
    /// When it first left.
    pub sent_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// How many times one was typed, the right one included.
    pub tries: i64,
}

/// The code that was accepted on this screen; none when none was.
pub async fn proved_code(tx: &mut Tx, screen: &HandOver) -> Result<Option<ProvedCode>, Failure> {
    let asked = screen.asked();
    let used = crate::store::codes::find_used(tx, asked.purpose.as_str(), asked.subject).await?;
    Ok(used.map(|code| ProvedCode { id: code.id, sent_at: code.sent_at, accepted_at: code.used_at, tries: code.tries }))
}

/// Closes the screens on which a person was to choose a secret: they have just chosen one.
pub(crate) async fn close_all(tx: &mut Tx, usager: UsagerId, now: Timestamp) -> Result<(), Failure> {
    store::close_hand_overs(tx, Purpose::ChooseSecret.as_str(), usager.uuid(), now).await?;
    Ok(())
}

/// Closes a screen because what it was lent under is over; false when it did not wait any more.
pub async fn close_screen(tx: &mut Tx, kernel: &Kernel, screen: HandOverId) -> Result<bool, Failure> {
    store::close_hand_over(tx, screen, kernel.now()).await
}

/// Closes the purpose of a screen; false when it was closed already or taken back.
pub async fn complete(tx: &mut Tx, kernel: &Kernel, screen: &HandOver) -> Result<bool, Failure> {
    store::complete_hand_over(tx, screen.id, kernel.now()).await
}

/// What a screen is lent for, and about which mandate or person: for the page that takes it back.
pub async fn lent_for(tx: &mut Tx, lent: &LentSession) -> Result<(Purpose, Uuid), Failure> {
    let row = store::find_hand_over_by_id(tx, lent.hand_over()).await?;
    Ok((Purpose::parse(&row.purpose)?, row.subject))
}

/// What a screen that was taken back had been lent for.
pub struct TakenBack {
    /// What for.
    pub purpose: Purpose,
    /// The mandate, or the person.
    pub subject: Uuid,
    /// Whether its purpose was fulfilled.
    pub completed: bool,
    /// Whether it was closed before: another screen was lent for the same, or a secret was chosen elsewhere.
    pub closed: bool,
}

/// Takes the screen back: the person's token is worth nothing from then on.
pub async fn take_back(tx: &mut Tx, kernel: &Kernel, lent: &LentSession, fresh: Fresh) -> Result<TakenBack, Failure> {
    fresh.spend(FreshAct::TakeScreenBack, lent.hand_over().uuid())?;
    store::take_back(tx, lent.session(), lent.hand_over(), kernel.now()).await?;
    // The code was typed just now: the time that the person took does not count as absence.
    store::touch(tx, lent.session(), kernel.now()).await?;
    let row = store::find_hand_over_by_id(tx, lent.hand_over()).await?;
    Ok(TakenBack {
        purpose: Purpose::parse(&row.purpose)?,
        subject: row.subject,
        completed: row.completed_at.is_some(),
        closed: row.closed_at.is_some(),
    })
}
