//! A server whose clock goes back by two hours: no mandate lives beyond its end.

use maincourante_identity::testing::own;
use maincourante_kernel::clock::hours;

use super::{nadia, worlds};
use crate::access_back::Lending;
use crate::testing::World;
use crate::{MemberRole, Refusal, access_back, lifecycle, mine};

#[tokio::test]
async fn a_mandate_that_ended_does_not_live_again_when_the_clock_goes_back() {
    for world in worlds().await {
        let (kernel, nadia) = (world.kernel(), nadia(&world).await);
        let josette = world.opens_account(&nadia, &World::josette()).await;
        let own = own(kernel, josette).await;
        let ends_at = mine::mandates(&world.context, &own).await.unwrap()[0].ends_at;
        kernel.clock.advance(ends_at.since(kernel.now()));
        assert_eq!(lifecycle::run(&world.context).await.unwrap().expired, 1, "not a second later");
        kernel.clock.advance(hours(-2));
        let again = world.worker("Karim Benali", "karim@ccas-vaudorme.fr", MemberRole::Aidant).await;
        let aidant = world.at_work(&again).await;
        assert!(matches!(access_back::lend(&world.context, &aidant, josette).await.unwrap(), Lending::Refused(Refusal::Expired { .. })));
        assert_eq!(lifecycle::run(&world.context).await.unwrap(), lifecycle::Changed::default());
    }
}
