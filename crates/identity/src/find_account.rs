//! A person says, on a lent screen, that they have an account already, and proves that it is theirs: with a code that their phone
//! receives, or one of their recovery sheet.
//!
//! Whoever lent the screen learns nothing of it: the same words and the same statements whether the account exists or not. It is looked
//! for by a job, behind the answer, as [`reset`](crate::reset) does.

use maincourante_kernel::clock::{Span, days, minutes};
use maincourante_kernel::limits::{self, Limit, Take};
use maincourante_kernel::phone::PhoneKind;
use maincourante_kernel::{Failure, Kernel, Secret, Tx, jobs};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::codes::{self, CodeAsked, CodeCheck, CodeErrand, CodePurpose};
use crate::hand_over::{self, HandOver, Purpose};
use crate::store::searches::{self as store, SearchRow};
use crate::{Identity, UsagerId, entries, phones, recovery_sheet, sign_in};

const LIFE: Span = minutes(30);
const TRIES: i64 = 5;
/// On one screen: addresses typed, codes asked for again.
const PER_SCREEN: Limit = Limit { bucket: "find.screen", most: 8, per: LIFE };
/// For one account, whoever lends: nobody's phone rings all day.
const PER_LOGIN: Limit = Limit { bucket: "find.login", most: 6, per: LIFE };
/// For one who lends: a day of appointments, not a directory.
const PER_STAFF: Limit = Limit { bucket: "find.staff", most: 40, per: days(1) };
const COLUMN: &str = "account_search.login";

/// The job that looks for the account behind a search and sends the code.
pub const FIND: &str = "identity.account_find";

/// What [`FIND`] carries.
#[derive(Serialize, Deserialize)]
pub struct Find {
    /// The search.
    pub search: Uuid,
}

/// What asking gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ask {
    /// The same words whether the account exists or not.
    Asked,
    /// Nothing was typed.
    Empty,
    /// Too many were asked for.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
}

/// An address or a phone number, typed on the screen. The same one typed twice is one search.
pub async fn ask(tx: &mut Tx, kernel: &Kernel, screen: &HandOver, login: &str) -> Result<Ask, Failure> {
    let login = sign_in::fold(login);
    if login.is_empty() {
        return Ok(Ask::Empty);
    }
    store::hold_screen(tx, screen.id()).await?;
    let now = kernel.now();
    if let Some(row) = waiting(tx, kernel, screen).await?
        && open(kernel, &row)? == login
    {
        return Ok(Ask::Asked);
    }
    if let Some(wait) = refused(tx, kernel, screen, &login).await? {
        return Ok(Ask::TooMany { wait });
    }
    let id = kernel.chance.uuid(now);
    let sealed = kernel.vault.seal(COLUMN, id.as_bytes(), login.as_bytes(), &kernel.chance);
    store::end_all(tx, screen.id(), now).await?;
    store::insert(tx, id, screen.id(), &sealed, now, now.plus(LIFE)).await?;
    jobs::enqueue(tx, FIND, &Find { search: id }, now, &kernel.chance).await?;
    Ok(Ask::Asked)
}

/// "I did not receive the message": the same code once more. `Empty` when nothing was asked for.
pub async fn ask_again(tx: &mut Tx, kernel: &Kernel, screen: &HandOver) -> Result<Ask, Failure> {
    store::hold_screen(tx, screen.id()).await?;
    let Some(row) = waiting(tx, kernel, screen).await? else { return Ok(Ask::Empty) };
    if codes::is_on_its_way(tx, kernel, row.id).await? {
        return Ok(Ask::Asked);
    }
    if let Some(wait) = refused(tx, kernel, screen, &open(kernel, &row)?).await? {
        return Ok(Ask::TooMany { wait });
    }
    jobs::enqueue(tx, FIND, &Find { search: row.id }, kernel.now(), &kernel.chance).await?;
    Ok(Ask::Asked)
}

/// Whether a code is awaited on this screen.
pub async fn is_asked(tx: &mut Tx, kernel: &Kernel, screen: &HandOver) -> Result<bool, Failure> {
    Ok(waiting(tx, kernel, screen).await?.is_some())
}

/// The job: finds the account and sends the code to its phone, if there is one.
pub async fn find(identity: &Identity, search: Uuid) -> Result<(), Failure> {
    let kernel = &identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some((sealed, lender)) = store::find_waiting(&mut tx, search, kernel.now()).await? else { return Ok(()) };
    let login = String::from_utf8(kernel.vault.open(COLUMN, search.as_bytes(), &sealed)?.to_vec())?;
    let Some(account) = sign_in::find_account(&mut tx, identity, &login).await? else { return Ok(()) };
    store::set_usager(&mut tx, search, account.id).await?;
    if let Some(phone) = phones::verified_phone(&mut tx, kernel, account.id).await?
        && phone.number.kind() == PhoneKind::Mobile
    {
        let errand = CodeErrand::Find { aidant: &lender };
        codes::send(&mut tx, identity, asked(search), &phone.number, errand, Some(account.id.uuid())).await?;
    }
    tx.commit().await
}

/// What typing a code gave.
pub enum Found {
    /// It is theirs.
    Right {
        /// Whose the account is.
        usager: UsagerId,
        /// For the cookie: the screen goes on under a new token.
        token: Secret<String>,
    },
    /// Unknown account, or not the code: nobody is told which.
    Wrong {
        /// Tries left; at least one.
        left: i64,
    },
    /// Tried too often, or nothing was asked for: the address is to be typed again.
    Over,
}

/// Checks the code that the phone received. The count of tries must be committed even when the answer is no.
pub async fn by_phone(tx: &mut Tx, identity: &Identity, screen: &HandOver, typed: &Secret<String>) -> Result<Found, Failure> {
    let kernel = &identity.kernel;
    let Some((row, tries)) = count(tx, kernel, screen).await? else { return Ok(Found::Over) };
    match (codes::check(tx, identity, asked(row.id), typed).await?, row.usager) {
        (CodeCheck::Right, Some(usager)) => {
            let token = hand_over::proved_by_phone(tx, kernel, screen).await?;
            found(tx, kernel, screen, (row.id, usager), token).await
        }
        (_, usager) => wrong(tx, kernel, usager, tries).await,
    }
}

/// Checks a code of the recovery sheet, used up by this.
pub async fn by_sheet(tx: &mut Tx, identity: &Identity, screen: &HandOver, typed: &Secret<String>) -> Result<Found, Failure> {
    let kernel = &identity.kernel;
    let Some((row, tries)) = count(tx, kernel, screen).await? else { return Ok(Found::Over) };
    // Looked for here and not by the job, which may be late: there is nothing to receive.
    let usager = sign_in::find_account(tx, identity, &open(kernel, &row)?).await?.map(|account| account.id);
    let spent = recovery_sheet::spend(tx, kernel, usager, typed).await?;
    match usager.filter(|_| spent) {
        Some(usager) => {
            let token = hand_over::proved_by_sheet(tx, kernel, screen).await?;
            found(tx, kernel, screen, (row.id, usager), token).await
        }
        None => wrong(tx, kernel, usager, tries).await,
    }
}

fn asked(search: Uuid) -> CodeAsked<'static> {
    CodeAsked { purpose: CodePurpose::Find, subject: search, bound: &[] }
}

async fn waiting(tx: &mut Tx, kernel: &Kernel, screen: &HandOver) -> Result<Option<SearchRow>, Failure> {
    if screen.purpose() != Purpose::FindAccount || screen.completed_at().is_some() {
        return Ok(None);
    }
    store::find_living(tx, screen.id(), kernel.now()).await
}

fn open(kernel: &Kernel, row: &SearchRow) -> Result<String, Failure> {
    Ok(String::from_utf8(kernel.vault.open(COLUMN, row.id.as_bytes(), &row.login)?.to_vec())?)
}

async fn refused(tx: &mut Tx, kernel: &Kernel, screen: &HandOver, login: &str) -> Result<Option<Span>, Failure> {
    let (of_screen, of_staff) = (screen.id().to_string(), screen.staff().to_string());
    for (limit, who) in [(PER_SCREEN, of_screen.as_str()), (PER_LOGIN, login), (PER_STAFF, of_staff.as_str())] {
        if let Take::Refused { wait } = limits::take(tx, limit, who, &kernel.vault, kernel.now()).await? {
            return Ok(Some(wait));
        }
    }
    Ok(None)
}

/// The search of the screen, and how many codes were typed for it, this one included.
async fn count(tx: &mut Tx, kernel: &Kernel, screen: &HandOver) -> Result<Option<(SearchRow, i64)>, Failure> {
    let Some(row) = waiting(tx, kernel, screen).await? else { return Ok(None) };
    let tries = store::count_try(tx, row.id).await?;
    Ok((tries <= TRIES).then_some((row, tries)))
}

async fn found(
    tx: &mut Tx,
    kernel: &Kernel,
    screen: &HandOver,
    (search, usager): (Uuid, UsagerId),
    token: Secret<String>,
) -> Result<Found, Failure> {
    store::mark_proved(tx, search, usager, kernel.now()).await?;
    hand_over::complete(tx, kernel, screen).await?;
    Ok(Found::Right { usager, token })
}

/// The person reads in their own log that someone tried; of a login that nobody has, the service keeps it.
async fn wrong(tx: &mut Tx, kernel: &Kernel, tried: Option<UsagerId>, tries: i64) -> Result<Found, Failure> {
    entries::wrong_code_to_join(tx, kernel, tried).await?;
    Ok(if tries == TRIES { Found::Over } else { Found::Wrong { left: TRIES - tries } })
}
