//! Codes by text message: six digits, ten minutes, five tries, used once.
//!
//! A code is bound to what it was asked for (a document's hash, a request) and is never stored:
//! it is computed from its identity under the vault's key, so that "send it again" sends the same one
//! (two codes on one phone confuse) and the base alone gives none away.

use maincourante_kernel::clock::{Span, days, minutes, seconds};
use maincourante_kernel::limits::{self, Limit, Take};
use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Kernel, Secret, Timestamp, Tx};
use maincourante_sms as sms;
use uuid::Uuid;

use crate::store::codes as store;
use crate::{HandOver, Identity, Purpose};

const LIFE: Span = minutes(10);
const TRIES: i64 = 5;
/// To one phone: what a person who loses patience may ask for, and no more.
const PER_PHONE: Limit = Limit { bucket: "code.phone", most: 4, per: minutes(15) };
const PER_PHONE_AND_DAY: Limit = Limit { bucket: "code.phone_day", most: 10, per: days(1) };

/// Of one request, or of one screen: pressing a button several times asks once.
const PRESSED: Limit = Limit { bucket: "code.pressed", most: 1, per: seconds(10) };

/// What a code proves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CodePurpose {
    /// That who asks for a new password holds the phone.
    Reset,
    /// That who stands at a lent screen holds the phone.
    HandOver,
    /// That who says on a lent screen that an account is theirs holds its phone.
    Find,
}

impl CodePurpose {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::HandOver => "hand_over",
            Self::Find => "find",
        }
    }
}

/// What asking for a code gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeSend {
    /// It is on its way.
    Sent,
    /// Too many were asked for: wait this long.
    TooMany {
        /// Until another may be asked for.
        wait: Span,
    },
}

/// What a code is asked for: of whom, for what request or screen, and bound to what.
#[derive(Clone, Copy)]
pub(crate) struct CodeAsked<'a> {
    pub purpose: CodePurpose,
    /// The request, or the screen.
    pub subject: Uuid,
    /// What was shown to the person: a code received for one document signs no other.
    pub bound: &'a [u8],
}

/// What the message says that the code is for, so that nobody gives it away under another pretext.
#[derive(Clone, Copy)]
pub(crate) enum CodeErrand<'a> {
    /// A new password, alone.
    Recover,
    /// A password, on the screen that this aidant lent.
    ChooseSecret { aidant: &'a str },
    /// Signing a mandate with this structure.
    Sign { structure: &'a str },
    /// Saying, on the screen that this aidant lent, that an account is theirs.
    Find { aidant: &'a str },
}

/// What typing a code gave, where a right one goes on under a new token.
pub enum CodeAnswer {
    /// It is the one: the token replaces the one of the cookie, which is worth nothing any more.
    Right {
        /// For the cookie.
        token: Secret<String>,
    },
    /// It is not; this many tries are left.
    Wrong {
        /// At least one.
        left: i64,
    },
    /// It is too old, was used, or was tried too often: ask for another.
    Over,
}

/// What typing a code gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CodeCheck {
    /// It is the one.
    Right,
    /// It is not; this many tries are left.
    Wrong {
        /// At least one.
        left: i64,
    },
    /// It is too old, was used, or was tried too often: ask for another.
    Over,
}

/// Whether a message for this request or this screen was asked for a moment ago: it is on its way, another one would only confuse.
pub(crate) async fn is_on_its_way(tx: &mut Tx, kernel: &Kernel, subject: Uuid) -> Result<bool, Failure> {
    Ok(matches!(limits::take(tx, PRESSED, &subject.to_string(), &kernel.vault, kernel.now()).await?, Take::Refused { .. }))
}

/// Whether a code that was sent still serves.
pub(crate) async fn lives(tx: &mut Tx, identity: &Identity, asked: CodeAsked<'_>) -> Result<bool, Failure> {
    Ok(living(tx, asked, identity.kernel.now()).await?.is_some())
}

async fn living(tx: &mut Tx, CodeAsked { purpose, subject, .. }: CodeAsked<'_>, now: Timestamp) -> Result<Option<store::CodeRow>, Failure> {
    Ok(store::find_code(tx, purpose.as_str(), subject).await?.filter(|code| code.ends_at > now && code.tries < TRIES))
}

/// Sends a code to the person's phone, bound to this screen and to what it shows. The message says what the code is for,
/// and with which structure.
pub async fn send_code(
    tx: &mut Tx,
    identity: &Identity,
    screen: &HandOver,
    to: &PhoneNumber,
    structure: &str,
) -> Result<CodeSend, Failure> {
    let (about, errand) = match screen.purpose() {
        Purpose::Sign => (None, CodeErrand::Sign { structure }),
        Purpose::ChooseSecret => (Some(screen.subject()), CodeErrand::ChooseSecret { aidant: screen.staff_name() }),
        Purpose::FindAccount => return Err(Failure::new("a code to find an account is sent by its search")),
    };
    // A code that was tried too often serves no more: another one leaves at once.
    if is_on_its_way(tx, &identity.kernel, screen.id().uuid()).await? && lives(tx, identity, screen.asked()).await? {
        return Ok(CodeSend::Sent);
    }
    send(tx, identity, screen.asked(), to, errand, about).await
}

/// Sends a code, or the same one again while it lives; the person it is `about`, when there is one already, reads in their
/// log that it left.
pub(crate) async fn send(
    tx: &mut Tx,
    identity: &Identity,
    asked: CodeAsked<'_>,
    to: &PhoneNumber,
    errand: CodeErrand<'_>,
    about: Option<Uuid>,
) -> Result<CodeSend, Failure> {
    let CodeAsked { purpose, subject, bound } = asked;
    let kernel = &identity.kernel;
    let now = kernel.now();
    for limit in [PER_PHONE, PER_PHONE_AND_DAY] {
        if let Take::Refused { wait } = limits::take(tx, limit, to.e164(), &kernel.vault, now).await? {
            return Ok(CodeSend::TooMany { wait });
        }
    }
    let id = if let Some(code) = living(tx, asked, now).await? {
        store::count_send(tx, code.id).await?;
        code.id
    } else {
        let id = kernel.chance.uuid(now);
        store::insert_code(tx, id, purpose.as_str(), subject, now, now.plus(LIFE)).await?;
        id
    };
    let digits = digits(identity, id, bound);
    let (service, code) = (identity.service.name.as_str(), digits.as_str());
    let text = match errand {
        CodeErrand::Recover => sms::Text::CodeToRecover { service, code },
        CodeErrand::ChooseSecret { aidant } => sms::Text::CodeToChoose { service, code, aidant },
        CodeErrand::Sign { structure } => sms::Text::CodeToSign { service, code, structure },
        CodeErrand::Find { aidant } => sms::Text::CodeToJoin { service, code, aidant },
    };
    sms::queue(tx, kernel, to, &text, about).await?;
    Ok(CodeSend::Sent)
}

/// Checks a code. The count of tries must be committed even when the answer is no.
pub(crate) async fn check(tx: &mut Tx, identity: &Identity, asked: CodeAsked<'_>, typed: &Secret<String>) -> Result<CodeCheck, Failure> {
    let CodeAsked { purpose, subject, bound } = asked;
    let now = identity.kernel.now();
    let Some(code) = store::find_code(tx, purpose.as_str(), subject).await?.filter(|code| code.ends_at > now) else {
        return Ok(CodeCheck::Over);
    };
    let tries = store::count_try(tx, code.id).await?;
    if tries > TRIES {
        return Ok(CodeCheck::Over);
    }
    let typed: String = typed.reveal().chars().filter(char::is_ascii_digit).collect();
    if typed == digits(identity, code.id, bound) {
        return Ok(if store::use_code(tx, code.id, now).await? { CodeCheck::Right } else { CodeCheck::Over });
    }
    Ok(if tries == TRIES { CodeCheck::Over } else { CodeCheck::Wrong { left: TRIES - tries } })
}

fn digits(identity: &Identity, id: Uuid, bound: &[u8]) -> String {
    let tag = identity.kernel.vault.column("code").mac(&[id.as_bytes(), bound].concat());
    let number = tag[..8].iter().fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
    format!("{:06}", number % 1_000_000)
}
