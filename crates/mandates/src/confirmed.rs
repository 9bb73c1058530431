//! An act that binds asks whoever does it for a code of now, typed in that very form. A code that is not leaves an entry about the person.

use maincourante_identity::{Confirmation, FreshAct, confirm};
use maincourante_kernel::{Failure, Secret};
use uuid::Uuid;

use crate::entries::{self, About};
use crate::{Mandates, SignedInAidant};

/// The proof that the aidant is there for this act on this object, or why there is none.
pub(crate) async fn confirm_about(
    context: &Mandates,
    aidant: &SignedInAidant,
    (act, object): (FreshAct, Uuid),
    about: &About<'_>,
    code: &Secret<String>,
) -> Result<Confirmation, Failure> {
    let kernel = &context.identity.kernel;
    let confirmation = confirm(&context.identity, aidant.staff(), act, object, code).await?;
    if matches!(confirmation, Confirmation::Wrong) {
        let mut tx = kernel.db.write().await?;
        entries::confirmation_refused(&mut tx, kernel, aidant, Some(about)).await?;
        tx.commit().await?;
    }
    Ok(confirmation)
}
