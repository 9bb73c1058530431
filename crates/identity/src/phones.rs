//! The phone that gives access back: sealed in the base, found by a blind index, only its last digits ever shown.

use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};

use crate::UsagerId;
use crate::store::accounts as store;

/// The column of phone numbers in the vault.
pub(crate) const COLUMN: &str = "phone.number";

/// A phone that the person proved to hold.
pub struct VerifiedPhone {
    /// Its number.
    pub number: PhoneNumber,
    /// When it was proved.
    pub verified_at: Timestamp,
}

/// Records a phone that the person has just proved to hold.
pub async fn add_phone(tx: &mut Tx, kernel: &Kernel, usager: UsagerId, number: &PhoneNumber) -> Result<(), Failure> {
    let now = kernel.now();
    let id = kernel.chance.uuid(now);
    let sealed = kernel.vault.seal(COLUMN, id.as_bytes(), number.e164().as_bytes(), &kernel.chance);
    let index = kernel.vault.index(COLUMN, number.e164());
    store::insert_phone(tx, id, usager, &sealed, &index, now).await
}

/// The phone of a person, if they proved one.
pub async fn verified_phone(tx: &mut Tx, kernel: &Kernel, usager: UsagerId) -> Result<Option<VerifiedPhone>, Failure> {
    let Some(row) = store::find_phone(tx, usager).await? else { return Ok(None) };
    let plain = kernel.vault.open(COLUMN, row.id.as_bytes(), &row.number)?;
    let number = std::str::from_utf8(&plain)?.parse().map_err(|_| Failure::new("a stored phone number does not parse"))?;
    Ok(Some(VerifiedPhone { number, verified_at: row.verified_at }))
}

/// The living accounts that receive their codes on one number.
pub struct Sharing {
    /// What says that it is the same number, without saying which.
    pub mark: Vec<u8>,
    /// Which accounts.
    pub accounts: Vec<UsagerId>,
}

/// Who shares the phone of this person, themselves included; none when they have no phone.
pub async fn sharing_phone(tx: &mut Tx, usager: UsagerId) -> Result<Option<Sharing>, Failure> {
    let rows = store::find_sharing(tx, usager).await?;
    let Some((_, mark)) = rows.first().cloned() else { return Ok(None) };
    Ok(Some(Sharing { accounts: rows.into_iter().filter(|(_, other)| *other == mark).map(|(account, _)| account).collect(), mark }))
}
