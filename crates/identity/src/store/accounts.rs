//! Usagers, the addresses ever given, phones, staff.

use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::{StaffId, UsagerId};

#[derive(sqlx::FromRow)]
pub(crate) struct UsagerRow {
    pub id: UsagerId,
    pub address: String,
    pub given_names: String,
    pub family_name: String,
    pub password: Option<String>,
    pub password_changed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
}

pub(crate) struct NewUsagerRow<'a> {
    pub id: UsagerId,
    pub address: &'a str,
    pub given_names: &'a str,
    pub family_name: &'a str,
    pub birth_date: Option<String>,
    pub created_at: Timestamp,
}

pub(crate) async fn insert_usager(tx: &mut Tx, new: NewUsagerRow<'_>) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into usager (id, address, given_names, family_name, birth_date, created_at) values ($1, $2, $3, $4, $5, $6)",
        new.id,
        new.address,
        new.given_names,
        new.family_name,
        new.birth_date,
        new.created_at
    )?;
    Ok(())
}

/// An account that is not closed.
pub(crate) async fn find_usager(tx: &mut Tx, id: UsagerId) -> Result<Option<UsagerRow>, Failure> {
    fetch_optional!(
        tx,
        UsagerRow,
        "
        select id, address, given_names, family_name, password, password_changed_at, created_at, disabled_at
        from usager where id = $1 and closed_at is null",
        id
    )
}

pub(crate) async fn find_birth_date(tx: &mut Tx, id: UsagerId) -> Result<Option<String>, Failure> {
    let found = fetch_optional!(tx, (Option<String>,), "select birth_date from usager where id = $1 and closed_at is null", id)?;
    Ok(found.and_then(|(written,)| written))
}

/// An account in use, by its address in lower case.
pub(crate) async fn find_by_address(tx: &mut Tx, address: &str) -> Result<Option<UsagerRow>, Failure> {
    fetch_optional!(
        tx,
        UsagerRow,
        "
        select id, address, given_names, family_name, password, password_changed_at, created_at, disabled_at
        from usager where address = $1 and disabled_at is null and closed_at is null",
        address
    )
}

/// The accounts in use that have this verified phone: a couple may share one.
pub(crate) async fn find_by_phone(tx: &mut Tx, number_index: &[u8]) -> Result<Vec<UsagerRow>, Failure> {
    fetch_all!(
        tx,
        UsagerRow,
        "
        select u.id, u.address, u.given_names, u.family_name, u.password, u.password_changed_at, u.created_at, u.disabled_at
        from usager u join phone p on p.usager = u.id
        where p.number_index = $1 and p.revoked_at is null and u.disabled_at is null and u.closed_at is null
        order by u.created_at limit 3",
        number_index
    )
}

/// These accounts, a JSON array, those that are closed left out.
pub(crate) async fn find_usagers(tx: &mut Tx, ids: &str) -> Result<Vec<UsagerRow>, Failure> {
    fetch_all!(
        tx,
        UsagerRow,
        [
            "select u.id, u.address, u.given_names, u.family_name, u.password, u.password_changed_at, u.created_at, u.disabled_at
         from json_each($1) wanted join usager u on u.id = unhex(replace(wanted.value, '-', '')) where u.closed_at is null",
            "select u.id, u.address, u.given_names, u.family_name, u.password, u.password_changed_at, u.created_at, u.disabled_at
         from jsonb_array_elements_text($1::jsonb) wanted (value) join usager u on u.id = wanted.value::uuid where u.closed_at is null"
        ],
        ids
    )
}

/// The living accounts whose verified phone has the number of this one's, with the blind index of that number.
pub(crate) async fn find_sharing(tx: &mut Tx, usager: UsagerId) -> Result<Vec<(UsagerId, Vec<u8>)>, Failure> {
    fetch_all!(
        tx,
        (UsagerId, Vec<u8>),
        "
        select distinct o.usager, o.number_index from phone p join phone o on o.number_index = p.number_index
        join usager u on u.id = o.usager
        where p.usager = $1 and p.revoked_at is null and o.revoked_at is null and u.disabled_at is null and u.closed_at is null
        order by o.usager",
        usager
    )
}

pub(crate) async fn set_password(tx: &mut Tx, id: UsagerId, phc: &str, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update usager set password = $2, password_changed_at = $3 where id = $1", id, phc, now)?;
    Ok(())
}

/// Closes an account: what signs in and what it was opened with go, its name stays beside the papers of the mandate. False when it was closed.
pub(crate) async fn close_usager(tx: &mut Tx, id: UsagerId, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update usager set closed_at = $2, password = null, birth_date = null where id = $1 and closed_at is null", id, now)?
        == 1)
}

pub(crate) async fn revoke_phones(tx: &mut Tx, usager: UsagerId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update phone set revoked_at = $2 where usager = $1 and revoked_at is null", usager, now)?;
    Ok(())
}

/// Takes an address for ever; false when it was taken before.
pub(crate) async fn take_address(tx: &mut Tx, address: &str, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "insert into taken_address (address, taken_at) values ($1, $2) on conflict (address) do nothing", address, now)? == 1)
}

pub(crate) async fn is_taken(tx: &mut Tx, address: &str) -> Result<bool, Failure> {
    let (count,) = fetch_one!(tx, (i64,), "select count(*) from taken_address where address = $1", address)?;
    Ok(count > 0)
}

/// Whether a staff member signs in by this name, or by a mail address that begins with it.
pub(crate) async fn is_of_staff(tx: &mut Tx, local: &str) -> Result<bool, Failure> {
    let like = local.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_") + "@%";
    let (count,) = fetch_one!(tx, (i64,), r"select count(*) from staff where login = $1 or login like $2 escape '\'", local, like)?;
    Ok(count > 0)
}

#[derive(sqlx::FromRow)]
pub(crate) struct PhoneRow {
    pub id: Uuid,
    pub number: Vec<u8>,
    pub verified_at: Timestamp,
}

pub(crate) async fn insert_phone(
    tx: &mut Tx,
    id: Uuid,
    usager: UsagerId,
    number: &[u8],
    number_index: &[u8],
    now: Timestamp,
) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into phone (id, usager, number, number_index, verified_at) values ($1, $2, $3, $4, $5)",
        id,
        usager,
        number,
        number_index,
        now
    )?;
    Ok(())
}

pub(crate) async fn find_phone(tx: &mut Tx, usager: UsagerId) -> Result<Option<PhoneRow>, Failure> {
    fetch_optional!(
        tx,
        PhoneRow,
        "select id, number, verified_at from phone where usager = $1 and revoked_at is null order by verified_at desc limit 1",
        usager
    )
}

#[derive(sqlx::FromRow)]
pub(crate) struct StaffRow {
    pub id: StaffId,
    pub kind: String,
    pub name: String,
    pub password: String,
    pub totp: Vec<u8>,
}

pub(crate) struct NewStaffRow<'a> {
    pub id: StaffId,
    pub kind: &'static str,
    pub login: &'a str,
    pub name: &'a str,
    pub password: &'a str,
    pub totp: &'a [u8],
    pub created_at: Timestamp,
}

/// False when the login is taken.
pub(crate) async fn insert_staff(tx: &mut Tx, new: NewStaffRow<'_>) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        insert into staff (id, kind, login, name, password, totp, created_at) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (login) do nothing",
        new.id,
        new.kind,
        new.login,
        new.name,
        new.password,
        new.totp,
        new.created_at
    )? == 1)
}

pub(crate) async fn find_staff_by_login(tx: &mut Tx, login: &str) -> Result<Option<StaffRow>, Failure> {
    fetch_optional!(
        tx,
        StaffRow,
        "
        select id, kind, name, password, totp from staff where login = $1 and disabled_at is null and reset_at is null",
        login
    )
}

pub(crate) async fn find_staff(tx: &mut Tx, id: StaffId) -> Result<Option<StaffRow>, Failure> {
    fetch_optional!(
        tx,
        StaffRow,
        "
        select id, kind, name, password, totp from staff where id = $1 and disabled_at is null and reset_at is null",
        id
    )
}

pub(crate) async fn staff_name(tx: &mut Tx, id: StaffId) -> Result<Option<String>, Failure> {
    Ok(fetch_optional!(tx, (String,), "select name from staff where id = $1", id)?.map(|(name,)| name))
}

pub(crate) async fn staff_login(tx: &mut Tx, id: StaffId) -> Result<Option<String>, Failure> {
    Ok(fetch_optional!(tx, (String,), "select login from staff where id = $1", id)?.map(|(login,)| login))
}

/// Since when an access is closed, and since when its codes are to be set up again.
pub(crate) async fn staff_ends(tx: &mut Tx, id: StaffId) -> Result<Option<(Option<Timestamp>, Option<Timestamp>)>, Failure> {
    fetch_optional!(tx, (Option<Timestamp>, Option<Timestamp>), "select disabled_at, reset_at from staff where id = $1", id)
}

/// From now on this access opens by nothing that opened it before; false when there is no such staff member.
pub(crate) async fn reset_staff(tx: &mut Tx, id: StaffId, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update staff set reset_at = $2 where id = $1", id, now)? == 1)
}

/// A new password and a new authenticator; false when the codes were not to be set up again.
pub(crate) async fn set_up_again(tx: &mut Tx, id: StaffId, phc: &str, totp: &[u8]) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "update staff set password = $2, totp = $3, reset_at = null where id = $1 and reset_at is not null and disabled_at is null",
        id,
        phc,
        totp
    )? == 1)
}

pub(crate) async fn find_login(tx: &mut Tx, login: &str) -> Result<Option<(StaffId, String)>, Failure> {
    fetch_optional!(tx, (StaffId, String), "select id, kind from staff where login = $1", login)
}

/// False when it was closed already.
pub(crate) async fn close_staff(tx: &mut Tx, id: StaffId, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update staff set disabled_at = $2 where id = $1 and disabled_at is null", id, now)? == 1)
}

/// False when it was not closed.
pub(crate) async fn reopen_staff(tx: &mut Tx, id: StaffId) -> Result<bool, Failure> {
    Ok(execute!(tx, "update staff set disabled_at = null where id = $1 and disabled_at is not null", id)? == 1)
}

/// The first code of a new authenticator: steps of the one before do not count.
pub(crate) async fn set_totp_step(tx: &mut Tx, id: StaffId, step: i64) -> Result<(), Failure> {
    execute!(tx, "update staff set totp_step = $2 where id = $1", id, step)?;
    Ok(())
}

/// Keeps the last accepted time step; false when this one, or a later one, was already used.
pub(crate) async fn use_totp_step(tx: &mut Tx, id: StaffId, step: i64) -> Result<bool, Failure> {
    Ok(execute!(tx, "update staff set totp_step = $2 where id = $1 and (totp_step is null or totp_step < $2)", id, step)? == 1)
}
