//! A new secret replaces the old one, and everything that the old one had opened ends.

use maincourante_kernel::{Failure, Kernel, Timestamp, Tx, jobs, limits};
use serde::{Deserialize, Serialize};

use crate::store::{accounts as store, codes as requests, recovery_sheets as sheets, sessions as session_store};
use crate::{HandOver, Purpose, UsagerId, accounts, hand_over, phones, sessions, sign_in};

/// The job queued when a person's sessions end at once: open connections to their mailbox are to be cut.
pub const ACCESS_CHANGED: &str = "identity.access_changed";

/// What [`ACCESS_CHANGED`] carries.
#[derive(Serialize, Deserialize)]
pub struct AccessChanged {
    /// Whose.
    pub usager: UsagerId,
}

/// What choosing a secret on a lent screen gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SecretChoice {
    /// Chosen; this many sessions ended.
    Chosen {
        /// Sessions that were open.
        sessions_ended: u64,
    },
    /// The phone was not proved on this screen.
    PhoneNotProved,
    /// The screen's purpose is closed, or is another one.
    Closed,
}

/// The person chooses their secret on a lent screen. The hash is made before, with no transaction open.
pub async fn choose_secret(tx: &mut Tx, kernel: &Kernel, screen: &HandOver, phc: &str) -> Result<SecretChoice, Failure> {
    if screen.purpose() != Purpose::ChooseSecret {
        return Ok(SecretChoice::Closed);
    }
    if screen.phone_proved_at().is_none() && !has_nothing_to_prove(tx, kernel, UsagerId::from(screen.subject())).await? {
        return Ok(SecretChoice::PhoneNotProved);
    }
    if !hand_over::complete(tx, kernel, screen).await? {
        return Ok(SecretChoice::Closed);
    }
    let sessions_ended = replace(tx, kernel, UsagerId::from(screen.subject()), phc).await?;
    Ok(SecretChoice::Chosen { sessions_ended })
}

/// Who has neither phone nor secret yet has nothing to prove themselves with: they are there, before the one who lends.
pub async fn has_nothing_to_prove(tx: &mut Tx, kernel: &Kernel, usager: UsagerId) -> Result<bool, Failure> {
    let never_chose = accounts::find_person(tx, usager).await?.is_some_and(|person| person.secret_chosen_at.is_none());
    Ok(never_chose && phones::verified_phone(tx, kernel, usager).await?.is_none())
}

/// Whether the person ever signed in: their mailbox was opened, or could be.
pub async fn ever_signed_in(tx: &mut Tx, usager: UsagerId) -> Result<bool, Failure> {
    Ok(session_store::count_of(tx, usager).await? > 0)
}

/// Closes an account for good: its sessions, its secret, its phones, its recovery sheet, and every way begun to choose a secret. Its
/// address is given to nobody. False when it was closed before.
pub async fn close_account(tx: &mut Tx, kernel: &Kernel, usager: UsagerId) -> Result<bool, Failure> {
    let now = kernel.now();
    if !store::close_usager(tx, usager, now).await? {
        return Ok(false);
    }
    sheets::end_all_of(tx, usager, now).await?;
    store::revoke_phones(tx, usager, now).await?;
    end_all_ways_in(tx, kernel, usager, now).await?;
    Ok(true)
}

/// Replaces the secret, ends every session and asks for the open connections to be cut. No other way to choose one that was
/// begun before outlives it: a recovery proved and kept, a screen lent elsewhere. Tries at the old secret are forgotten.
pub(crate) async fn replace(tx: &mut Tx, kernel: &Kernel, usager: UsagerId, phc: &str) -> Result<u64, Failure> {
    let now = kernel.now();
    store::set_password(tx, usager, phc, now).await?;
    end_all_ways_in(tx, kernel, usager, now).await
}

async fn end_all_ways_in(tx: &mut Tx, kernel: &Kernel, usager: UsagerId, now: Timestamp) -> Result<u64, Failure> {
    let ended = sessions::end_all_of(tx, usager, now).await?;
    requests::end_resets_of(tx, usager, now).await?;
    hand_over::close_all(tx, usager, now).await?;
    forgive(tx, kernel, usager).await?;
    jobs::enqueue(tx, ACCESS_CHANGED, &AccessChanged { usager }, now, &kernel.chance).await?;
    Ok(ended)
}

/// Forgets the tries at a secret that was replaced, whichever of their names they were counted under.
async fn forgive(tx: &mut Tx, kernel: &Kernel, usager: UsagerId) -> Result<(), Failure> {
    let address = store::find_usager(tx, usager).await?.map(|row| sign_in::fold(&row.address));
    let phone = phones::verified_phone(tx, kernel, usager).await?.map(|phone| phone.number.e164().to_owned());
    for login in address.into_iter().chain(phone) {
        for limit in [sign_in::PER_LOGIN, sign_in::PER_LOGIN_AND_DAY] {
            limits::forget(tx, limit, &login, &kernel.vault).await?;
        }
    }
    Ok(())
}
