//! The first secret: part of creating the account, demanded by the same power.

use maincourante_identity::{Person, UsagerId, find_person};
use maincourante_kernel::{Failure, Tx};

use crate::access_back::{self, Lending};
use crate::store::mandates as store;
use crate::{MandateId, Mandates, Power, SignedInAidant};

/// Lends the screen so that a person who never had a secret chooses the first one.
pub async fn lend(context: &Mandates, aidant: &SignedInAidant, usager: UsagerId) -> Result<Lending, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some(person) = find_person(&mut tx, usager).await? else { return Ok(Lending::Unknown) };
    let Some(row) = store::find_current(&mut tx, usager, aidant.structure().id, kernel.now()).await? else { return Ok(Lending::Unknown) };
    let power = power(&mut tx, &person, row.id).await?;
    drop(tx);
    access_back::lend_under(context, aidant, usager, power).await
}

/// The power that the next choice of a secret demands: the first one belongs to the creation of the account. Under a mandate that came
/// after that creation, and once a secret was chosen, it is the power to give access back.
pub(crate) async fn power(tx: &mut Tx, person: &Person, mandate: MandateId) -> Result<Power, Failure> {
    if person.secret_chosen_at.is_some() {
        return Ok(Power::GiveAccessBack);
    }
    let opened_it = store::find_grant(tx, mandate, Power::CreateAccount.as_str()).await?.is_some();
    Ok(if opened_it { Power::CreateAccount } else { Power::GiveAccessBack })
}
