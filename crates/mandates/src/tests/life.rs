//! What ends, or pauses, what a person granted: one power, or the mandate.

use maincourante_identity::testing::own;
use maincourante_journal::Event;
use maincourante_kernel::testing::kernels;

use crate::access_back::{Lending, lend};
use crate::mine::{self, Revocation};
use crate::secret_screen::{Look, look};
use crate::testing::World;
use crate::{MandateId, MemberRole, Power, Refusal};

#[tokio::test]
async fn a_power_taken_back_gives_nothing_from_the_next_request_on_and_closes_the_screen_lent_under_it() {
    for test in kernels().await {
        let world = World::new(test).await;
        let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let josette = own(world.kernel(), usager).await;
        let aidant = world.at_work(&nadia).await;
        let Lending::Lent(lent) = lend(&world.context, &aidant, usager).await.unwrap() else { panic!("lent") };
        let screen = world.screen(&lent).await;
        let mandate = mine::mandates(&world.context, &josette).await.unwrap().remove(0);
        assert_eq!(mandate.of_use, [Power::GiveAccessBack], "the first secret is chosen");

        let take_back = async || mine::revoke(&world.context, &josette, mandate.id, Power::GiveAccessBack).await.unwrap();
        assert_eq!(take_back().await, Revocation::Revoked, "{}", world.engine);
        assert!(matches!(look(&world.context, &screen).await.unwrap(), Look::Closed));
        assert_eq!(take_back().await, Revocation::AlreadyOver, "a second post takes nothing back");

        world.takes_back(&nadia).await;
        let aidant = world.at_work(&nadia).await;
        let refused = lend(&world.context, &aidant, usager).await.unwrap();
        assert!(matches!(refused, Lending::Refused(Refusal::Revoked { .. })), "{}", world.engine);
        let told = mine::mandates(&world.context, &josette).await.unwrap().remove(0);
        assert!(told.closed.is_none() && told.of_use.is_empty(), "the mandate lives, and says that nothing is left");
        assert_eq!(told.revoked.iter().map(|(power, _)| *power).collect::<Vec<_>>(), [Power::GiveAccessBack]);
        assert_eq!(told.powers, [Power::CreateAccount]);

        let lines = world.journal().await;
        let count = |event| lines.iter().filter(|line| line.event == event).count();
        assert_eq!((count(Event::MandatePowerRevoked), count(Event::AccessHandoverCancelled)), (1, 1), "{}", world.engine);
        assert_eq!(lines[0].ended, maincourante_journal::Ended::Refused("power_revoked".into()));
    }
}

#[tokio::test]
async fn nobody_takes_back_a_power_of_someone_else_nor_one_that_was_never_given() {
    for test in kernels().await {
        let world = World::new(test).await;
        let nadia = world.worker("Nadia Roussel", "nadia@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let usager = world.opens_account(&nadia, &World::josette()).await;
        let josette = own(world.kernel(), usager).await;
        let id = mine::mandates(&world.context, &josette).await.unwrap()[0].id;
        let fields = crate::PersonFields { given_names: "René".into(), phone: "06 39 98 56 78".into(), ..World::josette() };
        let mandate = world.presents(&nadia, &fields, &["create_account"]).await;
        world.signs(&nadia, mandate, crate::signature::Gesture::Drawn(crate::testing::DRAWING.into())).await;
        let rene = own(world.kernel(), world.countersigns(&nadia, mandate).await).await;
        let tries = [(&rene, id), (&rene, mandate), (&josette, MandateId::from(usager.uuid()))];
        for (who, of) in tries {
            let given = mine::revoke(&world.context, who, of, Power::GiveAccessBack).await.unwrap();
            assert_eq!(given, Revocation::Unknown, "{}", world.engine);
        }

        assert!(world.journal().await.iter().all(|line| line.event != Event::MandatePowerRevoked));
    }
}
