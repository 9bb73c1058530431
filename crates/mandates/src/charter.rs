//! The charter of those who help: read and accepted before the first act, and again when it changes.
//!
//! Its words are a page of the console; the version here moves with them. [`acting`](crate::acting) gives nobody anything to act
//! with who has not accepted the version of today.

use maincourante_identity::{SignedInStaff, StaffId};
use maincourante_journal::{Event, Payload};
use maincourante_kernel::{Failure, Tx};

use crate::store::teams as store;
use crate::{Mandates, entries};

/// The version of the text: the month it was written.
pub const VERSION: &str = "2026-11";
/// The same, as the journal counts.
const NUMBER: i64 = 202_611;

/// What someone still has to do with the charter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Charter {
    /// Nothing: this version is accepted.
    Accepted,
    /// Read it for the first time.
    Never,
    /// Read it again: another version was accepted.
    Changed,
}

/// Where a staff member stands with the charter of today.
pub(crate) async fn standing(tx: &mut Tx, staff: StaffId) -> Result<Charter, Failure> {
    if store::charter_accepted(tx, staff, VERSION).await? {
        return Ok(Charter::Accepted);
    }
    Ok(if store::any_charter(tx, staff).await? { Charter::Changed } else { Charter::Never })
}

/// The same, for the page of the charter.
pub async fn look(context: &Mandates, staff: &SignedInStaff) -> Result<Charter, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    standing(&mut tx, staff.id()).await
}

/// Accepts the charter of today; a second time changes nothing. Told in the log of each structure they work for.
pub async fn accept(context: &Mandates, staff: &SignedInStaff) -> Result<(), Failure> {
    let mut tx = context.identity.kernel.db.write().await?;
    accepted(&mut tx, context, staff.id(), staff.name()).await?;
    tx.commit().await
}

pub(crate) async fn accepted(tx: &mut Tx, context: &Mandates, staff: StaffId, name: &str) -> Result<(), Failure> {
    let kernel = &context.identity.kernel;
    if store::accept_charter(tx, staff, VERSION, kernel.now()).await? {
        let payload = Payload::new().count("version", NUMBER);
        entries::by_staff(tx, kernel, Event::CharterAccepted, (staff, name), payload).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use maincourante_identity::{StaffAt, sessions};
    use maincourante_kernel::testing::kernels;

    use super::*;
    use crate::MemberRole;
    use crate::acting::{Acting, acting};
    use crate::testing::World;

    #[tokio::test]
    async fn who_accepted_another_version_has_nothing_to_act_with_before_this_one_is_accepted() {
        for test in kernels().await {
            let world = World::new(test).await;
            let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
            let at = async || match sessions::staff(world.kernel(), &nadia.cookie).await.unwrap() {
                StaffAt::Here(staff) => staff,
                StaffAt::Lent(_) | StaffAt::Nowhere => panic!("at her desk"),
            };
            let mut tx = world.kernel().db.write().await.unwrap();
            store::make_charter_older(&mut tx, at().await.id()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(look(&world.context, &at().await).await.unwrap(), Charter::Changed);
            assert!(matches!(acting(&world.context, at().await).await.unwrap(), Acting::CharterFirst(_)), "{}", world.engine);
            for _ in 0..2 {
                accept(&world.context, &at().await).await.unwrap();
            }
            assert!(matches!(acting(&world.context, at().await).await.unwrap(), Acting::For(_)));
            let told = world.journal().await.iter().filter(|record| record.event == Event::CharterAccepted).count();
            assert_eq!(told, 2, "once for each version, however often it is posted");
        }
    }
}
