//! The recovery sheet: ten codes on paper, each used once, for who has no phone or lost it.
//!
//! Codes are made on a lent screen, from the token of its cookie, which lies nowhere: the same press gives the same sheet,
//! and once the screen is taken back nobody can make it again. The base keeps their MAC under the key of the vault, bound
//! to the person: who copies the base finds no code in it, and who steals a code opens no other account.

use maincourante_kernel::clock::minutes;
use maincourante_kernel::limits::{self, Limit, Take};
use maincourante_kernel::{Chance, Failure, Kernel, Secret, Tx};
use uuid::Uuid;

use crate::codes::CodeAnswer;
use crate::hand_over::{self, HandOver, Purpose};
use crate::store::recovery_sheets as store;
use crate::{Identity, UsagerId};

/// How many codes a sheet has.
pub const CODES: usize = 10;
/// Forty-four bits, in [`Chance::CLEAR`].
const LENGTH: usize = 10;
const ON_SCREEN: Limit = Limit { bucket: "sheet.screen", most: 5, per: minutes(30) };

/// The codes of a sheet, in the order in which they are printed: `K7RF3 M9X2A`.
pub type Codes = [Secret<String>; CODES];

/// Makes the sheet of who has just chosen their secret on this screen, and ends the one they had. None when the screen is not
/// there for that. `once` is the mark of the form; `token`, what the cookie of the screen holds.
pub async fn make(tx: &mut Tx, kernel: &Kernel, screen: &HandOver, token: &Secret<String>, once: Uuid) -> Result<Option<Made>, Failure> {
    if screen.purpose() != Purpose::ChooseSecret || screen.completed_at().is_none() {
        return Ok(None);
    }
    let usager = UsagerId::from(screen.subject());
    let codes: Codes = std::array::from_fn(|at| code(kernel, screen, token, once, at));
    match store::find_sheet(tx, once).await? {
        Some((of, None)) if of == usager => return Ok(Some(Made { codes, is_new: false })),
        Some(_) => return Ok(None),
        None => {}
    }
    let now = kernel.now();
    store::end_all_of(tx, usager, now).await?;
    store::insert_sheet(tx, once, usager, now).await?;
    for (number, code) in (1..).zip(&codes) {
        store::insert_code(tx, once, number, &mac(kernel, usager.uuid(), code.reveal())).await?;
    }
    Ok(Some(Made { codes, is_new: true }))
}

/// A sheet, as it is printed once.
pub struct Made {
    /// Its codes.
    pub codes: Codes,
    /// Whether this press made it, or one before.
    pub is_new: bool,
}

/// Whether a person has a sheet with a code that was not used.
pub async fn has_one(tx: &mut Tx, usager: UsagerId) -> Result<bool, Failure> {
    Ok(store::codes_left(tx, usager).await? > 0)
}

/// Uses a code of a person; false when it is none of theirs, or was used. Nobody's codes are looked for in the same time.
pub(crate) async fn spend(tx: &mut Tx, kernel: &Kernel, usager: Option<UsagerId>, typed: &Secret<String>) -> Result<bool, Failure> {
    let whose = usager.map_or(Uuid::nil(), UsagerId::uuid);
    store::use_code(tx, &mac(kernel, whose, &fold(typed.reveal())), kernel.now()).await
}

/// On a lent screen: a code of the sheet proves the person as their phone would.
pub async fn prove(tx: &mut Tx, identity: &Identity, screen: &HandOver, typed: &Secret<String>) -> Result<CodeAnswer, Failure> {
    let kernel = &identity.kernel;
    let usager = UsagerId::from(screen.subject());
    let left = match limits::take(tx, ON_SCREEN, &usager.to_string(), &kernel.vault, kernel.now()).await? {
        Take::Allowed { left } => left,
        Take::Refused { .. } => return Ok(CodeAnswer::Over),
    };
    if screen.purpose() == Purpose::ChooseSecret && spend(tx, kernel, Some(usager), typed).await? {
        limits::forget(tx, ON_SCREEN, &usager.to_string(), &kernel.vault).await?;
        return Ok(CodeAnswer::Right { token: hand_over::proved_by_sheet(tx, kernel, screen).await? });
    }
    Ok(if left == 0 { CodeAnswer::Over } else { CodeAnswer::Wrong { left } })
}

fn code(kernel: &Kernel, screen: &HandOver, token: &Secret<String>, sheet: Uuid, at: usize) -> Secret<String> {
    let place = u8::try_from(at).unwrap_or(u8::MAX);
    let seed = [sheet.as_bytes(), screen.id().uuid().as_bytes(), [place].as_slice(), token.reveal().as_bytes()].concat();
    let tag = kernel.vault.column("recovery.sheet").mac(&seed);
    let mut number = tag[..16].iter().fold(0_u128, |number, &byte| number << 8 | u128::from(byte));
    let mut letters = String::with_capacity(LENGTH);
    for _ in 0..LENGTH {
        letters.push(char::from(Chance::CLEAR[usize::try_from(number % 22).unwrap_or(0)]));
        number /= 22;
    }
    Secret::new(letters)
}

/// As it was printed, whatever the spaces, hyphens and capitals.
fn fold(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).take(2 * LENGTH).collect()
}

fn mac(kernel: &Kernel, usager: Uuid, code: &str) -> [u8; 32] {
    kernel.vault.column("recovery.code").mac(&[usager.as_bytes(), code.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_was_printed_however_it_is_typed() {
        for typed in ["K7RF3 M9X2A", "k7rf3m9x2a", " k7rf3 - m9x2a\u{a0}", "K7RF3M9X2A"] {
            assert_eq!(fold(typed), "K7RF3M9X2A");
        }
        assert_eq!(fold("é…").as_str(), "");
        assert_eq!(fold(&"A".repeat(1000)).len(), 20);
    }
}
