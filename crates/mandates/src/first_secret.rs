//! The first secret: part of creating the account, demanded by the same power.

use maincourante_identity::{UsagerId, find_person};
use maincourante_kernel::Failure;

use crate::access_back::{self, Lending};
use crate::{Mandates, Power, SignedInAidant};

/// Lends the screen so that a person who never had a secret chooses the first one.
pub async fn lend(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Lending, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(Lending::Unknown) };
    drop(tx);
    // Once a secret was chosen, another power is needed to choose a new one.
    let power = if person.secret_chosen_at.is_none() { Power::CreateAccount } else { Power::GiveAccessBack };
    access_back::lend_under(context, aidant, usager, power).await
}
