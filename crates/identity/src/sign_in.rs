//! A person signs in with an address (or a phone number) and a password.
//!
//! The same words and the same work whether the account exists or not: one hash, one count, one journal entry.

use maincourante_kernel::address::MailAddress;
use maincourante_kernel::clock::{Span, days, minutes};
use maincourante_kernel::limits::{self, Limit, Take};
use maincourante_kernel::phone::PhoneNumber;
use maincourante_kernel::{Failure, Secret, Tx};

use crate::sessions::{self, Computer, Opened, Own, SignInMethod};
use crate::store::accounts::{self as store, UsagerRow};
use crate::{Identity, entries, phones};

pub(crate) const PER_LOGIN: Limit = Limit { bucket: "sign_in.login", most: 10, per: minutes(10) };
/// A patient guess: a hundred a day. A new password, chosen by who holds the phone, lifts it at once.
pub(crate) const PER_LOGIN_AND_DAY: Limit = Limit { bucket: "sign_in.login_day", most: 100, per: days(1) };
const PER_REQUESTER: Limit = Limit { bucket: "sign_in.requester", most: 60, per: minutes(10) };

/// What was typed.
pub struct Credentials {
    /// An address or a phone number.
    pub login: String,
    /// The password.
    pub password: Secret<String>,
    /// On whose computer.
    pub computer: Computer,
}

/// Where a request comes from, as far as limits care: an IP address. Personal data: it prints nothing.
#[derive(Clone)]
pub struct Requester(pub std::net::IpAddr);

impl std::fmt::Debug for Requester {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Requester(…)")
    }
}

/// What signing in gave.
pub enum SignIn {
    /// The session is open.
    Open(Opened),
    /// Unknown login or wrong password: nobody is told which.
    Refused,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
}

/// Signs a person in.
pub async fn sign_in(identity: &Identity, typed: Credentials, requester: &Requester) -> Result<SignIn, Failure> {
    let kernel = &identity.kernel;
    let login = fold(&typed.login);
    if let Some(wait) = too_many(identity, &login, requester).await? {
        return Ok(SignIn::TooMany { wait });
    }
    let mut tx = kernel.db.read().await?;
    let account = find_account(&mut tx, identity, &login).await?;
    drop(tx);
    let phc = account.as_ref().and_then(|account| account.password.as_deref());
    let right = identity.hasher.verify(&typed.password, phc).await?;

    let mut tx = kernel.db.write().await?;
    // Read again: a new secret chosen while this one was being hashed ends here.
    let now_kept = match &account {
        Some(account) => {
            store::find_usager(&mut tx, account.id).await?.filter(|row| row.disabled_at.is_none()).and_then(|row| row.password)
        }
        None => None,
    };
    let unchanged = account.as_ref().is_some_and(|account| account.password.is_some() && account.password == now_kept);
    let answer = if let Some(account) = account.as_ref().filter(|_| right && unchanged) {
        let opened = sessions::open_for_usager(&mut tx, kernel, account.id, SignInMethod::Password, typed.computer).await?;
        for limit in [PER_LOGIN, PER_LOGIN_AND_DAY] {
            limits::forget(&mut tx, limit, &login, &kernel.vault).await?;
        }
        entries::signed_in(&mut tx, kernel, account.id, SignInMethod::Password).await?;
        SignIn::Open(opened)
    } else {
        entries::sign_in_refused(&mut tx, kernel, account.map(|account| account.id)).await?;
        SignIn::Refused
    };
    tx.commit().await?;
    Ok(answer)
}

/// Signs a person out.
pub async fn sign_out(identity: &Identity, own: &Own) -> Result<(), Failure> {
    let kernel = &identity.kernel;
    let mut tx = kernel.db.write().await?;
    if sessions::end(&mut tx, own.session(), kernel.now()).await? {
        entries::signed_out(&mut tx, kernel, own.usager()).await?;
    }
    tx.commit().await
}

async fn too_many(identity: &Identity, login: &str, requester: &Requester) -> Result<Option<Span>, Failure> {
    let kernel = &identity.kernel;
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let by_login = limits::take(&mut tx, PER_LOGIN, login, &kernel.vault, now).await?;
    let by_day = limits::take(&mut tx, PER_LOGIN_AND_DAY, login, &kernel.vault, now).await?;
    let by_requester = limits::take(&mut tx, PER_REQUESTER, &requester.0.to_string(), &kernel.vault, now).await?;
    tx.commit().await?;
    Ok([by_day, by_login, by_requester].into_iter().find_map(|take| match take {
        Take::Refused { wait } => Some(wait),
        Take::Allowed { .. } => None,
    }))
}

/// One form for each login, however it was typed.
pub(crate) fn fold(login: &str) -> String {
    if let Ok(phone) = login.parse::<PhoneNumber>() {
        return phone.e164().to_owned();
    }
    login.trim().to_lowercase()
}

/// The account of a login: by address, or by a phone that only one account has.
pub(crate) async fn find_account(tx: &mut Tx, identity: &Identity, login: &str) -> Result<Option<UsagerRow>, Failure> {
    if let Ok(phone) = login.parse::<PhoneNumber>() {
        let index = identity.kernel.vault.index(phones::COLUMN, phone.e164());
        let mut accounts = store::find_by_phone(tx, &index).await?;
        return Ok(if accounts.len() == 1 { accounts.pop() } else { None });
    }
    match login.parse::<MailAddress>() {
        Ok(address) => store::find_by_address(tx, address.folded().as_str()).await,
        Err(_) => Ok(None),
    }
}
