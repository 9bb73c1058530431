//! The account of a person: it belongs to them and survives every mandate.

use maincourante_kernel::address::MailAddress;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::{Failure, Kernel, Timestamp, Tx};

use crate::store::accounts::{self as store, NewUsagerRow, UsagerRow};
use crate::{UsagerId, addresses};

/// An account to open.
pub struct NewUsager {
    /// Who they will be: chosen before, so that what led to the account already names them.
    pub id: UsagerId,
    /// Its address.
    pub address: MailAddress,
    /// Given names, as the person writes them.
    pub given_names: String,
    /// Family name, as the person writes it.
    pub family_name: String,
    /// Birth date.
    pub birth_date: Date,
}

/// A person, as those who help them may know them: nothing here opens anything.
#[derive(Clone)]
pub struct Person {
    /// Who.
    pub id: UsagerId,
    /// Their address.
    pub address: String,
    /// Given names.
    pub given_names: String,
    /// Family name.
    pub family_name: String,
    /// When the secret was last chosen; none when it never was.
    pub secret_chosen_at: Option<Timestamp>,
    /// When the account was opened.
    pub created_at: Timestamp,
    /// When it was disabled, if it is.
    pub disabled_at: Option<Timestamp>,
}

impl Person {
    /// `Josette Lambert`.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_names, self.family_name)
    }
}

/// Opens an account; false when its address was ever given to someone.
pub async fn create_usager(tx: &mut Tx, kernel: &Kernel, new: &NewUsager) -> Result<bool, Failure> {
    let now = kernel.now();
    let address = new.address.folded();
    if !addresses::take_address(tx, &address, now).await? {
        return Ok(false);
    }
    let row = NewUsagerRow {
        id: new.id,
        address: address.as_str(),
        given_names: &new.given_names,
        family_name: &new.family_name,
        birth_date: Some(new.birth_date.iso()),
        created_at: now,
    };
    store::insert_usager(tx, row).await?;
    Ok(true)
}

/// A person whose account is not closed.
pub async fn find_person(tx: &mut Tx, id: UsagerId) -> Result<Option<Person>, Failure> {
    Ok(store::find_usager(tx, id).await?.map(Person::from))
}

/// The birth date of a person whose account is not closed: for a paper that they sign, and nothing else.
pub async fn birth_date(tx: &mut Tx, id: UsagerId) -> Result<Option<Date>, Failure> {
    Ok(store::find_birth_date(tx, id).await?.and_then(|written| Date::parse(&written)))
}

/// Several persons at once, in no order; those whose account is closed are left out.
pub async fn find_people(tx: &mut Tx, ids: &[UsagerId]) -> Result<Vec<Person>, Failure> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    Ok(store::find_usagers(tx, &serde_json::to_string(&ids)?).await?.into_iter().map(Person::from).collect())
}

impl From<UsagerRow> for Person {
    fn from(row: UsagerRow) -> Self {
        Self {
            id: row.id,
            address: row.address,
            given_names: row.given_names,
            family_name: row.family_name,
            secret_chosen_at: row.password_changed_at,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        }
    }
}
