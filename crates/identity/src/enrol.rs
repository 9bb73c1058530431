//! Someone who was invited becomes a staff member, or one whose codes were reset becomes so again: a password, an authenticator
//! proved by a first right code, a session, and a sheet of recovery codes to print.
//!
//! Who may enrol, and for whom they will work, is the caller's to know: it holds the invitation.

use maincourante_kernel::{Failure, Kernel, Secret, Tx};

use crate::sessions::{self, Opened};
use crate::staff::TOTP_COLUMN;
use crate::store::accounts::{self as store, NewStaffRow};
use crate::{StaffId, StaffKind, TotpSecret, staff_sheet};

/// What someone chose, and the code that proves it.
pub struct Enrolment<'a> {
    /// The hash of their password.
    pub phc: &'a str,
    /// The secret of their authenticator.
    pub totp: &'a TotpSecret,
    /// What their authenticator says now.
    pub code: &'a Secret<String>,
}

/// What enrolling gave.
pub enum Enrolled {
    /// They are enrolled, and signed in.
    Open(Opened),
    /// The code is not one of now.
    WrongCode,
    /// Someone signs in with this address already.
    Taken,
}

/// Enrols an aidant under this identity.
pub async fn enrol(
    tx: &mut Tx,
    kernel: &Kernel,
    id: StaffId,
    (login, name): (&str, &str),
    enrolment: &Enrolment<'_>,
) -> Result<Enrolled, Failure> {
    let now = kernel.now();
    let Some(step) = enrolment.totp.matching_step(enrolment.code.reveal(), now)? else { return Ok(Enrolled::WrongCode) };
    let totp = kernel.vault.seal(TOTP_COLUMN, id.uuid().as_bytes(), enrolment.totp.bytes(), &kernel.chance);
    let login = login.trim().to_lowercase();
    let kind = StaffKind::Aidant.as_str();
    let row = NewStaffRow { id, kind, login: &login, name: name.trim(), password: enrolment.phc, totp: &totp, created_at: now };
    if !store::insert_staff(tx, row).await? {
        return Ok(Enrolled::Taken);
    }
    open(tx, kernel, id, step).await
}

/// Sets up again the codes of someone whose access was reset; `Taken` when it was not, or was set up meanwhile.
pub async fn enrol_again(tx: &mut Tx, kernel: &Kernel, id: StaffId, enrolment: &Enrolment<'_>) -> Result<Enrolled, Failure> {
    let Some(step) = enrolment.totp.matching_step(enrolment.code.reveal(), kernel.now())? else { return Ok(Enrolled::WrongCode) };
    let totp = kernel.vault.seal(TOTP_COLUMN, id.uuid().as_bytes(), enrolment.totp.bytes(), &kernel.chance);
    if !store::set_up_again(tx, id, enrolment.phc, &totp).await? {
        return Ok(Enrolled::Taken);
    }
    open(tx, kernel, id, step).await
}

/// The code that was typed is used, a session is open, and its sheet can be printed.
async fn open(tx: &mut Tx, kernel: &Kernel, id: StaffId, step: i64) -> Result<Enrolled, Failure> {
    store::set_totp_step(tx, id, step).await?;
    let opened = sessions::open_for_staff(tx, kernel, id).await?;
    staff_sheet::make(tx, kernel, id, opened.session).await?;
    Ok(Enrolled::Open(opened))
}

/// Closes every way into an access until its codes are set up again: sessions, authenticator, recovery sheet, password.
/// False when there is no such staff member.
pub async fn reset_staff(tx: &mut Tx, kernel: &Kernel, id: StaffId) -> Result<bool, Failure> {
    let now = kernel.now();
    crate::store::sessions::end_all_of_staff(tx, id, now).await?;
    crate::store::staff_sheets::replace_sheets(tx, id, now).await?;
    store::reset_staff(tx, id, now).await
}
