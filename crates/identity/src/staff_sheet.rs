//! The recovery sheet of a staff member: ten codes to print, each of which opens one session in place of the authenticator.
//!
//! A code is computed from its sheet under the vault's key and only its keyed hash is kept: the base alone gives none away.
//! It never gives a [`Fresh`](crate::Fresh), so that nothing binding is done with paper. A new sheet replaces the old one.

use maincourante_kernel::clock::{Span, minutes};
use maincourante_kernel::{Failure, Kernel, Secret, Timestamp, Tx};
use uuid::Uuid;

use crate::fresh::{Fresh, FreshAct};
use crate::sessions::SignedInStaff;
use crate::store::staff_sheets as store;
use crate::{SessionId, StaffId};

/// Codes of one sheet.
const CODES: u32 = 10;
/// Digits of one code: 33 bits, behind a password and ten tries in ten minutes.
const DIGITS: usize = 10;
/// How long the sheet is shown, in the session that made it: the time to print it.
const SHOWN: Span = minutes(15);

/// What is left of a sheet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SheetLeft {
    /// When it was made.
    pub made_at: Timestamp,
    /// Codes that were not used.
    pub codes: i64,
}

/// Makes the first sheet of someone who enrols, in the session that their enrolment opened.
pub(crate) async fn make(tx: &mut Tx, kernel: &Kernel, staff: StaffId, session: SessionId) -> Result<(), Failure> {
    let now = kernel.now();
    let sheet = kernel.chance.uuid(now);
    store::replace_sheets(tx, staff, now).await?;
    store::insert_sheet(tx, sheet, staff, session, now).await?;
    for number in 0..CODES {
        store::insert_code(tx, sheet, &hash(kernel, sheet, &digits(kernel, sheet, number))).await?;
    }
    Ok(())
}

/// Makes a new sheet, with a fresh time-based code: the old one is worth nothing any more.
pub async fn renew(tx: &mut Tx, kernel: &Kernel, who: &SignedInStaff, fresh: Fresh) -> Result<(), Failure> {
    let staff = fresh.spend(FreshAct::PrintRecoverySheet, who.id().uuid())?;
    make(tx, kernel, staff, who.session()).await
}

/// What is left of the sheet of a staff member, if they have one.
pub async fn left(kernel: &Kernel, who: &SignedInStaff) -> Result<Option<SheetLeft>, Failure> {
    let mut tx = kernel.db.read().await?;
    let Some(sheet) = store::find_sheet(&mut tx, who.id()).await? else { return Ok(None) };
    Ok(Some(SheetLeft { made_at: sheet.made_at, codes: store::left(&mut tx, sheet.id).await? }))
}

/// The codes of the sheet, `12345 67890`, for a quarter of an hour and in the session that made it; then nobody sees them any more.
pub async fn to_print(kernel: &Kernel, who: &SignedInStaff) -> Result<Option<Vec<Secret<String>>>, Failure> {
    let mut tx = kernel.db.read().await?;
    let sheet = store::find_sheet(&mut tx, who.id()).await?;
    let shown = sheet.filter(|sheet| sheet.session == who.session() && sheet.made_at.plus(SHOWN) > kernel.now());
    Ok(shown.map(|sheet| {
        let spaced = |digits: String| Secret::new(format!("{} {}", &digits[..DIGITS / 2], &digits[DIGITS / 2..]));
        (0..CODES).map(|number| spaced(digits(kernel, sheet.id, number))).collect()
    }))
}

/// Uses a code of the sheet of a staff member; false when it is none of theirs, or was used.
pub(crate) async fn use_code(tx: &mut Tx, kernel: &Kernel, staff: StaffId, typed: &Secret<String>) -> Result<bool, Failure> {
    let typed: String = typed.reveal().chars().filter(char::is_ascii_digit).collect();
    let Some(sheet) = store::find_sheet(tx, staff).await?.filter(|_| typed.len() == DIGITS) else { return Ok(false) };
    store::use_code(tx, sheet.id, &hash(kernel, sheet.id, &typed), kernel.now()).await
}

fn digits(kernel: &Kernel, sheet: Uuid, number: u32) -> String {
    let tag = kernel.vault.column("recovery_code").mac(&[sheet.as_bytes().as_slice(), &number.to_be_bytes()].concat());
    let drawn = tag[..8].iter().fold(0_u64, |drawn, &byte| drawn << 8 | u64::from(byte));
    format!("{:010}", drawn % 10_000_000_000)
}

fn hash(kernel: &Kernel, sheet: Uuid, digits: &str) -> Vec<u8> {
    kernel.vault.index("recovery_code", &format!("{sheet}|{digits}"))
}
