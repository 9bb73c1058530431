//! Mandates follow their structure: suspended with it, resumed with it, a line for each.
//!
//! Powers do not wait for this: nobody acts for a suspended structure from the next request on. It is done again at each turn
//! of the clock, so that what was cut off in the middle ends.

use maincourante_identity::find_person;
use maincourante_journal::Event;
use maincourante_kernel::Failure;

use crate::entries::{self, About};
use crate::store::{mandates, teams as store};
use crate::{Happening, MandateId, Mandates, State, transition};

/// The cause, in the base and in the journal.
pub(crate) const STRUCTURE_SUSPENDED: &str = "structure_suspended";

/// Suspends the mandates of suspended structures, resumes those of structures that are in activity again.
pub(crate) async fn follow(context: &Mandates) -> Result<(), Failure> {
    let db = &context.identity.kernel.db;
    loop {
        let mut tx = db.read().await?;
        let (hold, release) = (store::to_hold(&mut tx).await?, store::to_release(&mut tx).await?);
        drop(tx);
        let mut moved = false;
        for (id,) in hold {
            moved |= happen(context, id, Happening::Suspend).await?;
        }
        for (id,) in release {
            moved |= happen(context, id, Happening::Resume).await?;
        }
        if !moved {
            return Ok(());
        }
    }
}

async fn happen(context: &Mandates, id: MandateId, happening: Happening) -> Result<bool, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let Some(row) = mandates::find(&mut tx, id).await? else { return Ok(false) };
    let from: State = row.state.parse()?;
    let Ok(to) = transition(from, happening) else { return Ok(false) };
    if !mandates::move_to(&mut tx, id, from.as_str(), to.as_str(), kernel.now()).await? {
        return Ok(false);
    }
    let (event, cause) = if to == State::Suspended {
        store::keep_hold(&mut tx, id, STRUCTURE_SUSPENDED, kernel.now()).await?;
        (Event::MandateSuspended, Some(STRUCTURE_SUSPENDED))
    } else {
        store::end_hold(&mut tx, id).await?;
        (Event::MandateResumed, None)
    };
    let person = match row.usager {
        Some(usager) => find_person(&mut tx, usager).await?.map(|person| (usager, person.name())),
        None => None,
    };
    let about = person.as_ref().map(|(usager, name)| About { usager: *usager, name });
    entries::by_time(&mut tx, kernel, event, &row, about, cause).await?;
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use maincourante_identity::testing::own;
    use maincourante_kernel::testing::kernels;

    use super::*;
    use crate::testing::World;
    use crate::{MemberRole, mine, structures};

    const CCAS: &str = "26400012300010";

    #[tokio::test]
    async fn a_mandate_that_was_in_pause_for_itself_is_not_given_back_with_the_structure() {
        for test in kernels().await {
            let world = World::new(test).await;
            let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
            let usager = world.opens_account(&nadia, &World::josette()).await;
            let own = own(world.kernel(), usager).await;
            let id = mine::mandates(&world.context, &own).await.unwrap()[0].id;
            let mut tx = world.kernel().db.write().await.unwrap();
            assert!(mandates::move_to(&mut tx, id, "active", "suspended", world.kernel().now()).await.unwrap());
            tx.commit().await.unwrap();
            structures::suspend(&world.context, CCAS).await.unwrap();
            structures::resume(&world.context, CCAS).await.unwrap();
            let told = mine::mandates(&world.context, &own).await.unwrap().remove(0);
            assert!(told.closed.is_some() && !told.structure_in_pause, "{}", world.engine);
            let lines = world.journal().await;
            assert!(lines.iter().all(|line| !matches!(line.event, Event::MandateSuspended | Event::MandateResumed)));
        }
    }

    #[tokio::test]
    async fn a_person_stops_a_mandate_that_is_held_and_it_stays_stopped() {
        for test in kernels().await {
            let world = World::new(test).await;
            let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
            let usager = world.opens_account(&nadia, &World::josette()).await;
            let own = own(world.kernel(), usager).await;
            let id = mine::mandates(&world.context, &own).await.unwrap()[0].id;
            structures::suspend(&world.context, CCAS).await.unwrap();
            assert_eq!(mine::stop(&world.context, &own, id).await.unwrap(), mine::Stop::Stopped);
            structures::resume(&world.context, CCAS).await.unwrap();
            let told = mine::mandates(&world.context, &own).await.unwrap().remove(0);
            assert!(matches!(told.closed, Some(crate::Refusal::Stopped { .. })), "{}", world.engine);
        }
    }
}
